"""What runs inside the sandbox: one file in, one JSON object a line out.

Each line is written as soon as it is known, so that the pages before a crash are kept. The
first line says what the child gave up, the last one how it ended.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from contentlib.extraction.confine import OWN_TMP, confine
from contentlib.extraction.document import MOST_CHARACTERS, MOST_PAGES, Document, Unreadable
from contentlib.extraction.result import (
    NO_WORDS,
    NOT_CUT_OFF,
    TOO_LONG,
    TOO_MUCH_MEMORY,
    TOO_SLOW,
    UNREADABLE,
    State,
)

Line = dict[str, Any]
Emit = Callable[[Line], None]

_READERS = {
    "pdf": "pdf",
    "pptx": "pptx",
    "docx": "docx",
    "xlsx": "xlsx",
    "odp": "odf",
    "odt": "odf",
    "ods": "odf",
    "png": "image",
    "jpg": "image",
    "webp": "image",
    "gif": "image",
    "svg": "svg",
    "mp4": "mp4",
    "webm": "webm",
    "txt": "text",
    "md": "text",
    "srt": "subtitles",
    "vtt": "subtitles",
    "html": "html",
}
_SHORTENER = "contentlib.extraction.first_slide"


def main(request: Mapping[str, Any]) -> None:
    """Serve one request and leave, without the exit handlers of what a hostile file touched."""
    emit = _take_over_output()
    # openpyxl uses NumPy when it is there, which costs a tenth of a second and 200 MB of
    # address space and brings nothing here.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    if request.get("own_tmp"):
        # Where this package lies below /tmp, the child's own one hides it.
        import_module(_SHORTENER)
    given_up = confine(request)
    emit({"confined": given_up})
    try:
        emit({"end": _serve(request, given_up, emit)})
    except Unreadable as error:
        emit({"end": {"state": error.state, "detail": error.detail}})
    except MemoryError:
        emit({"end": {"state": State.FAILED, "detail": TOO_MUCH_MEMORY}})
    except Exception as error:  # Whatever a parser raises, the file is at fault.
        cause = f"{type(error).__name__}: {error}"[:500]
        end = {"state": State.FAILED, "detail": UNREADABLE, "meta": {"cause": cause}}
        emit({"end": end})
    os._exit(0)


def _take_over_output() -> Emit:
    """Keep the parser's own prints out of the answer."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    os.dup2(2, 1)

    def emit(line: Line) -> None:
        answer.write(json.dumps(line, ensure_ascii=False) + "\n")
        answer.flush()

    return emit


def _serve(request: Mapping[str, Any], given_up: Mapping[str, bool], emit: Emit) -> Line:
    source = Path(request.get("source", "/dev/null"))
    if request["verb"] == "extract":
        reader = import_module(f"contentlib.extraction.readers.{_READERS[request['kind']]}")
        return _extract(reader.read(source), request["limits"]["cpu"] * 0.7, emit)
    if request["verb"] == "paint":
        # Imported only now, as each reader is, because a child needs one of them.
        painter = import_module("contentlib.extraction.paint")
        return dict(painter.paint(source, request, emit))
    if request["verb"] == "ocr":
        scanner = import_module("contentlib.extraction.scan")
        return dict(scanner.read_scans(source, request, emit))
    if request["verb"] == "office":
        if not given_up["own_tmp"]:
            raise Unreadable(State.UNSUPPORTED, NOT_CUT_OFF)
        if request["shorten"]:
            import_module(_SHORTENER).keep_first_slide(Path(request["shorten"]))
        environment = {"HOME": OWN_TMP, "TMPDIR": OWN_TMP, "LANG": "C.UTF-8"}
        environment |= request["environment"]
        os.execve(request["command"][0], request["command"], environment)  # noqa: S606
    return {"state": State.DONE}


def _extract(document: Document, budget: float, emit: Emit) -> Line:
    """Pass the pages on until a limit is reached; `budget` is in seconds of processor time."""
    read = characters = 0
    late = cut = words = False
    for text in document.pages:
        if late or read == MOST_PAGES:
            cut = True
            break
        kept = text[: MOST_CHARACTERS - characters]
        read, characters, words = read + 1, characters + len(kept), words or bool(kept.strip())
        emit({"page": read, "text": kept})
        cut = len(kept) < len(text)
        if cut:
            break
        late = time.process_time() > budget
    state = State.TRUNCATED if cut else State.DONE if words else State.EMPTY
    detail = {
        State.TRUNCATED: TOO_SLOW if late else TOO_LONG,
        State.EMPTY: document.empty_detail or NO_WORDS,
    }
    return {
        "state": state,
        "detail": detail.get(state, ""),
        "page_count": read if document.page_count is None else document.page_count,
        "meta": document.meta,
    }
