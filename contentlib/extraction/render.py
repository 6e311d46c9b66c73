"""Pictures of a file's pages, painted in a sandboxed child."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contentlib.extraction.extract import DETAIL_BY_END, refuse_container
from contentlib.extraction.kinds import Kind
from contentlib.extraction.office import convert_to_pdf
from contentlib.extraction.result import NO_PICTURES, State, page_file
from contentlib.extraction.sandbox import Limits, Outcome, run, workspace

MOST_PAGES = 60
PAGE_WIDTH = 1200
THUMBNAIL_WIDTH = 480
# A sheet is one page of perhaps thousands of rows, of which a picture shows the beginning.
TALLEST_SHEET = 3
_LIMITS = Limits(cpu=60, wall=120)


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture of one page, a WebP file; sizes in pixels, `number` begins at 1."""

    number: int
    path: Path
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rendering:
    """The outcome of painting; `state`, `detail` and `meta` as in `Extraction`."""

    state: State
    detail: str = ""
    images: tuple[PageImage, ...] = ()
    page_count: int = 0
    meta: dict[str, str] = field(default_factory=dict)


def render_pages(
    path: Path, kind: Kind, into: Path, *, width: int = PAGE_WIDTH, most: int = MOST_PAGES
) -> Rendering:
    """Paint the first pages into a folder; a bad file is an outcome, never an exception."""
    refused = refuse_container(path, kind)
    if refused is not None:
        return Rendering(*refused)
    if kind.family not in ("pdf", "office", "image"):
        return Rendering(State.UNSUPPORTED, NO_PICTURES)
    wish = {"width": width, "most": most}
    if kind.page_label == "sheet":
        wish["tallest"] = TALLEST_SHEET
    with workspace() as folder:
        if kind.family != "office":
            return _paint(path, {"kind": kind.name, **wish}, folder, into)
        converted = convert_to_pdf(path, kind, folder)
        if isinstance(converted, Path):
            return _paint(converted, {"kind": "pdf", **wish}, folder, into)
        return Rendering(converted.state, converted.detail, meta={"cause": converted.cause})


def render_thumbnail(
    path: Path, kind: Kind, into: Path, *, width: int = THUMBNAIL_WIDTH
) -> Rendering:
    """Paint only the first page, small; being one of many pages is no flaw of it."""
    rendering = render_pages(path, kind, into, width=width, most=1)
    if rendering.state is State.TRUNCATED and rendering.images:
        return Rendering(State.DONE, "", rendering.images, rendering.page_count, rendering.meta)
    return rendering


def _paint(path: Path, wish: dict[str, Any], folder: Path, into: Path) -> Rendering:
    request = {"verb": "paint", "source": str(path.resolve()), **wish}
    outcome = run(request, folder=folder, limits=_LIMITS)
    images = _collect(outcome, folder, into)
    end = outcome.last
    if end is None:
        state = State.TRUNCATED if images else State.FAILED
        detail, meta = DETAIL_BY_END[outcome.ended], {"cause": outcome.cause}
        return Rendering(state, detail, images, len(images), meta)
    return Rendering(
        State(end["state"]),
        str(end.get("detail", "")),
        images,
        int(end.get("page_count", 0)),
        {key: str(value) for key, value in end.get("meta", {}).items()},
    )


def _collect(outcome: Outcome, folder: Path, into: Path) -> tuple[PageImage, ...]:
    """Move the pictures out of the workspace, trusting nothing but their names and first bytes."""
    into.mkdir(parents=True, exist_ok=True)
    images = []
    for line in outcome.lines:
        number = line.get("image")
        if not isinstance(number, int) or not _is_webp(folder / page_file(number)):
            continue
        target = into / page_file(number)
        shutil.move(folder / page_file(number), target)
        images.append(PageImage(number, target, int(line["width"]), int(line["height"])))
    return tuple(images)


def _is_webp(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.read(12)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"
