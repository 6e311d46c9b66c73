"""Suggested changes: made by anybody, decided on by those who edit, and a version if accepted.

Nobody's suggestion changes a material. Whoever accepts one makes a version of it, which takes the
same way to sellers as every other version.
"""

from collections.abc import Mapping
from datetime import date

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Conflict, Invalid
from contentlib.feedback import texts, words
from contentlib.feedback.holding import hold
from contentlib.feedback.joining import Joined, join
from contentlib.feedback.models import Suggestion, SuggestionState
from contentlib.feedback.once import add_once
from contentlib.feedback.telling import keepers_of, tell_all
from contentlib.library.models import AssetVersion
from contentlib.library.release import service as releasing

LONGEST_NOTE = 2000
SAY_WHAT = N_("Say what should change.")
NOTHING_CHANGED = N_("Change the words first; they are still as they were.")
SAY_WHY = N_("Say why: whoever suggested it reads it.")
DECIDED = N_("This suggestion has been decided already.")
CHANGED_SINCE = N_("Somebody made version %(number)s meanwhile. Look at the suggestion again.")
DECIDE_FIRST = N_("Both changed the same lines. Put them together, and say that you have.")
NO_NEWER = N_("Add the new version first; then say that it has the change.")


def suggest(
    version: AssetVersion,
    *,
    by: User,
    today: date,
    key: str = "",
    given: Mapping[str, str] | None = None,
    note: str = "",
    page: int | None = None,
    quote: str = "",
) -> Suggestion:
    """Suggest other words for a version, or say in a note what should be otherwise."""
    row = Suggestion(
        asset_id=version.asset_id,
        version_id=version.id,
        by_id=by.id,
        key=key,
        words=_new_words(version, given),
        note=texts.optional(note, field="note", most=LONGEST_NOTE),
        page=texts.page_of(page),
        quote=texts.quoted(quote),
        state=SuggestionState.OPEN,
        answer="",
    )
    if row.words is None and not row.note:
        raise Invalid(SAY_WHAT, field="note")
    suggestion, is_new = add_once(row)
    if is_new:
        news = {"suggestion.new": keepers_of(version.asset)}
        tell_all(suggestion, news, by=by, today=today, who=by.name)
    return suggestion


def _new_words(version: AssetVersion, given: Mapping[str, str] | None) -> dict[str, str] | None:
    before = words.words_of(version) if given is not None else None
    if before is None or given is None:
        return None
    wanted = words.cleaned(version, given)
    if all(words.are_same(wanted[part], text) for part, text in before.items()):
        raise Invalid(NOTHING_CHANGED, field="note")
    return wanted


def joined(suggestion: Suggestion, latest: AssetVersion) -> Joined | None:
    """Return what the latest version becomes by a suggestion, or nothing where words are not it.

    The latest version may be another one than the suggestion was made from.
    """
    present = words.words_of(latest)
    if suggestion.words is None or present is None or latest.kind != suggestion.version.kind:
        return None
    base = words.words_of(suggestion.version)
    if base is None or latest is suggestion.version:
        return Joined({part: suggestion.words.get(part, text) for part, text in present.items()})
    return join(base, present, suggestion.words)


def accept(
    suggestion: Suggestion,
    *,
    by: User,
    onto: int,
    given: Mapping[str, str],
    both: bool,
    change_note: str,
    today: date,
) -> AssetVersion:
    """Make a version of a suggestion, in the words that the editor saw and perhaps mended.

    `onto` is the number of the version that the editor had before them, `both` says that they have
    put together by hand what both changed, and `change_note` credits who suggested it.
    """
    latest = _hold(suggestion, by)
    if latest.number != onto:
        raise Conflict(CHANGED_SINCE, number=latest.number)
    ready = joined(suggestion, latest)
    if ready is None:
        raise Conflict(words.NO_WORDS)
    if ready.conflicts and not both:
        raise Invalid(DECIDE_FIRST, field="both")
    wanted = words.cleaned(latest, given)
    version = words.make_version(latest, wanted, by=by, change_note=change_note)
    _decide(suggestion, SuggestionState.ACCEPTED, by, "", version)
    _tell(suggestion, by, today)
    return version


def accept_note(suggestion: Suggestion, *, by: User, today: date) -> AssetVersion:
    """Say that the latest version, made since, has what a note suggested."""
    latest = _hold(suggestion, by)
    if latest.number <= suggestion.version.number:
        raise Conflict(NO_NEWER)
    _decide(suggestion, SuggestionState.ACCEPTED, by, "", latest)
    _tell(suggestion, by, today)
    return latest


def reject(suggestion: Suggestion, *, by: User, reason: str, today: date) -> None:
    """Leave the material as it is, and say why."""
    why = texts.required(reason, SAY_WHY, field="reason", most=LONGEST_NOTE)
    _hold(suggestion, by)
    _decide(suggestion, SuggestionState.REJECTED, by, why)
    _tell(suggestion, by, today)


def withdraw(suggestion: Suggestion, *, by: User) -> None:
    """Take one's own suggestion back, as long as nobody has decided on it."""
    if suggestion.by_id != by.id:
        raise Absent
    _still_open(suggestion)
    suggestion.state, suggestion.decided_at = SuggestionState.WITHDRAWN, now()
    db.session.flush()


def put_back(suggestion: Suggestion, *, by: User) -> None:
    """Undo taking it back."""
    if suggestion.by_id != by.id or suggestion.state is not SuggestionState.WITHDRAWN:
        raise Absent
    suggestion.state, suggestion.decided_at = SuggestionState.OPEN, None
    db.session.flush()


def _hold(suggestion: Suggestion, by: User) -> AssetVersion:
    """Let nobody else decide or add a version meanwhile; return the latest one."""
    if not may(by, "feedback.decide"):
        raise Absent
    releasing.hold(suggestion.asset)
    _still_open(suggestion)
    db.session.expire(suggestion.asset, ["versions"])
    return suggestion.asset.versions[-1]


def _still_open(suggestion: Suggestion) -> None:
    hold(suggestion, "state")
    if not suggestion.is_open:
        raise Conflict(DECIDED)


def _decide(
    suggestion: Suggestion,
    state: SuggestionState,
    by: User,
    answer: str,
    version: AssetVersion | None = None,
) -> None:
    suggestion.state, suggestion.answer = state, answer
    suggestion.decided_by_id, suggestion.decided_at = by.id, now()
    suggestion.taken_up = version
    db.session.flush()
    action = Action(f"suggestion.{state}")
    told = {"suggestion": suggestion.id, "from": suggestion.by_id, "answer": answer}
    audit.record(action, subject=suggestion.asset, by=by, **told)


def _tell(suggestion: Suggestion, by: User, today: date) -> None:
    news = {"suggestion.decided": [suggestion.by_id]}
    decision = suggestion.state.value
    tell_all(suggestion, news, by=by, today=today, act="decided", decision=decision)
