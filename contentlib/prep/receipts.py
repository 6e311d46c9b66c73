"""A signed note of a brief that was shown, which the page hands back once it is there.

Reading never writes: what is kept is what stood on the page, not what would stand there a moment
later, and nobody but the server can have written it.
"""

from dataclasses import dataclass
from typing import Any

from contentlib.core.errors import N_
from contentlib.core.notes import Notes


@dataclass(frozen=True)
class Receipt:
    """Who saw which cards for which situation.

    `cards` are (section, asset, version, propensity, [[rule, points], ...]) in their order.
    """

    key: str
    user_id: int
    deal_id: int | None
    stage_id: int
    situation: dict[str, Any]
    seed: str
    cards: list[list[Any]]


NOTES = Notes(
    Receipt,
    salt="contentlib.prep.receipt",
    too_old=N_("This page is too old to be noted. Load it again."),
)
