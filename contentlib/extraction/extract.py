"""The words of a file, read in a sandboxed child."""

import re
import unicodedata
from pathlib import Path
from typing import Any

from contentlib.extraction.document import MOST_CHARACTERS, MOST_PAGES
from contentlib.extraction.errors import UnacceptableFile
from contentlib.extraction.kinds import Kind
from contentlib.extraction.result import (
    CRASHED,
    LOCKED,
    NO_SANDBOX,
    SUSPICIOUS,
    TOO_SLOW,
    UNREADABLE,
    Extraction,
    PageText,
    State,
)
from contentlib.extraction.sandbox import Ended, Limits, Outcome, run, workspace
from contentlib.extraction.zipcheck import check_zip

# What databases refuse or screens do not show: controls except tab and line feed, surrogates.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_OLE = b"\xd0\xcf\x11\xe0"

DETAIL_BY_END = {
    Ended.TOO_SLOW: TOO_SLOW,
    Ended.CRASHED: CRASHED,
    Ended.NEVER_STARTED: NO_SANDBOX,
    Ended.BY_ITSELF: CRASHED,
}


def extract(path: Path, kind: Kind, *, limits: Limits | None = None) -> Extraction:
    """Read a file's words page by page; a bad file is an outcome, never an exception."""
    refused = refuse_container(path, kind)
    if refused is not None:
        state, detail = refused
        return Extraction(state, detail)
    with workspace() as folder:
        request = {"verb": "extract", "kind": kind.name, "source": str(path.resolve())}
        outcome = run(request, folder=folder, limits=limits)
    return extraction_of(outcome, kind)


def refuse_container(path: Path, kind: Kind) -> tuple[State, str] | None:
    """Tell why an Office container must not be opened at all, if there is a reason."""
    if kind.family != "office":
        return None
    with path.open("rb") as stream:
        if stream.read(4) == _OLE:
            return State.PASSWORD, LOCKED
    try:
        check_zip(path)
    except UnacceptableFile as error:
        return State.FAILED, SUSPICIOUS if error.is_bomb else UNREADABLE
    return None


def extraction_of(outcome: Outcome, kind: Kind) -> Extraction:
    """Turn what a child said, as far as it came, into what a person is told."""
    pages = _pages(outcome, kind)
    end = outcome.last
    if end is None:
        return Extraction(
            State.TRUNCATED if any(page.text for page in pages) else State.FAILED,
            DETAIL_BY_END[outcome.ended],
            pages,
            len(pages),
            {"cause": outcome.cause},
        )
    meta = {key: _clean(value) for key, value in end.get("meta", {}).items()}
    numbers = str(meta.pop("scanned", "")).split()[:MOST_PAGES]
    scanned = tuple(int(number) for number in numbers if number.isdecimal())
    return Extraction(
        State(end["state"]),
        str(end.get("detail", "")),
        pages,
        int(end.get("page_count", 0)),
        meta,
        scanned,
    )


def _pages(outcome: Outcome, kind: Kind) -> tuple[PageText, ...]:
    return tuple(
        PageText(int(line["page"]), kind.page_label, _clean(str(line["text"])))
        for line in outcome.lines
        if "page" in line
    )


def _clean(value: Any) -> Any:
    """Normalise text so that an accent is one character however the file wrote it."""
    if not isinstance(value, str):
        return value
    text = _UNSTORABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", text[:MOST_CHARACTERS]).strip()
