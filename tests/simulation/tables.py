"""The tables that are printed: what the reports said, and the naive comparison beside it."""

from collections.abc import Mapping

from tests.bench.table import table
from tests.simulation.scores import Score

COLUMNS = (
    "worlds",
    "not enough data",
    "coverage",
    "bias",
    "RMSE",
    "rank",
    "flags",
    "false",
    "power",
)
NAIVE = ("naive bias", "coverage", "flags", "false")
Both = tuple[Score, Score]


def size_table(deals: int, scores: Mapping[str, Both]) -> str:
    """Give a row for each scenario, of the reports and then of the naive comparison.

    Bias and RMSE are in points; `false` is the share of the flags.
    """
    rows = {name: (*_cells(ours), *_naive_cells(naive)) for name, (ours, naive) in scores.items()}
    return table(f"{deals:,} deals", (*COLUMNS, *NAIVE), rows)


def _cells(one: Score) -> tuple[str, ...]:
    return (
        str(one.worlds),
        _fraction(one.silent),
        _fraction(one.coverage),
        _points(one.bias, "+"),
        _points(one.rmse, ""),
        _fraction(one.rank),
        str(one.flags),
        _false(one),
        _fraction(one.power),
    )


def _naive_cells(one: Score) -> tuple[str, ...]:
    return _points(one.bias, "+"), _fraction(one.coverage), str(one.flags), _false(one)


def _false(one: Score) -> str:
    return _fraction(one.false / one.flags) if one.flags else "—"


def _fraction(value: float) -> str:
    return "—" if value != value else f"{value:.2f}"


def _points(value: float, sign: str) -> str:
    return "—" if value != value else f"{100 * value:{sign}.1f}"
