"""Blocks as ReportLab flowables."""

from collections.abc import Callable

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus.flowables import (
    Flowable,
    KeepTogether,
    ListFlowable,
    ListItem,
    PageBreak,
    Spacer,
)
from reportlab.platypus.paragraph import Paragraph as Printed
from reportlab.platypus.tables import Table as Grid
from reportlab.platypus.tables import TableStyle

from contentlib.demo.blocks import (
    Block,
    Break,
    Bullets,
    Heading,
    Panel,
    Paragraph,
    Quote,
    Table,
    plain,
)
from contentlib.demo.files import pdf_styles as look
from contentlib.demo.files.pdf_charts import bars, line, schedule

COLUMN = 158 * mm


def flowables(blocks: list[Block]) -> list[Flowable]:
    """Everything that flows into the text frame, in order."""
    return [flowable for block in blocks for flowable in _flowables(block)]


def _flowables(block: Block) -> list[Flowable]:
    drawn: list[Flowable]
    match block:
        case Heading(level, text):
            drawn = [Printed(look.markup(text), look.HEADINGS[min(level, 3)])]
        case Paragraph(text):
            drawn = [Printed(look.markup(text), look.BODY)]
        case Bullets():
            drawn = [_bullets(block), Spacer(1, 6)]
        case Quote():
            drawn = [Spacer(1, 4), _quote(block), Spacer(1, 10)]
        case Table():
            drawn = [Spacer(1, 2), _table(block), Spacer(1, 10)]
        case Panel():
            drawn = PANELS[block.kind](block)
        case Break():
            drawn = [PageBreak()]
    return drawn


def _bullets(block: Bullets) -> ListFlowable:
    items = [ListItem(Printed(look.markup(item), look.ITEM)) for item in block.items]
    mark = {"bulletType": "1"} if block.ordered else {"bulletType": "bullet", "start": "•"}
    return ListFlowable(
        items,
        leftIndent=14,
        bulletFontSize=11.5,
        bulletColor=look.GREEN,
        bulletFontName=look.BOLD,
        **mark,
    )


def _quote(block: Quote) -> Grid:
    cell = [Printed(look.markup(block.text), look.QUOTE)]
    if block.by:
        cell.append(Printed(block.by, look.QUOTE_BY))
    style = TableStyle(
        [
            ("LINEBEFORE", (0, 0), (0, -1), 3, look.GREEN),
            ("LEFTPADDING", (0, 0), (-1, -1), 14),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return Grid([[cell]], colWidths=[COLUMN], style=style)


def _table(block: Table) -> Grid:
    rows = [[Printed(look.markup(cell), look.CELL_HEAD) for cell in block.head]]
    rows += [[Printed(look.markup(cell), look.CELL) for cell in row] for row in block.rows]
    style = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, 0), 1.2, look.TEAL),
            ("LINEBELOW", (0, 1), (-1, -1), 0.5, look.LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ]
    )
    return Grid(rows, colWidths=_widths(block), style=style, repeatRows=1)


def _widths(block: Table) -> list[float]:
    """Share the column by the longest cell of each, none narrower than a short word."""
    columns = zip(block.head, *block.rows, strict=True)
    longest = [min(max(len(plain(cell)) for cell in column), 46) + 4 for column in columns]
    wanted = [max(letters, 12) for letters in longest]
    return [COLUMN * letters / sum(wanted) for letters in wanted]


def _numbers(panel: Panel) -> list[Flowable]:
    column = COLUMN / len(panel.rows)
    widest = max(stringWidth(row[0], look.BOLD, look.NUMBER_SIZE) for row in panel.rows)
    size = min(look.NUMBER_SIZE, look.NUMBER_SIZE * (column - 24) / widest)
    figure = look.NUMBER.clone("figure", fontSize=size)
    cells = [[Printed(row[0], figure), Printed(row[1], look.NUMBER_LABEL)] for row in panel.rows]
    style = TableStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), look.PALE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 12),
            ("TOPPADDING", (0, 0), (-1, -1), 10),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 11),
        ]
    )
    grid = Grid([cells], colWidths=[COLUMN / len(cells)] * len(cells), style=style)
    return [Spacer(1, 4), grid, Spacer(1, 12)]


def _box(panel: Panel) -> list[Flowable]:
    words = " ".join(" ".join(row) for row in panel.rows)
    cell = [Printed(panel.title, look.CAPTION), Printed(words, look.CELL)]
    style = TableStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), look.PALE),
            ("LEFTPADDING", (0, 0), (-1, -1), 12),
            ("RIGHTPADDING", (0, 0), (-1, -1), 12),
            ("TOPPADDING", (0, 0), (-1, -1), 9),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
        ]
    )
    return [Spacer(1, 4), Grid([[cell]], colWidths=[COLUMN], style=style), Spacer(1, 10)]


def _chart(draw: Callable[[Panel], Flowable]) -> Callable[[Panel], list[Flowable]]:
    def flow(panel: Panel) -> list[Flowable]:
        caption = Printed(panel.title, look.CAPTION)
        return [Spacer(1, 5), KeepTogether([caption, draw(panel)]), Spacer(1, 11)]

    return flow


PANELS: dict[str, Callable[[Panel], list[Flowable]]] = {
    "numbers": _numbers,
    "box": _box,
    "bars": _chart(bars),
    "line": _chart(line),
    "schedule": _chart(schedule),
}
