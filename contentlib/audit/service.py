"""Writing down what was decided, in the transaction that decides it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

from contentlib import jobs
from contentlib.audit import keys
from contentlib.audit.actions import Action
from contentlib.audit.chain import LARGEST, canonical
from contentlib.audit.models import AuditEntry, content, written
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.ids import new_id
from contentlib.core.surroundings import surroundings

CHAIN = "audit.chain"
# An entry says what was decided; texts as a whole are kept where they belong.
LONGEST_TEXT = 300
LONGEST_LIST = 50


class Row(Protocol):
    """Anything with a number of its own."""

    id: Any


def record(
    action: Action, *, subject: Row | None = None, by: Row | None = None, **details: Any
) -> AuditEntry:
    """Write down that something was decided; the entry exists if, and only if, the fact does.

    It is by whoever is named or, when nobody is, by the person whose request this is. Values of
    details are told plainly: rows by their kind and number, long texts by their beginning.
    """
    if subject is not None and subject.id is None:
        db.session.flush()
    here = surroundings()
    entry = AuditEntry(
        id=str(new_id()),
        at=now(),
        actor_id=here.person_id if by is None else by.id,
        surface=here.surface,
        action=action.value,
        subject_kind=None if subject is None else kind_of(subject),
        subject_id=None if subject is None else subject.id,
        details=canonical({name: plain(value) for name, value in details.items()}),
        request_id=here.request_id,
    )
    entry.seal = keys.own_seal(content(entry))
    db.session.add(entry)
    jobs.enqueue(CHAIN, entry.id, {"entry": entry.id})
    return entry


def kind_of(row: Row) -> str:
    """Return what kind of thing a row is: the name of its table."""
    return str(getattr(row, "__tablename__", type(row).__name__.lower()))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what changed, each fact as it was and as it is."""
    pairs = {name: [plain(before[name]), plain(value)] for name, value in after.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def plain(value: Any) -> Any:
    """Return a value as an entry tells it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int):
        return value if abs(value) <= LARGEST else str(value)
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, date):
        return value.isoformat()
    return _plain_whole(value)


def _plain_whole(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        parts = [plain(part) for part in value]
        return [*parts[:LONGEST_LIST], "…"] if len(parts) > LONGEST_LIST else parts
    if hasattr(value, "__tablename__"):
        # Words of the taxonomy have a key that means something by itself.
        return getattr(value, "key", None) or f"{kind_of(value)}:{value.id}"
    # Half a letter, as broken input may hold, has no bytes.
    text = str(value).encode(errors="replace").decode()
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
