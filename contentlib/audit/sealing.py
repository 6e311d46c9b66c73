"""Joining entries to the chain, one writer after another, soon after they were written.

Whoever writes an entry waits for nobody and can lock nobody out. Who joins holds the row of the
end until the end of the transaction, so that the chain never forks.
"""

from collections.abc import Collection, Sequence

import structlog
from sqlalchemy import exists, select

from contentlib.audit import keys
from contentlib.audit.chain import NOTHING, end_of_chain, link_hash
from contentlib.audit.models import AuditEnd, AuditEntry, AuditLink, content
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict

log = structlog.get_logger("contentlib.audit")

# As many as are read and joined in a moment.
AT_ONCE = 1000
_UNJOINED = ~exists().where(AuditLink.entry_id == AuditEntry.id)


def join(entry_ids: Collection[str]) -> int:
    """Join those of some entries that are not in the chain yet; return how many that were.

    An entry that this installation did not write stays outside, where verifying finds it.
    """
    end = _hold_end()
    _refuse_foreign(end)
    ours = []
    for entry in _unjoined(entry_ids):
        if keys.is_ours(content(entry), entry.seal):
            ours.append(entry)
        else:
            log.error("an entry that nobody here wrote", entry=entry.id)
    _append(end, ours)
    return len(ours)


def waiting(limit: int = AT_ONCE) -> list[str]:
    """Return entries that are not joined yet, the oldest first."""
    rows = select(AuditEntry.id).where(_UNJOINED).order_by(AuditEntry.at, AuditEntry.id)
    return list(db.session.scalars(rows.limit(limit)))


def accept() -> int:
    """Go on from the chain as it stands, in the name of this installation; return its length.

    For what was restored under another key, and for what a person has looked into: what is broken
    further up stays so, and verifying goes on saying it.
    """
    end = _hold_end()
    last = db.session.scalars(select(AuditLink).order_by(AuditLink.number.desc()).limit(1)).first()
    end.number, end.hash = (last.number, last.hash) if last else (0, NOTHING)
    while ids := waiting():
        _append(end, _unjoined(ids))
    _seal(end)
    return end.number


def _hold_end() -> AuditEnd:
    db.session.flush()
    return db.session.scalars(
        select(AuditEnd).with_for_update().execution_options(populate_existing=True)
    ).one()


def _refuse_foreign(end: AuditEnd) -> None:
    """Join nothing to an end that somebody else made: that would hide what became of the rest."""
    fresh = end.number == 0 and end.hash == NOTHING and not end.seal
    if not fresh and not keys.is_ours(end_of_chain(end.number, end.hash), end.seal):
        raise Conflict(
            N_("The end of the audit chain is not as it was left. Run: contentlib audit verify")
        )


def _unjoined(ids: Collection[str]) -> Sequence[AuditEntry]:
    rows = select(AuditEntry).where(AuditEntry.id.in_(ids), _UNJOINED)
    return db.session.scalars(rows.order_by(AuditEntry.at, AuditEntry.id)).all()


def _append(end: AuditEnd, entries: Sequence[AuditEntry]) -> None:
    for entry in entries:
        number = end.number + 1
        hashed = link_hash(number, end.hash, content(entry))
        db.session.add(AuditLink(number=number, entry_id=entry.id, previous=end.hash, hash=hashed))
        end.number, end.hash = number, hashed
    if entries:
        _seal(end)
        # A log is kept elsewhere: what it tells holds against whoever rules this database.
        log.info("audit chain", number=end.number, hash=end.hash)
    db.session.flush()


def _seal(end: AuditEnd) -> None:
    end.key_name = keys.key_name(keys.own_key())
    end.seal = keys.own_seal(end_of_chain(end.number, end.hash))
