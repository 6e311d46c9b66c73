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
# What stands in for the fonts of other systems.
_FONTS = "fonts.conf"
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


def missing_fonts() -> list[str]:
    """Return which of the fonts are not installed that stand in for those of Office files."""
    found = {path.name for folder in _FONT_FOLDERS for path in Path(folder).rglob("*.ttf")}
    return [name for name in STAND_INS if f"{name.replace(' ', '')}-Regular.ttf" not in found]


STAND_INS = ("Carlito", "Caladea", "Liberation Sans", "Open Sans")
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


def convert_to_pdf(
    path: Path, kind: Kind, folder: Path, *, locale: str, first_only: bool = False
) -> Path | NotConverted:
    """Convert a file that has been checked to be an Office container.

    ``locale`` is how numbers and days are written that the file leaves to the reader's system,
    such as ``pt-BR``; ``first_only`` leaves out all pages but the first.
    """
    program = office_program()
    if program is None:
        return NotConverted(State.UNSUPPORTED, NO_OFFICE)
    source = folder / f"source.{kind.extension}"
    shutil.copyfile(path, source)
    # Beside the file: where this package lies under /tmp, the child does not see it.
    shutil.copyfile(Path(__file__).with_name(_FONTS), folder / _FONTS)
    _prepare_profile(folder / _PROFILE, locale)
    export = _export(kind.page_label, first_only)
    outcome = run(
        {
            "verb": "office",
            "own_tmp": True,
            "command": _command(program, source.name, export),
            "shorten": source.name if first_only and kind.name == "pptx" else None,
            "environment": {"FONTCONFIG_FILE": f"{OWN_TMP}/{_FONTS}"},
        },
        folder=folder,
        limits=_LIMITS,
        readable=_READABLE,
    )
    return _converted(outcome, source.with_suffix(".pdf"))


def _prepare_profile(folder: Path, locale: str) -> None:
    """Write the settings that LibreOffice begins with."""
    settings = folder / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS.format(locale=locale), encoding="utf-8")


_PROFILE = "profile"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop>
</item>
</oor:items>
"""


def _command(program: str, source: str, export: str) -> list[str]:
    # The workspace is the child's /tmp. A fresh profile each time: a second run would wait for
    # the first one's lock, and a file must not leave settings behind for the next.
    return [
        program,
        f"-env:UserInstallation=file://{OWN_TMP}/{_PROFILE}",
        "--headless",
        "--norestore",
        "--nologo",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        export,
        "--outdir",
        OWN_TMP,
        f"{OWN_TMP}/{source}",
    ]


def _export(page_label: str, first_only: bool) -> str:
    """Name the filter for what the pages are, with the options it needs."""
    options: dict[str, dict[str, str]] = {}
    if first_only:
        options["PageRange"] = {"type": "string", "value": "1"}
    if page_label in _OPTIONS:
        options[_OPTIONS[page_label]] = {"type": "boolean", "value": "true"}
    return f"pdf:{_EXPORTS[page_label]}_pdf_Export:{json.dumps(options)}"


def _converted(outcome: Outcome, pdf: Path) -> Path | NotConverted:
    """Look for the PDF itself: LibreOffice reports success whatever happened."""
    if outcome.last is not None:
        end = outcome.last
        cause = str(end.get("meta", {}).get("cause", ""))
        return NotConverted(State(end["state"]), str(end["detail"]), cause)
    if outcome.ended is Ended.BY_ITSELF and pdf.is_file() and not pdf.is_symlink():
        return pdf
    detail = TOO_SLOW if outcome.ended is Ended.TOO_SLOW else CRASHED
    return NotConverted(State.FAILED, detail, outcome.cause or "LibreOffice wrote no PDF")
