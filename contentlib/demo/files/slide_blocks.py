"""Blocks on a slide, one under the other."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Length, Pt

from contentlib.demo import brand
from contentlib.demo.blocks import (
    Block,
    Bullets,
    Heading,
    Panel,
    Paragraph,
    Quote,
    Run,
    Table,
    Text,
)
from contentlib.demo.files.pdf_charts import number

LETTERS_A_LINE = 78
TEXT_SIZE = 22


@dataclass
class Column:
    """Where the next block of a slide goes; `top` moves down as blocks are drawn."""

    shapes: Any
    left: Length
    top: Length
    width: Length

    def take(self, inches: float) -> Length:
        """Reserve that much height and say where it begins."""
        top = self.top
        self.top = Emu(self.top + Inches(inches))
        return top

    def box(self, inches: float, *, left: float = 0.0, width: float | None = None) -> Any:
        """A text frame of that height at the column's current place."""
        shape = self.shapes.add_textbox(
            Emu(self.left + Inches(left)),
            self.take(inches),
            Inches(width) if width else self.width,
            Inches(inches),
        )
        shape.text_frame.word_wrap = True
        return shape.text_frame


def colour(value: str) -> RGBColor:
    """“#103b3c” as PowerPoint wants it."""
    return RGBColor.from_string(value.removeprefix("#"))


def write(frame: Any, text: str, *, size: float, bold: bool = False, ink: str = brand.INK) -> None:
    """Fill a frame with one paragraph."""
    frame.word_wrap = True
    _runs(frame.paragraphs[0], (Run(text, bold),), size, ink)
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def draw(column: Column, block: Block) -> None:
    """Draw one block and move on."""
    match block:
        case Heading(_, text):
            _runs(column.box(0.45).paragraphs[0], text, 19, brand.GREEN, bold=True)
        case Paragraph(text):
            _runs(column.box(_height([text])).paragraphs[0], text, TEXT_SIZE, brand.INK)
        case Bullets():
            _bullets(column, block)
        case Quote():
            _quote(column, block)
        case Table():
            _table(column, block)
        case Panel():
            PANELS[block.kind](column, block)


def _height(texts: list[Text] | tuple[Text, ...]) -> float:
    lines = sum(ceil(len("".join(run.text for run in text)) / LETTERS_A_LINE) for text in texts)
    return 0.4 * lines + 0.26 * len(texts)


def _runs(paragraph: Any, text: Text, size: float, ink: str, *, bold: bool = False) -> None:
    for run in text:
        part = paragraph.add_run()
        part.text = run.text
        part.font.size, part.font.bold, part.font.italic = Pt(size), run.bold or bold, run.italic
        part.font.name = "Calibri"
        part.font.color.rgb = colour(ink)


def _bullets(column: Column, block: Bullets) -> None:
    frame = column.box(_height(block.items))
    for index, item in enumerate(block.items):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(14)
        mark = f"{index + 1}.  " if block.ordered else "•  "
        _runs(paragraph, (Run(mark, bold=True),), TEXT_SIZE, brand.GREEN)
        _runs(paragraph, item, TEXT_SIZE, brand.INK)


def _quote(column: Column, block: Quote) -> None:
    frame = column.box(_height([block.text]) * 1.3 + 0.45)
    _runs(frame.paragraphs[0], block.text, 28, brand.TEAL)
    if block.by:
        _runs(frame.add_paragraph(), (Run(block.by),), 16, brand.MUTED)


def _table(column: Column, block: Table) -> None:
    rows, columns = len(block.rows) + 1, len(block.head)
    shape = column.shapes.add_table(
        rows,
        columns,
        column.left,
        column.take(0.52 * rows + 0.3),
        column.width,
        Inches(0.5 * rows),
    )
    for y, row in enumerate((block.head, *block.rows)):
        for x, text in enumerate(row):
            cell = shape.table.cell(y, x)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.fill.solid()
            ground = brand.TEAL if y == 0 else (brand.WHITE, brand.PALE)[y % 2]
            cell.fill.fore_color.rgb = colour(ground)
            ink = brand.WHITE if y == 0 else brand.INK
            _runs(cell.text_frame.paragraphs[0], text, 17, ink, bold=y == 0)


def _numbers(column: Column, panel: Panel) -> None:
    width = column.width / len(panel.rows)
    top = column.take(1.95)
    for index, (value, label, *_) in enumerate(panel.rows):
        box = column.shapes.add_textbox(
            Emu(int(column.left + index * width)), top, Emu(int(width * 0.94)), Inches(1.8)
        )
        write(box.text_frame, value, size=42, bold=True, ink=brand.TEAL)
        _runs(box.text_frame.add_paragraph(), (Run(label),), 17, brand.MUTED)


def _bars(column: Column, panel: Panel) -> None:
    write(column.box(0.4), panel.title, size=15, bold=True, ink=brand.TEAL)
    top = max(number(row[1]) for row in panel.rows)
    for index, (label, value, *_) in enumerate(panel.rows):
        y = column.take(0.48)
        length = 6.6 * number(value) / top
        name = column.shapes.add_textbox(column.left, y, Inches(3.6), Inches(0.36))
        write(name.text_frame, label, size=16)
        bar = column.shapes.add_shape(
            MSO_SHAPE.RECTANGLE,
            Emu(column.left + Inches(3.7)),
            Emu(y + Inches(0.08)),
            Inches(max(length, 0.03)),
            Inches(0.25),
        )
        bar.fill.solid()
        bar.fill.fore_color.rgb = colour(brand.GREEN if index else brand.TEAL)
        bar.line.fill.background()
        bar.shadow.inherit = False
        figure = column.shapes.add_textbox(
            Emu(column.left + Inches(3.8 + length)), y, Inches(1.4), Inches(0.36)
        )
        write(figure.text_frame, value, size=16, bold=True)
    column.take(0.3)


def _box(column: Column, panel: Panel) -> None:
    words = (Run(" ".join(" ".join(row) for row in panel.rows)),)
    frame = column.box(_height([words]) + 0.45)
    _runs(frame.paragraphs[0], (Run(panel.title),), 15, brand.TEAL, bold=True)
    _runs(frame.add_paragraph(), words, 16, brand.INK)


PANELS: dict[str, Callable[[Column, Panel], None]] = {
    "numbers": _numbers,
    "bars": _bars,
    "box": _box,
}
