"""Files that are images: an infographic, and a letter that somebody scanned."""

from io import BytesIO

from PIL import Image, ImageChops, ImageFilter
from pypdfium2 import PdfDocument
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from contentlib.demo.files.pdf import pdf
from contentlib.demo.sources import Source

BELOW = 90


def png(source: Source) -> bytes:
    """The first page of the printed source as a picture, without the empty rest of the page."""
    target = BytesIO()
    page = _picture(source, scale=1.8)
    above_foot = page.crop((0, 0, page.width, round(page.height * 0.93)))
    blank = Image.new("RGB", above_foot.size, "white")
    *_, last = ImageChops.difference(above_foot, blank).getbbox() or (0, 0, 0, page.height)
    picture = page.crop((0, 0, page.width, last + BELOW))
    picture.quantize(64).save(target, "PNG", optimize=True)
    return target.getvalue()


def scan(source: Source) -> bytes:
    """A PDF that holds only the slightly crooked, grey picture of a page: no text to extract."""
    grey = _picture(source, scale=1.7).convert("L")
    crooked = grey.rotate(0.7, Image.Resampling.BICUBIC, fillcolor=246).filter(
        ImageFilter.GaussianBlur(0.6)
    )
    photo = BytesIO()
    crooked.save(photo, "JPEG", quality=60)
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.setTitle(source.title)
    canvas.drawImage(ImageReader(photo), 0, 0, *A4)
    canvas.save()
    return target.getvalue()


def _picture(source: Source, *, scale: float) -> Image.Image:
    document = PdfDocument(pdf(source))
    try:
        picture: Image.Image = document[0].render(scale=scale).to_pil()
        return picture.convert("RGB")
    finally:
        document.close()
