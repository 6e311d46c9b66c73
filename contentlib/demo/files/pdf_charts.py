"""Plain charts for the printed demo files: bars, a line, and a timetable of docks."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from reportlab.platypus.flowables import Flowable

from contentlib.demo.blocks import Panel
from contentlib.demo.files.pdf_styles import (
    BOLD,
    GREEN,
    INK,
    LINE,
    MUTED,
    PALE,
    REGULAR,
    TEAL,
)

Rows = Sequence[tuple[str, ...]]


class Drawing(Flowable):
    """A chart of fixed height that fills the column."""

    def __init__(self, height: float, paint: Callable[["Drawing"], None]) -> None:
        super().__init__()
        self.wanted, self.paint = height, paint

    def wrap(self, width: Any, _height: Any) -> tuple[Any, float]:
        """Take the whole width."""
        self.width, self.height = round(width), round(self.wanted)
        return width, self.wanted

    def draw(self) -> None:
        """Paint on the page's canvas."""
        self.paint(self)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9.8,
        bold: bool = False,
        anchor: str = "",
    ) -> None:
        """Write one line; `anchor` is "", "middle" or "end"."""
        self.canv.setFont(BOLD if bold else REGULAR, size)
        write = {"": "drawString", "middle": "drawCentredString", "end": "drawRightString"}[anchor]
        getattr(self.canv, write)(x, y, text)


def number(text: str) -> float:
    """Read “1.234,5 %” or "16.6" as a number."""
    digits = "".join(char for char in text if char in "0123456789.,-")
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    return float(digits)


def bars(panel: Panel) -> Drawing:
    """Horizontal bars with the value written at the end of each."""
    top = max(number(row[1]) for row in panel.rows)

    def paint(chart: Drawing) -> None:
        label_width = 0.36 * chart.width
        for index, (label, value, *_) in enumerate(panel.rows):
            y = chart.height - 23 * (index + 1) + 6
            length = (chart.width - label_width - 60) * number(value) / top
            chart.canv.setFillColor(INK)
            chart.words(label_width - 8, y + 3, label, anchor="end")
            chart.canv.setFillColor(GREEN if index else TEAL)
            chart.canv.roundRect(label_width, y, max(length, 1), 14, 2, stroke=0, fill=1)
            chart.canv.setFillColor(INK)
            chart.words(label_width + length + 6, y + 3, value, bold=True)

    return Drawing(23 * len(panel.rows) + 4, paint)


def line(panel: Panel) -> Drawing:
    """A line over time; the first and last values are written out, the rest in small."""
    values = [number(row[1]) for row in panel.rows]
    top = max(values) * 1.15

    def paint(chart: Drawing) -> None:
        base, height = 18, chart.height - 30
        step = (chart.width - 40) / max(len(values) - 1, 1)
        points = [(20 + i * step, base + height * v / top) for i, v in enumerate(values)]
        chart.canv.setStrokeColor(LINE)
        chart.canv.line(0, base, chart.width, base)
        chart.canv.setStrokeColor(GREEN)
        chart.canv.setLineWidth(2)
        for (x1, y1), (x2, y2) in pairwise(points):
            chart.canv.line(x1, y1, x2, y2)
        for (x, y), row in zip(points, panel.rows, strict=True):
            chart.canv.setFillColor(TEAL)
            chart.canv.circle(x, y, 3, stroke=0, fill=1)
            chart.words(x, y + 7, row[1], size=9.4, bold=True, anchor="middle")
            chart.canv.setFillColor(MUTED)
            chart.words(x, 5, row[0], size=9.4, anchor="middle")

    return Drawing(150, paint)


def schedule(panel: Panel) -> Drawing:
    """Docks by hour of the day, occupied hours filled: “Doca 1 | 6-9 10-12”."""
    first, last = 5, 20

    def paint(chart: Drawing) -> None:
        left = 62
        hour = (chart.width - left) / (last - first)
        for index, (dock, spans, *_) in enumerate(panel.rows):
            y = chart.height - 22 * (index + 1)
            chart.canv.setFillColor(INK)
            chart.words(0, y + 5, dock)
            chart.canv.setFillColor(PALE)
            chart.canv.rect(left, y, chart.width - left, 16, stroke=0, fill=1)
            chart.canv.setFillColor(GREEN)
            for start, end in (span.split("-") for span in spans.split()):
                width = hour * (float(end) - float(start)) - 1
                chart.canv.rect(
                    left + hour * (float(start) - first), y, width, 16, stroke=0, fill=1
                )
        chart.canv.setFillColor(MUTED)
        for clock in range(first, last + 1, 3):
            chart.words(left + hour * (clock - first), 4, f"{clock}h", size=8)

    return Drawing(22 * len(panel.rows) + 18, paint)
