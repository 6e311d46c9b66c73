"""The report on use as a table, for spreadsheets and the command line."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from contentlib.core.clock import local_day
from contentlib.reports.use_figures import Line, lines
from contentlib.reports.use_lists import board
from contentlib.reports.use_scope import UseScope

COLUMNS = (
    "asset_external_id",
    "title",
    "type",
    "state",
    "e1",
    "e2",
    "e3",
    "e4",
    "e5",
    "uses",
    "sellers",
    "deals",
    "won_deals",
    "closed_deals",
    "last_use",
)
# So many materials are looked at together; their ids stay far below what a statement may name.
CHUNK = 500


def table(
    scope: UseScope, names: Iterable[str], order: str = "uses", *, descending: bool = True
) -> Iterator[Sequence[Any]]:
    """Yield the rows of some lists, one after the other."""
    for name in names:
        ids = board(scope, order, descending=descending).on(name)
        for start in range(0, len(ids), CHUNK):
            for line in lines(scope, ids[start : start + CHUNK]):
                yield _row(line, scope.period.zone)


def _row(line: Line, zone: str) -> Sequence[Any]:
    return (
        line.asset.external_id or "",
        line.asset.title,
        line.asset.type.key,
        line.standing.value,
        *line.grades,
        line.uses,
        line.sellers,
        line.deals,
        line.won,
        line.closed,
        local_day(line.last_use, zone).isoformat() if line.last_use else "",
    )
