"""What people say of a material, answer to each other, change and take back."""

from collections.abc import Iterable
from datetime import date, timedelta

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Conflict
from contentlib.feedback import texts
from contentlib.feedback.mentions import Person, mentioned
from contentlib.feedback.models import Comment, CommentBefore
from contentlib.feedback.once import add_once
from contentlib.feedback.reach import decides, people_who_see
from contentlib.feedback.telling import keepers_of, tell_all
from contentlib.library.models import AssetVersion

# A slip is mended or taken back in this time; later others have read and answered it.
MAY_CHANGE_FOR = timedelta(minutes=15)
WRITE_SOMETHING = N_("Write what you want to say.")
TOO_LATE = N_("A comment can be changed for 15 minutes. Answer it instead.")


def say(
    version: AssetVersion,
    text: str,
    *,
    by: User,
    today: date,
    key: str = "",
    page: int | None = None,
    quote: str = "",
) -> Comment:
    """Say something of a material, or of one place in it; the same key again says it once."""
    row = Comment(page=texts.page_of(page), quote=texts.quoted(quote))
    return _add(row, version, text, by=by, today=today, key=key, taking_part=())


def answer(to: Comment, text: str, *, by: User, today: date, key: str = "") -> Comment:
    """Answer a comment; an answer to an answer stands in the same thread."""
    thread = db.session.get_one(Comment, to.parent_id) if to.parent_id else to
    if thread.removed_at is not None and not thread.standing_answers:
        raise Conflict(N_("This comment was taken back."))
    row = Comment(parent_id=thread.id, page=None, quote="")
    taking_part = {thread.by_id, *(one.by_id for one in thread.standing_answers)}
    said = _add(row, thread.version, text, by=by, today=today, key=key, taking_part=taking_part)
    # Who answers has something to say, so the matter is not at its end.
    thread.resolved_at = thread.resolved_by_id = None
    db.session.flush()
    db.session.expire(thread, ["answers"])
    return said


def _add(
    row: Comment,
    version: AssetVersion,
    text: str,
    *,
    by: User,
    today: date,
    key: str,
    taking_part: Iterable[int],
) -> Comment:
    row.asset_id, row.version_id, row.by_id, row.key = version.asset_id, version.id, by.id, key
    row.text = texts.required(text, WRITE_SOMETHING)
    said, is_new = add_once(row)
    if is_new:
        _tell(said, by, today, [*keepers_of(version.asset), *taking_part])
    return said


def change(comment: Comment, text: str, *, by: User, today: date) -> None:
    """Say it otherwise, as long as hardly anybody has read it; what it said before is kept."""
    _refuse_late(comment, by)
    words = texts.required(text, WRITE_SOMETHING)
    if words == comment.text:
        return
    db.session.add(CommentBefore(comment_id=comment.id, text=comment.text))
    comment.text, comment.edited_at = words, now()
    db.session.flush()
    # Who was told of it already is told nothing again.
    _tell(comment, by, today, ())


def take_back(comment: Comment, *, by: User) -> None:
    """Take one's own comment back; it is no longer shown to anybody."""
    _refuse_late(comment, by)
    comment.removed_at = now()
    db.session.flush()


def put_back(comment: Comment, *, by: User) -> None:
    """Undo taking it back."""
    if comment.by_id != by.id or comment.removed_at is None:
        raise Absent
    if now() - comment.removed_at > MAY_CHANGE_FOR:
        raise Conflict(TOO_LATE)
    comment.removed_at = None
    db.session.flush()


def resolve(comment: Comment, *, by: User) -> None:
    """Say that a thread is settled; doing so again changes nothing."""
    _refuse_stranger(comment, by)
    if comment.resolved_at is None:
        comment.resolved_at, comment.resolved_by_id = now(), by.id
        db.session.flush()


def reopen(comment: Comment, *, by: User) -> None:
    """Say that a thread is not settled after all."""
    _refuse_stranger(comment, by)
    comment.resolved_at = comment.resolved_by_id = None
    db.session.flush()


def may_change(comment: Comment, person: User) -> bool:
    """Tell whether a person may still change a comment or take it back."""
    is_young = now() - comment.said_at <= MAY_CHANGE_FOR
    return comment.by_id == person.id and comment.removed_at is None and is_young


def _refuse_late(comment: Comment, by: User) -> None:
    if comment.by_id != by.id or comment.removed_at is not None:
        raise Absent
    if not may_change(comment, by):
        raise Conflict(TOO_LATE)


def _refuse_stranger(comment: Comment, by: User) -> None:
    if comment.parent_id is not None or not decides(by, comment.asset):
        raise Absent


def _tell(comment: Comment, by: User, today: date, others: Iterable[int]) -> None:
    people = [Person(one.id, one.name, one.email) for one in people_who_see(comment.asset, today)]
    kinds = {"comment.mention": mentioned(comment.text, people), "comment.new": others}
    tell_all(comment, kinds, by=by, today=today, who=by.name, text=comment.text)
