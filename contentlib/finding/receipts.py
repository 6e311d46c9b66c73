"""A signed note of a search that was answered, which the browser hands back once it was read.

Reading never writes: the answer carries the note, and only a person who stays on it sends it.
"""

from dataclasses import dataclass

from contentlib.core.errors import N_
from contentlib.core.notes import Notes


@dataclass(frozen=True)
class Receipt:
    """What was asked, by whom, and how the answer was."""

    search_id: str
    user_id: int
    query: str
    normalised: str
    filters: dict[str, list[str]]
    results: int
    milliseconds: int
    degraded: bool
    # Where it was asked: on the page of results, or in the dialog over any page.
    surface: str = "web"


NOTES = Notes(
    Receipt,
    salt="contentlib.finding.receipt",
    too_old=N_("This search is too old to be noted. Search again."),
)
