"""Pictures of a file's pages, painted in a sandboxed child."""

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from contentlib.extraction.extract import DETAIL_BY_END, refuse_container
from contentlib.extraction.kinds import Kind
from contentlib.extraction.office import convert_to_pdf
from contentlib.extraction.result import NO_PICTURES, State, page_file
from contentlib.extraction.sandbox import Limits, Outcome, run, workspace

MOST_PAGES = 60
PAGE_WIDTH = 1200
# Beside each picture, for where pages are shown small.
SMALLER_WIDTHS = (320, 640)
# A sheet is one page of perhaps thousands of rows and hundreds of columns; a picture shows as much
# of its beginning as can be read, in points, and a small sheet does not become a poster.
SHEET = {"widest": 1100, "tallest": 1.5, "narrowest": 600}
# How numbers and days are written that an Office file leaves to its reader's system.
LOCALE = "pt-BR"
_LIMITS = Limits(cpu=60, wall=120)


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture of one page, a WebP file; sizes in pixels, `number` begins at 1.

    `smaller` holds the same picture by lesser widths.
    """

    number: int
    path: Path
    width: int
    height: int
    smaller: dict[int, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendering:
    """The outcome of painting; `state`, `detail` and `meta` as in `Extraction`.

    `page_count` is 0 where only the first page was looked at; `pdf` is what an Office file was
    turned into, from which its other pages can be painted.
    """

    state: State
    detail: str = ""
    images: tuple[PageImage, ...] = ()
    page_count: int = 0
    meta: dict[str, str] = field(default_factory=dict)
    pdf: Path | None = None


def render_pages(
    path: Path,
    kind: Kind,
    into: Path,
    *,
    width: int = PAGE_WIDTH,
    most: int = MOST_PAGES,
    locale: str = LOCALE,
) -> Rendering:
    """Paint the first pages into a folder; a bad file is an outcome, never an exception."""
    refused = refuse_container(path, kind)
    if refused is not None:
        return Rendering(*refused)
    if kind.family not in ("pdf", "office", "image"):
        return Rendering(State.EMPTY, NO_PICTURES)
    wish = _wish(kind, width, most)
    with workspace() as folder:
        if kind.family != "office":
            return _paint(path, {"kind": kind.name, **wish}, folder, into)
        # A deck of a hundred slides shows its first as soon as one of a single slide does. Other
        # kinds have to be laid out as a whole to know what their first page is.
        first_only = most == 1 and kind.page_label == "slide"
        converted = convert_to_pdf(path, kind, folder, locale=locale, first_only=first_only)
        if not isinstance(converted, Path):
            return Rendering(converted.state, converted.detail, meta={"cause": converted.cause})
        rendering = _paint(converted, {"kind": "pdf", **wish}, folder, into)
        if first_only:
            return replace(rendering, page_count=0)
        return replace(rendering, pdf=Path(shutil.move(converted, into / "pages.pdf")))


def render_first_page(
    path: Path, kind: Kind, into: Path, *, width: int = PAGE_WIDTH, locale: str = LOCALE
) -> Rendering:
    """Paint only the first page, which takes no longer for many; being one of them is no flaw."""
    rendering = render_pages(path, kind, into, width=width, most=1, locale=locale)
    if rendering.state is State.TRUNCATED and rendering.images:
        return replace(rendering, state=State.DONE, detail="")
    return rendering


def render_converted(pdf: Path, kind: Kind, into: Path) -> Rendering:
    """Paint the pages of a file of this kind from the PDF that it was turned into before."""
    with workspace() as folder:
        wish = _wish(kind, PAGE_WIDTH, MOST_PAGES)
        return _paint(pdf, {"kind": "pdf", **wish}, folder, into)


def _wish(kind: Kind, width: int, most: int) -> dict[str, Any]:
    wish: dict[str, Any] = {"width": width, "most": most, "smaller": SMALLER_WIDTHS}
    return wish | {"sheet": SHEET} if kind.page_label == "sheet" else wish


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
        if not isinstance(number, int):
            continue
        found = {
            width: Path(shutil.move(folder / name, into / name))
            for width in (None, *SMALLER_WIDTHS)
            if _is_webp(folder / (name := page_file(number, width)))
        }
        whole = found.pop(None, None)
        if whole is not None:
            smaller = {width: path for width, path in found.items() if width is not None}
            size = int(line["width"]), int(line["height"])
            images.append(PageImage(number, whole, *size, smaller))
    return tuple(images)


def _is_webp(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.read(12)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"
