"""What is known of a visit when it is judged, and the judgement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contentlib.sharing.visits.models import VisitClass, What
from contentlib.sharing.visits.reading_time import Reading


@dataclass(frozen=True)
class Asked:
    """One request of a visit: seconds since its beginning, what for, which page, and how."""

    at: float
    what: What
    page: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """Everything known of a visit.

    `since_sent` is how long after the link was sent it began, nothing where nobody sent it;
    `networks` the number of different networks that came by the link within five seconds of it;
    `who` is "maker" or "colleague" where one was signed in; `verified` says that a code from a
    mailbox was typed.
    """

    asked: Sequence[Asked] = ()
    reading: Reading = field(default_factory=Reading)
    since_sent: float | None = None
    networks: int = 1
    who: str = ""
    verified: bool = False


@dataclass(frozen=True)
class Verdict:
    """A class with what speaks for it, in words that stay the same."""

    visit_class: VisitClass
    reasons: tuple[str, ...]
