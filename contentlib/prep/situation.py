"""What is known before a conversation, and of the materials that might help in it; pure.

Words are compared by their keys (`finding.likeness.keys_of`), so that case, accents and plurals
do not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

Keys = frozenset[str]

NOTHING: Keys = frozenset()


@dataclass(frozen=True)
class Loss:
    """One reason for which deals were lost at the stage: how many of how many, and its words."""

    reason: str
    count: int
    of: int
    keys: Keys = NOTHING


@dataclass(frozen=True)
class Situation:
    """With whom one will talk, and about what; what is not known is empty.

    Stage, personas and language are keys; `losses` come with the most frequent reason first.
    """

    stage: str
    personas: frozenset[str] = frozenset()
    industry: Keys = NOTHING
    size: str = ""
    competitor: Keys = NOTHING
    # The customer's own name, since a case about themselves is no news to them.
    customer: Keys = NOTHING
    heard: Keys = NOTHING
    losses: tuple[Loss, ...] = ()
    language: str = "pt"


@dataclass(frozen=True)
class Candidate:
    """What is known of one published material, whatever the situation."""

    id: int
    type: str
    language: str
    stages: frozenset[str] = frozenset()
    personas: frozenset[str] = frozenset()
    # Of its title, its tags and, on an objection card, what it is heard as.
    keys: Keys = NOTHING
    valid_until: date | None = None
    review_due: date | None = None
    verified_at: datetime | None = None
    published_at: datetime | None = None
    # What may not leave the company is nothing to open with, and no proof.
    is_internal: bool = False
    # The material, with its page, that an objection card names as its proof.
    proof: tuple[int, int | None] | None = None

    def is_valid(self, day: date) -> bool:
        """Tell whether sellers may use it on a day."""
        return self.valid_until is None or self.valid_until >= day

    def is_overdue(self, day: date) -> bool:
        """Tell whether its review is overdue on a day."""
        return self.review_due is not None and self.review_due < day


@dataclass(frozen=True)
class Record:
    """What happened with materials so far, by their ids, as of a day of the firm.

    `used` tells on how many of the `similar` won deals each was used before the close; `sent` and
    `read` are this buyer's, where there is one; `dismissed` and `pinned` (with the section) are
    this seller's, for this conversation.
    """

    day: date
    knows_buyer: bool = False
    similar: int = 0
    used: Mapping[int, int] = field(default_factory=dict)
    sent: frozenset[int] = frozenset()
    read: frozenset[int] = frozenset()
    dismissed: frozenset[int] = frozenset()
    pinned: Mapping[int, str] = field(default_factory=dict)
