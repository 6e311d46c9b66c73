"""The words on pages that are pictures, read by Tesseract where it is installed."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from contentlib.extraction.extract import extraction_of
from contentlib.extraction.kinds import KINDS
from contentlib.extraction.result import NO_OCR, Extraction, State
from contentlib.extraction.sandbox import Limits, run, workspace

# A portion is soon done, so that other work does not wait for a book.
PORTION = 6
MOST_SCANS = 300
_SECONDS_PER_PAGE = 20
_LIMITS = Limits(cpu=60, wall=150)
_WANTED = ("por", "eng")


@dataclass(frozen=True, slots=True)
class Ocr:
    """Where Tesseract is and which of our languages it knows, as it wants them named."""

    program: str
    languages: str


@cache
def ocr_program() -> Ocr | None:
    """Return Tesseract with Portuguese, English or both, or None where there is none."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    listing = subprocess.run(  # noqa: S603 - an installed program, asked for its languages
        [program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
    )
    known = [name for name in _WANTED if name in listing.stdout.split()]
    return Ocr(str(Path(program).resolve()), "+".join(known)) if known else None


def with_scans(found: Extraction) -> Extraction:
    """Leave the pages to be read by OCR, or say that what could read them is not here."""
    if not found.scanned or found.state not in (State.DONE, State.EMPTY):
        return replace(found, scanned=())
    if ocr_program() is not None:
        return found
    if found.state is State.EMPTY:
        return replace(found, state=State.UNSUPPORTED, detail=NO_OCR, scanned=())
    return replace(found, scanned=())


def read_scans(path: Path, pages: Sequence[int], *, limits: Limits = _LIMITS) -> Extraction:
    """Read some pages of a PDF as pictures; those that were not read are missing in the answer."""
    ocr = ocr_program()
    if ocr is None:
        raise LookupError("Tesseract is not installed")
    request = {
        "verb": "ocr",
        "source": str(path.resolve()),
        "pages": list(pages),
        "seconds": _SECONDS_PER_PAGE,
        **asdict(ocr),
    }
    with workspace() as folder:
        outcome = run(request, folder=folder, limits=limits, readable=(ocr.program,))
    return extraction_of(outcome, KINDS["pdf"])
