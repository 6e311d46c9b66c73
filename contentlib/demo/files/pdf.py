"""Case studies, one-pagers and e-books as PDF files a customer would believe."""

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate, NextPageTemplate, PageTemplate
from reportlab.platypus.flowables import PageBreak
from reportlab.platypus.frames import Frame
from reportlab.platypus.paragraph import Paragraph as Printed

from contentlib.demo import brand
from contentlib.demo.files import pdf_styles as look
from contentlib.demo.files.kinds import kicker
from contentlib.demo.files.pdf_blocks import flowables
from contentlib.demo.sources import Source

WIDTH, HEIGHT = A4
MARGIN = 26 * mm
BAND = 38 * mm
COVER_FOOT = 92 * mm


def pdf(source: Source) -> bytes:
    """Print a source: with a cover if it has a subtitle, otherwise under a band with its title."""
    target = BytesIO()
    template = BaseDocTemplate(
        target,
        pagesize=A4,
        title=source.title,
        author=brand.FIRM,
        subject=source.summary,
        lang=source.language,
        invariant=1,
        encrypt=_lock(source),
    )
    template.addPageTemplates(_templates(source))
    story = flowables(source.blocks)
    if source.subtitle:
        story = [NextPageTemplate("inner"), PageBreak(), *story]
    else:
        story = [NextPageTemplate("inner"), *story]
    template.build(story)
    return target.getvalue()


def _lock(source: Source) -> StandardEncryption | None:
    if not source.password:
        return None
    return StandardEncryption(source.password, canCopy=0, strength=128)


def _templates(source: Source) -> list[PageTemplate]:
    def frame(top: float) -> Frame:
        return Frame(
            MARGIN, 22 * mm, WIDTH - 2 * MARGIN, HEIGHT - 22 * mm - top, 0, 0, 0, 0, id="text"
        )

    def first(canvas: Canvas, _doc: BaseDocTemplate) -> None:
        if source.format == "scan":
            _mark(canvas, HEIGHT - 30 * mm, light=False)
        elif source.subtitle:
            _cover(canvas, source)
        else:
            _band(canvas, source)

    def inner(canvas: Canvas, _doc: BaseDocTemplate) -> None:
        _running_head(canvas, source)

    return [
        PageTemplate("first", [frame(BAND + 12 * mm)], onPage=first),
        PageTemplate("inner", [frame(30 * mm)], onPage=inner),
    ]


def _cover(canvas: Canvas, source: Source) -> None:
    canvas.setFillColor(look.TEAL)
    canvas.rect(0, COVER_FOOT, WIDTH, HEIGHT - COVER_FOOT, stroke=0, fill=1)
    canvas.setFillColor(look.GREEN)
    canvas.rect(0, COVER_FOOT, WIDTH, 1.6 * mm, stroke=0, fill=1)
    _mark(canvas, HEIGHT - 36 * mm, light=True)
    y = HEIGHT - 74 * mm
    for words, style, gap in (
        (kicker(source), look.COVER_KICKER, 14),
        (source.title, look.COVER_TITLE, 16),
        (source.subtitle, look.COVER_SUBTITLE, 0),
    ):
        paragraph = Printed(words, style)
        _, height = paragraph.wrap(WIDTH - 2 * MARGIN - 10 * mm, HEIGHT)
        y -= height
        paragraph.drawOn(canvas, MARGIN, y)
        y -= gap
    _cover_numbers(canvas, source)
    _foot(canvas, source)


def _cover_numbers(canvas: Canvas, source: Source) -> None:
    column = (WIDTH - 2 * MARGIN) / max(len(source.cover_numbers), 1)
    widest = max(
        (stringWidth(value, look.BOLD, 25) for value, _ in source.cover_numbers), default=1
    )
    for index, (value, label) in enumerate(source.cover_numbers):
        x = MARGIN + index * column
        canvas.setFillColor(look.TEAL)
        canvas.setFont(look.BOLD, min(25.0, 25 * (column - 16) / widest))
        canvas.drawString(x, COVER_FOOT - 24 * mm, value)
        paragraph = Printed(label, look.NUMBER_LABEL)
        _, height = paragraph.wrap(column - 14, HEIGHT)
        paragraph.drawOn(canvas, x, COVER_FOOT - 28 * mm - height)


def _band(canvas: Canvas, source: Source) -> None:
    canvas.setFillColor(look.TEAL)
    canvas.rect(0, HEIGHT - BAND, WIDTH, BAND, stroke=0, fill=1)
    kick = Printed(kicker(source), look.COVER_KICKER)
    kick.wrap(WIDTH - 2 * MARGIN, BAND)
    kick.drawOn(canvas, MARGIN, HEIGHT - 15 * mm)
    title = Printed(source.title, look.BAND_TITLE)
    _, height = title.wrap(WIDTH - 2 * MARGIN, BAND)
    title.drawOn(canvas, MARGIN, HEIGHT - 18 * mm - height)
    _foot(canvas, source)


def _running_head(canvas: Canvas, source: Source) -> None:
    canvas.setFont(look.REGULAR, 8.5)
    canvas.setFillColor(look.MUTED)
    canvas.drawString(MARGIN, HEIGHT - 17 * mm, source.title)
    canvas.setStrokeColor(look.LINE)
    canvas.line(MARGIN, HEIGHT - 20 * mm, WIDTH - MARGIN, HEIGHT - 20 * mm)
    _foot(canvas, source)


def _foot(canvas: Canvas, source: Source) -> None:
    canvas.setFont(look.REGULAR, 8.5)
    canvas.setFillColor(look.MUTED)
    inside = {"pt": " · uso interno", "en": " · internal use"}[source.language]
    canvas.drawString(
        MARGIN,
        12 * mm,
        f"{brand.FIRM} · {brand.SITE}{inside if source.audience == 'internal' else ''}",
    )
    canvas.drawRightString(WIDTH - MARGIN, 12 * mm, str(canvas.getPageNumber()))


def _mark(canvas: Canvas, y: float, *, light: bool) -> None:
    canvas.setFillColor(look.WHITE if light else look.TEAL)
    canvas.roundRect(MARGIN, y, 9 * mm, 9 * mm, 2 * mm, stroke=0, fill=1)
    canvas.setFillColor(look.TEAL if light else look.WHITE)
    canvas.setFont(look.BOLD, 17)
    canvas.drawCentredString(MARGIN + 4.5 * mm, y + 2.6 * mm, "n")
    canvas.setFillColor(look.WHITE if light else look.TEAL)
    canvas.setFont(look.BOLD, 14)
    canvas.drawString(MARGIN + 12 * mm, y + 2.9 * mm, brand.FIRM)
