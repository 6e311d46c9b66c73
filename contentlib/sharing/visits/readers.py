"""Whose reading a visit is: by name only where that is known, never by guess.

The rule. A link is made for one recipient, but whoever has it can open it. A visit is the
recipient's

- if its visitor proved at the gate, by a code, to read mail at the recipient's address;
- or, where nobody proved anything, if it comes from the same device and network as the first visit
  by a person: the same mark of the day, or the same kind of browser in the same network.

Who proved another address is named by that address. Everybody else is a new person, unknown: the
link was forwarded, or the recipient took another device. Which of both, nobody can tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits.agents import device_of


@dataclass(frozen=True)
class Caller:
    """What tells visitors of one link apart: the mark of the day, device, network, address."""

    visit_id: int
    visitor: str
    agent: str
    network: str
    email: str | None = None


@dataclass(frozen=True)
class Reader:
    """Who read, as far as it is known: `name` is nothing for a new person."""

    name: str | None
    is_recipient: bool


UNKNOWN = Reader(None, is_recipient=False)


def readers_of(link: ShareLink, people: Sequence[Caller]) -> dict[int, Reader]:
    """Return the reader of each visit by a person, given those of one link, oldest first."""
    recipient = Reader(link.recipient_name or link.recipient_email, is_recipient=True)
    proven = [caller for caller in people if caller.email]
    first = next(iter(proven or people), None)
    readers = {}
    for caller in people:
        if caller.email:
            mine = caller.email.lower() == (link.recipient_email or "").lower()
            readers[caller.visit_id] = recipient if mine else Reader(caller.email, False)
        elif first and not proven and _is_same(caller, first):
            readers[caller.visit_id] = recipient
        else:
            readers[caller.visit_id] = _as_proven(caller, proven, readers)
    return readers


def _as_proven(caller: Caller, proven: Sequence[Caller], known: dict[int, Reader]) -> Reader:
    """Return who proved an address on the same device and network before, if anybody did."""
    for other in proven:
        if other.visit_id in known and _is_same(caller, other):
            return known[other.visit_id]
    return UNKNOWN


def _is_same(one: Caller, other: Caller) -> bool:
    if one.visitor == other.visitor:
        return True
    alike = device_of(one.agent) == device_of(other.agent)
    return alike and bool(one.network) and one.network == other.network
