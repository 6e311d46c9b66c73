"""Saying that a material is outdated, and the sentence by which that comes to its end."""

from datetime import date

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Conflict
from contentlib.feedback import texts
from contentlib.feedback.holding import hold
from contentlib.feedback.models import Flag, FlagOutcome
from contentlib.feedback.once import add_once
from contentlib.feedback.reach import decides
from contentlib.feedback.telling import keepers_of, tell_all
from contentlib.library.models import AssetVersion
from contentlib.library.versions import clean_url

LONGEST_TEXT = 2000
SAY_WHAT = N_("Say what is no longer true.")
SAY_WHY = N_("Say in a sentence what became of it: whoever flagged it reads it.")
ENDED = N_("This flag has been resolved already.")


def raise_flag(
    version: AssetVersion,
    *,
    reason: str,
    by: User,
    today: date,
    key: str = "",
    proof_url: str = "",
    page: int | None = None,
    quote: str = "",
) -> Flag:
    """Say that a material is outdated; everybody sees it, and its owner has to answer."""
    row = Flag(
        asset_id=version.asset_id,
        version_id=version.id,
        by_id=by.id,
        key=key,
        reason=texts.required(reason, SAY_WHAT, field="reason", most=LONGEST_TEXT),
        proof_url=clean_url(proof_url) if proof_url.strip() else "",
        page=texts.page_of(page),
        quote=texts.quoted(quote),
        answer="",
    )
    flag, is_new = add_once(row)
    if is_new:
        news = {"flag.raised": keepers_of(version.asset)}
        tell_all(flag, news, by=by, today=today, who=by.name, reason=flag.reason)
    return flag


def fixed(flag: Flag, version: AssetVersion, *, by: User, answer: str, today: date) -> None:
    """Say that a version, newer than the one that was flagged, has it right."""
    _refuse_stranger(flag, by)
    if version.asset_id != flag.asset_id or version.number <= flag.version.number:
        raise Conflict(N_("Name a version that is newer than the one that was flagged."))
    _end(flag, FlagOutcome.FIXED, by, texts.optional(answer, field="answer", most=LONGEST_TEXT))
    flag.fixed_by_id = version.id
    _tell(flag, by, today)


def still_true(flag: Flag, *, by: User, answer: str, today: date) -> None:
    """Say that it is not outdated, and why."""
    _refuse_stranger(flag, by)
    words = texts.required(answer, SAY_WHY, field="answer", most=LONGEST_TEXT)
    _end(flag, FlagOutcome.STILL_TRUE, by, words)
    _tell(flag, by, today)


def withdraw(flag: Flag, *, by: User) -> None:
    """Take one's own flag back."""
    if flag.by_id != by.id:
        raise Absent
    _end(flag, FlagOutcome.WITHDRAWN, by, "")


def _end(flag: Flag, outcome: FlagOutcome, by: User, answer: str) -> None:
    """Bring a flag to its end; of two who answer at once the second sees the first."""
    hold(flag, "resolved_at")
    if flag.resolved_at is not None:
        raise Conflict(ENDED)
    flag.outcome, flag.answer = outcome, answer
    flag.resolved_at, flag.resolved_by_id = now(), by.id
    db.session.flush()
    if outcome is not FlagOutcome.WITHDRAWN:
        told = {"flag": flag.id, "outcome": outcome, "answer": answer}
        audit.record(Action.FLAG_RESOLVED, subject=flag.asset, by=by, **told)


def _refuse_stranger(flag: Flag, by: User) -> None:
    if not decides(by, flag.asset):
        raise Absent


def _tell(flag: Flag, by: User, today: date) -> None:
    db.session.flush()
    tell_all(flag, {"flag.resolved": [flag.by_id]}, by=by, today=today, act="resolved")
