"""Office files to PDF through LibreOffice, shut off from the network and from other files."""

import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from contentlib.extraction.confine import OWN_TMP
from contentlib.extraction.kinds import Kind
from contentlib.extraction.result import CRASHED, NO_OFFICE, TOO_SLOW, State
from contentlib.extraction.sandbox import Ended, Limits, Outcome, run

_MB = 1024 * 1024
_LIMITS = Limits(memory=4096 * _MB, cpu=60, wall=90, file_size=256 * _MB, open_files=512)
_READABLE = (
    "/dev",
    "/etc/fonts",
    "/etc/libreoffice",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/opt",
    "/proc",
    "/sys/dev",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)
_EXPORTS = {"slide": "impress", "page": "writer", "sheet": "calc"}
# Pictures and words are numbered alike: a hidden slide is painted too, a sheet is one page.
_OPTIONS = {"slide": "ExportHiddenSlides", "sheet": "SinglePageSheets"}


@dataclass(frozen=True, slots=True)
class NotConverted:
    """Why there is no PDF; `cause` is for the log."""

    state: State
    detail: str
    cause: str = ""


@cache
def office_program() -> str | None:
    """Return LibreOffice's program, or None where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return str(Path(found).resolve()) if found else None


def convert_to_pdf(path: Path, kind: Kind, folder: Path) -> Path | NotConverted:
    """Convert a file that has been checked to be an Office container."""
    program = office_program()
    if program is None:
        return NotConverted(State.UNSUPPORTED, NO_OFFICE)
    source = folder / f"source.{kind.extension}"
    shutil.copyfile(path, source)
    outcome = run(
        {"verb": "office", "own_tmp": True, "command": _command(program, source.name, kind)},
        folder=folder,
        limits=_LIMITS,
        readable=_READABLE,
    )
    return _converted(outcome, source.with_suffix(".pdf"))


def _command(program: str, source: str, kind: Kind) -> list[str]:
    # The workspace is the child's /tmp. A fresh profile each time: a second run would wait for
    # the first one's lock, and a file must not leave settings behind for the next.
    return [
        program,
        f"-env:UserInstallation=file://{OWN_TMP}/profile",
        "--headless",
        "--norestore",
        "--nologo",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        _export(kind.page_label),
        "--outdir",
        OWN_TMP,
        f"{OWN_TMP}/{source}",
    ]


def _export(page_label: str) -> str:
    """Name the filter for what the pages are, with the option it needs."""
    options: dict[str, dict[str, str]] = {}
    if page_label in _OPTIONS:
        options[_OPTIONS[page_label]] = {"type": "boolean", "value": "true"}
    return f"pdf:{_EXPORTS[page_label]}_pdf_Export:{json.dumps(options)}"


def _converted(outcome: Outcome, pdf: Path) -> Path | NotConverted:
    """Look for the PDF itself: LibreOffice reports success whatever happened."""
    if outcome.last is not None:
        return NotConverted(State(outcome.last["state"]), str(outcome.last["detail"]))
    if outcome.ended is Ended.BY_ITSELF and pdf.is_file() and not pdf.is_symlink():
        return pdf
    detail = TOO_SLOW if outcome.ended is Ended.TOO_SLOW else CRASHED
    return NotConverted(State.FAILED, detail, outcome.cause or "LibreOffice wrote no PDF")
