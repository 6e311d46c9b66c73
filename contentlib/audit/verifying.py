"""Looking over the whole chain, link by link, however long it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, String, exists, func, select, type_coerce

from contentlib.audit import keys
from contentlib.audit.chain import NOTHING, End, Link, end_of_chain, fault_after
from contentlib.audit.models import AuditEnd, AuditEntry, AuditLink, content
from contentlib.core.db import db
from contentlib.core.errors import N_

ROWS_AT_ONCE = 2000
# A moment is read as it stands, so that one which is none cannot end the looking.
_ENTRY = [
    type_coerce(column, String).label("at") if column.name == "at" else column
    for column in AuditEntry.__table__.columns
]

SENTENCES = {
    "changed": N_("Entry %(number)s was changed after it had been joined."),
    "missing": N_("Entry %(number)s is missing."),
    "cut": N_("The end is cut off: entry %(number)s and what followed it are missing."),
    "inserted": N_("Entry %(number)s was put in by somebody else."),
    "reordered": N_("Entry %(number)s does not stand where it was joined."),
    "forked": N_("Entry %(number)s follows the same entry as another one: the chain forks."),
    "end": N_("The end of the chain, after entry %(number)s, was not sealed by this installation."),
    "key": N_(
        "The end of the chain, after entry %(number)s, was sealed with another secret key; "
        "name it in CONTENTLIB_SECRET_KEY_FALLBACKS."
    ),
    "waiting": N_(
        "After entry %(number)s there waits an entry that this installation did not write."
    ),
    "anchor": N_("Entry %(number)s has another hash than the one that was noted."),
}


@dataclass(frozen=True)
class Fault:
    """The first place at which a chain is broken: what kind of break, and at which number."""

    kind: str
    number: int

    @property
    def sentence(self) -> str:
        """Return the English sentence; pages translate it."""
        return SENTENCES[self.kind] % {"number": self.number}


@dataclass(frozen=True)
class Verdict:
    """What became of looking: where the chain ends, how many entries wait, and the first fault."""

    end: End
    waiting: int
    fault: Fault | None


def verify(anchors: Mapping[int, str] | None = None) -> Verdict:
    """Look over the chain in constant memory; ``anchors`` are hashes that were noted, by number.

    The transaction at hand should only read. Entries that are written meanwhile do no harm.
    """
    claimed = db.session.execute(select(AuditEnd.__table__)).one()
    reached, fault = _follow(claimed.number, anchors or {})
    fault = fault or _end_fault(reached, claimed) or _beyond()
    count, stranger = _waiting()
    if fault is None and stranger:
        fault = Fault("waiting", reached.number)
    return Verdict(reached, count, fault)


def links(upto: int | None = None) -> Iterator[Row[Any]]:
    """Give every link with its entry, in order, without holding them all."""
    query = (
        select(AuditLink.number, AuditLink.previous, AuditLink.hash, *_ENTRY)
        .outerjoin(AuditEntry, AuditEntry.id == AuditLink.entry_id)
        .order_by(AuditLink.number)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    if upto is not None:
        query = query.where(AuditLink.number <= upto)
    with db.session.connection().execute(query) as result:
        yield from result


def _follow(upto: int, anchors: Mapping[int, str]) -> tuple[End, Fault | None]:
    reached = End()
    for row in links(upto):
        link = Link(row.number, row.previous, row.hash, _content(row))
        fault = fault_after(reached, link)
        if fault == "missing":
            return reached, Fault("missing", reached.number + 1)
        if fault is not None:
            return reached, Fault(_named(link) if fault == "displaced" else fault, link.number)
        if anchors.get(link.number, link.hash) != link.hash:
            return reached, Fault("anchor", link.number)
        reached = End(link.number, link.hash)
    lacking = [number for number in anchors if number > reached.number]
    return reached, Fault("cut", reached.number + 1) if lacking else None


def _content(row: Row[Any]) -> dict[str, Any] | None:
    """Return the entry of a row; what cannot even be read has no content that was ever hashed."""
    if row.id is None:
        return None
    try:
        return content(row)
    except (TypeError, ValueError, RecursionError):
        return {"unreadable": str(row.details)}


def _named(link: Link) -> str:
    """Tell what became of a link that does not follow the one before it."""
    beside = exists().where(AuditLink.previous == link.previous, AuditLink.number != link.number)
    if db.session.scalar(select(beside)):
        return "forked"
    elsewhere = exists().where(AuditLink.hash == link.previous)
    return "reordered" if db.session.scalar(select(elsewhere)) else "inserted"


def _end_fault(reached: End, claimed: Row[Any]) -> Fault | None:
    if reached.number < claimed.number:
        return Fault("cut", reached.number + 1)
    if reached == End() and claimed.hash == NOTHING and not claimed.seal:
        return None
    if claimed.key_name not in keys.known_keys():
        return Fault("key", claimed.number)
    told = end_of_chain(reached.number, reached.hash)
    return None if keys.is_ours(told, str(claimed.seal)) else Fault("end", claimed.number)


def _beyond() -> Fault | None:
    """Look for links after the end; both are asked at once, since the chain may grow meanwhile."""
    last = select(func.coalesce(func.max(AuditLink.number), 0)).scalar_subquery()
    there, end = db.session.execute(select(last, AuditEnd.number)).one()
    return Fault("inserted", end + 1) if there > end else None


def _waiting() -> tuple[int, bool]:
    """Count the entries that are not joined, and tell whether one of them is a stranger's."""
    unjoined = ~exists().where(AuditLink.entry_id == AuditEntry.id)
    query = select(*_ENTRY).where(unjoined).execution_options(yield_per=ROWS_AT_ONCE)
    count, stranger = 0, False
    with db.session.connection().execute(query) as rows:
        for row in rows:
            count += 1
            told = _content(row)
            stranger = stranger or told is None or not keys.is_ours(told, row.seal)
    return count, stranger
