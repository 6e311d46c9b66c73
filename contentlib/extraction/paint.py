"""Pictures of pages, made inside the sandbox: a WebP file each in the current folder."""

from collections.abc import Callable, Mapping
from math import sqrt
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageOps

from contentlib.extraction.readers import image
from contentlib.extraction.readers.pdf import open_pdf
from contentlib.extraction.result import MORE_PAGES, State, page_file

MOST_PIXELS = 20_000_000
_LONGEST_SIDE = 16_383  # WebP knows no longer one.
_QUALITY = 80

Line = dict[str, Any]
Emit = Callable[[Line], None]


def paint(source: Path, request: Mapping[str, Any], emit: Emit) -> Line:
    """Paint the first `most` pages, each `width` pixels wide."""
    if request["kind"] == "pdf":
        return _paint_pdf(source, request, emit)
    with image.opened(source) as original:
        # Halves a JPEG while unpacking, so that a camera's picture needs little memory.
        original.draft("RGB", (request["width"] * 2, request["width"] * 2))
        picture = ImageOps.exif_transpose(original)
        width, height = fit(picture.width, picture.height, min(request["width"], picture.width))
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        _save(picture.resize((width, height), Image.Resampling.LANCZOS), 1, request, emit)
    return {"state": State.DONE, "page_count": 1}


def fit(page_width: float, page_height: float, width: int) -> tuple[int, int]:
    """Return the size in pixels for a page to be `width` wide, or smaller where limits bind."""
    page_width, page_height = max(page_width, 0.01), max(page_height, 0.01)
    scale = min(
        width / page_width,
        sqrt(MOST_PIXELS / (page_width * page_height)),
        _LONGEST_SIDE / max(page_width, page_height),
    )
    return max(1, int(page_width * scale + 0.001)), max(1, int(page_height * scale + 0.001))


def _paint_pdf(source: Path, request: Mapping[str, Any], emit: Emit) -> Line:
    pdf, most = open_pdf(source), request["most"]
    pdf.init_forms()
    for index in range(min(len(pdf), most)):
        _paint_page(pdf, index, request, emit)
    cut = len(pdf) > most
    state, detail = (State.TRUNCATED, MORE_PAGES) if cut else (State.DONE, "")
    return {"state": state, "detail": detail, "page_count": len(pdf)}


def _paint_page(
    pdf: pypdfium2.PdfDocument, index: int, request: Mapping[str, Any], emit: Emit
) -> None:
    """Paint one page, or of a sheet its beginning; a broken one is left out, the others come."""
    try:
        page = pdf[index]
    except pypdfium2.PdfiumError:
        return
    whole_width, whole_height = page.get_size()
    page_width, page_height = _shown(whole_width, whole_height, request.get("sheet"))
    wanted, _ = fit(page_width, page_height, request["width"])
    # Where less than nothing is cut off, the paper goes on.
    beyond = (0, whole_height - page_height, whole_width - page_width, 0)
    bitmap = page.render(scale=wanted / max(page_width, 0.01), crop=beyond)
    picture = bitmap.to_pil().convert("RGB")
    page.close()
    _save(picture, index + 1, request, emit)


def _shown(width: float, height: float, sheet: Mapping[str, float] | None) -> tuple[float, float]:
    """Return how much of a page is painted, in points: all of it, or of a sheet what is legible."""
    if sheet is None:
        return width, height
    width = min(max(width, sheet["narrowest"]), sheet["widest"])
    return width, min(height, width * sheet["tallest"])


def _save(picture: Image.Image, number: int, request: Mapping[str, Any], emit: Emit) -> None:
    """Write a picture down, and smaller ones for where it is shown small."""
    picture.save(page_file(number), "WEBP", quality=_QUALITY, method=2)
    for width in request.get("smaller", ()):
        if width < picture.width:
            size = fit(picture.width, picture.height, width)
            small = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)
            small.save(page_file(number, width), "WEBP", quality=_QUALITY, method=2)
    emit({"image": number, "width": picture.width, "height": picture.height})
