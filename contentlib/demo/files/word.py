"""Proposals and technical FAQs as Word files."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from contentlib.demo import brand
from contentlib.demo.blocks import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Quote,
    Run,
    Table,
    Text,
)
from contentlib.demo.files.kinds import kicker
from contentlib.demo.files.zipped import steady
from contentlib.demo.sources import Source


def docx(source: Source) -> bytes:
    """Set a source as an A4 Word document with the firm's styles."""
    document = Document()
    _properties(document, source)
    _styles(document)
    _page(document, source)
    _line(document, kicker(source), 9, brand.GREEN, bold=True)
    document.add_heading(source.title, 0)
    if source.subtitle:
        _line(document, source.subtitle, 13, brand.MUTED)
    for block in source.blocks:
        _add(document, block)
    target = BytesIO()
    document.save(target)
    return steady(target.getvalue())


def _properties(document: Any, source: Source) -> None:
    core = document.core_properties
    core.title, core.author, core.subject = source.title, brand.FIRM, source.summary
    core.created = core.modified = brand.MOMENT
    core.last_modified_by = brand.FIRM
    core.language = source.language
    core.comments = ""


def _styles(document: Any) -> None:
    sizes = {"Normal": 11, "Title": 26, "Heading 1": 18, "Heading 2": 14, "Heading 3": 12}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), "Calibri"
        _forget_theme_fonts(style.element.get_or_add_rPr().get_or_add_rFonts())
        style.font.color.rgb = _colour(brand.INK if name == "Normal" else brand.TEAL)
    document.styles["Normal"].paragraph_format.space_after = Pt(7)
    document.styles["Normal"].paragraph_format.line_spacing = 1.2


def _forget_theme_fonts(fonts: Any) -> None:
    """A theme's font would win over the one named beside it."""
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _page(document: Any, source: Source) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    foot = section.footer.paragraphs[0]
    _runs(foot, (Run(f"{brand.FIRM} · {brand.SITE} · {source.title} · "),), 9, brand.MUTED)
    _page_number(foot.add_run())


def _page_number(run: Any) -> None:
    run.font.size = Pt(9)
    for kind, instruction in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = instruction
        run.element.append(element)


def _colour(value: str) -> RGBColor:
    return RGBColor.from_string(value.removeprefix("#"))


def _runs(paragraph: Any, text: Text, size: float | None, ink: str, *, bold: bool = False) -> None:
    for run in text:
        part = paragraph.add_run(run.text)
        part.bold, part.italic = run.bold or bold, run.italic
        part.font.color.rgb = _colour(ink)
        if size:
            part.font.size = Pt(size)


def _line(document: Any, words: str, size: float, ink: str, *, bold: bool = False) -> None:
    _runs(document.add_paragraph(), (Run(words),), size, ink, bold=bold)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(level, text):
            _runs(document.add_heading(level=level), text, None, brand.TEAL)
        case Paragraph(text):
            _runs(document.add_paragraph(), text, None, brand.INK)
        case Bullets():
            style = "List Number" if block.ordered else "List Bullet"
            for item in block.items:
                _runs(document.add_paragraph(style=style), item, None, brand.INK)
        case Quote():
            _quote(document, block)
        case Table():
            _table(document, [block.head, *block.rows])
        case _:
            raise ValueError(f"a Word file has no {type(block).__name__}")


def _quote(document: Any, block: Quote) -> None:
    paragraph = document.add_paragraph(style="Intense Quote")
    _runs(paragraph, block.text, 13, brand.TEAL)
    _runs(paragraph, (Run(f"\n{block.by}"),), 10, brand.MUTED)


def _table(document: Any, rows: list[tuple[Text, ...]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            cell = table.cell(y, x)
            _runs(cell.paragraphs[0], text, 10, brand.WHITE if y == 0 else brand.INK, bold=y == 0)
            _shade(cell, brand.TEAL if y == 0 else brand.WHITE)
    document.add_paragraph()


def _shade(cell: Any, ground: str) -> None:
    # Shading belongs to the cell's element, which python-docx gives no public name.
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), ground.removeprefix("#"))
    cell._tc.get_or_add_tcPr().append(shading)  # noqa: SLF001
