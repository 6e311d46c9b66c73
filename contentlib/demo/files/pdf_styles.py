"""Type and colours of the printed demo files."""

from html import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle

from contentlib.demo import brand
from contentlib.demo.blocks import Text

INK, MUTED, LINE, PALE, TEAL, GREEN, AMBER, WHITE = (
    HexColor(colour)
    for colour in (
        brand.INK,
        brand.MUTED,
        brand.LINE,
        brand.PALE,
        brand.TEAL,
        brand.GREEN,
        brand.AMBER,
        brand.WHITE,
    )
)
REGULAR, BOLD, ITALIC = "Helvetica", "Helvetica-Bold", "Helvetica-Oblique"


def _style(name: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    values: dict[str, object] = {
        "fontName": REGULAR,
        "textColor": INK,
        "alignment": TA_LEFT,
        "spaceBefore": 0,
        "spaceAfter": 0,
    }
    return ParagraphStyle(name, fontSize=size, leading=leading, **(values | more))


BODY = _style("body", 11.5, 17.6, spaceAfter=9)
ITEM = _style("item", 11.5, 17.2, spaceAfter=4)
CELL = _style("cell", 10.4, 14.4)
CELL_HEAD = _style("cell-head", 9.8, 13.4, fontName=BOLD, textColor=TEAL)
HEADINGS = {
    1: _style("h1", 24, 29, fontName=BOLD, textColor=TEAL, spaceAfter=12),
    2: _style("h2", 14.5, 19, fontName=BOLD, textColor=TEAL, spaceBefore=11, spaceAfter=6),
    3: _style("h3", 12, 16, fontName=BOLD, spaceBefore=6, spaceAfter=3),
}
QUOTE = _style("quote", 16, 23, textColor=TEAL)
QUOTE_BY = _style("quote-by", 9.8, 14, textColor=MUTED, spaceBefore=5)
CAPTION = _style("caption", 10.4, 14.5, fontName=BOLD, textColor=TEAL, spaceAfter=5)
NUMBER_SIZE = 22
NUMBER = _style("number", NUMBER_SIZE, 27, fontName=BOLD, textColor=TEAL)
NUMBER_LABEL = _style("number-label", 9.6, 13, textColor=MUTED)
COVER_KICKER = _style("cover-kicker", 9.5, 12, fontName=BOLD, textColor=HexColor("#9fd3c9"))
COVER_TITLE = _style("cover-title", 33, 39, fontName=BOLD, textColor=WHITE)
COVER_SUBTITLE = _style("cover-subtitle", 13, 19, textColor=HexColor("#d9ebe8"))
BAND_TITLE = _style("band-title", 20, 24, fontName=BOLD, textColor=WHITE)


def markup(text: Text) -> str:
    """Runs as ReportLab's own small markup."""
    return "".join(_tagged(escape(run.text), run.bold, run.italic) for run in text)


def _tagged(words: str, bold: bool, italic: bool) -> str:
    if bold:
        words = f"<b>{words}</b>"
    return f"<i>{words}</i>" if italic else words
