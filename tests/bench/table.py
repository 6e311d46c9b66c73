"""Tables of figures in Markdown."""

import statistics
from collections.abc import Mapping, Sequence


def p50_p95(times: Sequence[float]) -> str:
    """Give median and 95th percentile of times as one cell; of few times the p95 is the slowest."""
    if not times:
        return "—"
    p95 = statistics.quantiles(times, n=20, method="inclusive")[18] if len(times) > 1 else times[0]
    slowest = max(times) if len(times) < 20 else p95
    return f"{figure(statistics.median(times))} / {figure(slowest)}"


def figure(value: float) -> str:
    """Give a number with about three digits that say something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(title: str, columns: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    """Give a table whose first column names the rows, aligned for reading as plain text too."""
    lines = [[title, *columns], *([name, *cells] for name, cells in rows.items())]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    first, *others = [_line(line, widths) for line in (lines[0], rule, *lines[1:])]
    return "\n".join([first, *others])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cells[0].ljust(widths[0])]
    padded += [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return f"| {' | '.join(padded)} |"
