"""Pages as pictures to Tesseract and its words back, inside the sandbox."""

import io
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pypdfium2

from contentlib.extraction.document import MOST_CHARACTERS
from contentlib.extraction.paint import fit
from contentlib.extraction.readers.pdf import open_pdf
from contentlib.extraction.result import State

DPI = 300
_POINTS_PER_INCH = 72
# What looks like letters in a photograph makes lines without a single word.
_WORD = re.compile(r"[^\W\d_]{3}|\d{2}")

Line = dict[str, Any]
Emit = Callable[[Line], None]


def read_scans(source: Path, request: Mapping[str, Any], emit: Emit) -> Line:
    """Read the pages asked for; one that takes too long is left out and the others still come."""
    pdf = open_pdf(source)
    for number in request["pages"]:
        picture = _picture(pdf, number) if number <= len(pdf) else None
        text = _words(picture, request) if picture is not None else None
        if text is not None:
            emit({"page": number, "text": text})
    return {"state": State.DONE, "page_count": len(pdf)}


def _picture(pdf: pypdfium2.PdfDocument, number: int) -> bytes | None:
    """Paint a page in grey, as large as Tesseract reads best or as the limits allow."""
    try:
        page = pdf[number - 1]
        page_width, page_height = page.get_size()
        width, _ = fit(page_width, page_height, int(page_width * DPI / _POINTS_PER_INCH))
        bitmap = page.render(scale=width / max(page_width, 0.01), grayscale=True)
    except pypdfium2.PdfiumError:
        return None
    painted = io.BytesIO()
    bitmap.to_pil().convert("L").save(painted, "PPM")
    page.close()
    return painted.getvalue()


def _words(picture: bytes, request: Mapping[str, Any]) -> str | None:
    command = [request["program"], "stdin", "stdout", "-l", request["languages"]]
    try:
        done = subprocess.run(  # noqa: S603 - the program that the parent found
            [*command, "--dpi", str(DPI)],
            input=picture,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
            timeout=request["seconds"],
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    lines = done.stdout.decode("utf-8", "replace")[:MOST_CHARACTERS].splitlines()
    return "\n".join(line.strip() for line in lines if _WORD.search(line))
