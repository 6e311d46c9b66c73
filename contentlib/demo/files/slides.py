"""Presentations as PowerPoint files: one slide for each first-level heading."""

from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Length

from contentlib.demo import brand
from contentlib.demo.blocks import Block, Heading, Panel, plain
from contentlib.demo.files.kinds import kicker
from contentlib.demo.files.slide_blocks import Column, colour, draw, write
from contentlib.demo.files.zipped import steady
from contentlib.demo.sources import Source

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT = Inches(0.8)
TITLE_ONLY = 5

# Left, top, width, height.
Box = tuple[Length, Length, Length, Length]


def pptx(source: Source) -> bytes:
    """Set a source as slides; ```notes``` panels become the speaker notes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    _properties(deck, source)
    _cover(deck, source)
    for number, (title, blocks) in enumerate(_slides(source.blocks), start=2):
        _slide(deck, source, number, title, blocks)
    target = BytesIO()
    deck.save(target)
    return steady(target.getvalue())


def _properties(deck: Any, source: Source) -> None:
    moment = brand.MOMENT
    core = deck.core_properties
    core.title, core.author, core.subject = source.title, brand.FIRM, source.summary
    core.created = core.modified = moment
    core.last_modified_by = brand.FIRM
    core.language = source.language


def _slides(blocks: list[Block]) -> list[tuple[str, list[Block]]]:
    slides: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            slides.append((plain(block.text), []))
        else:
            slides[-1][1].append(block)
    return slides


def _cover(deck: Any, source: Source) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _fill(slide.shapes, (Emu(0), Emu(0), WIDTH, HEIGHT), brand.TEAL)
    _fill(slide.shapes, (LEFT, Inches(4.55), Inches(1.2), Inches(0.06)), brand.GREEN)
    kick = slide.shapes.add_textbox(LEFT, Inches(2.1), Inches(11), Inches(0.4))
    write(kick.text_frame, kicker(source), size=13, bold=True, ink="#9fd3c9")
    # The title placeholder lies under the ground that was drawn after it, so it is moved on top.
    title = slide.shapes.title
    title.element.getparent().append(title.element)
    _place(title, (LEFT, Inches(2.5), Inches(11.2), Inches(1.9)))
    title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    write(title.text_frame, source.title, size=42, bold=True, ink=brand.WHITE)
    under = slide.shapes.add_textbox(LEFT, Inches(4.8), Inches(11), Inches(1))
    write(under.text_frame, source.subtitle, size=18, ink="#d9ebe8")
    sign = slide.shapes.add_textbox(LEFT, Inches(6.7), Inches(6), Inches(0.4))
    write(sign.text_frame, f"{brand.FIRM} · {brand.SITE}", size=12, ink="#9fd3c9")


def _slide(deck: Any, source: Source, number: int, heading: str, blocks: list[Block]) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _place(slide.shapes.title, (LEFT, Inches(0.55), Inches(11.7), Inches(1)))
    slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    write(slide.shapes.title.text_frame, heading, size=30, bold=True, ink=brand.TEAL)
    _fill(slide.shapes, (Inches(0.9), Inches(1.6), Inches(0.9), Inches(0.05)), brand.GREEN)
    column = Column(slide.shapes, left=LEFT, top=Inches(1.95), width=Inches(11.7))
    for block in blocks:
        if isinstance(block, Panel) and block.kind == "notes":
            notes = "\n".join(" | ".join(row) for row in block.rows)
            slide.notes_slide.notes_text_frame.text = notes
        else:
            draw(column, block)
    foot = slide.shapes.add_textbox(LEFT, Inches(6.95), Inches(11.7), Inches(0.35))
    write(foot.text_frame, f"{brand.FIRM} · {source.title} · {number}", size=11, ink=brand.MUTED)


def _place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = box
    shape.text_frame.margin_left = Inches(0.1)


def _fill(shapes: Any, box: Box, ground: str) -> None:
    shape = shapes.add_shape(MSO_SHAPE.RECTANGLE, *box)
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(ground)
    shape.line.fill.background()
    shape.shadow.inherit = False
