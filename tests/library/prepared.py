"""Files that were read and painted as the worker does it, for tests of what comes afterwards.

The sandbox is asked once a process for each file: starting it takes longer than most tests.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from contentlib.extraction import Extraction, Rendering
from contentlib.library.files import jobs
from tests.library.test_jobs import work

_FOLDER = tempfile.TemporaryDirectory(prefix="contentlib-prepared-")
_KNOWN: dict[tuple[str, ...], Any] = {}


ALL = ("library.extract", "library.preview", "library.pages")


def prepare(sha256: str, kinds: Sequence[str] = ALL) -> None:
    """Have a file's words and pages, with what follows from them, or some of that."""
    with (
        mock.patch.object(jobs.extraction, "extract", _once(jobs.extraction.extract)),
        mock.patch.object(jobs, "render_first_page", _painted_once(jobs.render_first_page)),
        mock.patch.object(jobs, "render_pages", _painted_once(jobs.render_pages)),
    ):
        for kind in kinds:
            work(kind, sha256)


def _once(read: Callable[..., Extraction]) -> Callable[..., Extraction]:
    def known(path: Path, *about: Any) -> Extraction:
        key = (read.__name__, _hash(path), *map(str, about))
        if key not in _KNOWN:
            _KNOWN[key] = read(path, *about)
        found: Extraction = _KNOWN[key]
        return found

    return known


def _painted_once(paint: Callable[..., Rendering]) -> Callable[..., Rendering]:
    def known(path: Path, kind: Any, into: Path, **more: Any) -> Rendering:
        key = (paint.__name__, _hash(path), str(kind), str(more))
        if key not in _KNOWN:
            kept = Path(tempfile.mkdtemp(dir=_FOLDER.name))
            _KNOWN[key] = paint(path, kind, kept, **more)
        return _copied(_KNOWN[key], into)

    return known


def _copied(painted: Rendering, into: Path) -> Rendering:
    """Whoever has pictures painted moves them to where they belong."""

    def copy(path: Path) -> Path:
        return Path(shutil.copy(path, into))

    images = [
        replace(
            image,
            path=copy(image.path),
            smaller={width: copy(path) for width, path in image.smaller.items()},
        )
        for image in painted.images
    ]
    return replace(painted, images=tuple(images), pdf=copy(painted.pdf) if painted.pdf else None)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
