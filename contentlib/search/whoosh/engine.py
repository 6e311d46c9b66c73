"""Search on Whoosh's index: Whoosh keeps the files, the arrays of a generation give the answers."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from contentlib.search.asking import ask
from contentlib.search.engine import (
    FAILED,
    Answer,
    Changes,
    Document,
    Progress,
    Query,
    SearchError,
    Stats,
)
from contentlib.search.whoosh.folder import (
    Folder,
    commits_in,
    open_index,
    segments_of,
)
from contentlib.search.whoosh.format import (
    VERSION,
    Damaged,
    damage_told,
)
from contentlib.search.whoosh.generation import Segments
from contentlib.search.whoosh.segment import Segment
from contentlib.search.whoosh.writer import fold, write

LOOK_EVERY = 0.3
"""Seconds for which readers trust that nothing was committed, while no folder shows otherwise."""

FOLD_FROM = 4
"""From so many segments on, the small ones are folded when there is nothing else to do."""

FOLD_AT = 24
"""With more segments than this, a commit folds at once: idle moments have not come for long."""

REBUILD_CHUNK = 10_000


class WhooshEngine:
    """One object a process, shared by its threads; only the worker calls what writes."""

    def __init__(self, path: Path) -> None:
        self._folder = Folder(path)
        self._view = _View(self._folder)

    def apply(self, changes: Changes) -> None:
        """Commit the changes as one new segment; folding waits for idle moments."""
        with self._seam(), self._folder.writing():
            path = self._folder.current()
            with damage_told(path):
                index = open_index(path)
                latest = {document.id: document for document in changes.documents}
                write(index, latest.values(), changes.deleted | latest.keys())
                fold(index, FOLD_AT + 1)
            self._view.expire()

    def tend(self) -> bool:
        """Fold the small segments into one, so that searches have few to look into."""
        with self._seam(), self._folder.writing():
            path = self._folder.current()
            with damage_told(path):
                folded = fold(open_index(path), FOLD_FROM)
            self._view.expire()
        return folded

    def search(self, query: Query) -> Answer:
        """Answer from the newest generation at hand."""
        if not query.access:
            return Answer(facets={name: {} for name in query.facets})
        with self._seam():
            return ask(self._view.generation(), query)

    def revisions(self) -> dict[str, int]:
        """Give id → revision of everything in the index."""
        with self._seam():
            return dict(self._view.generation(look=True).revisions())

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> int:
        """Write a new index beside the old one, in chunks, and swap."""
        with self._seam(), self._folder.writing():
            path = self._folder.create()
            index = open_index(path)
            count = 0
            remaining = iter(documents)
            while chunk := list(islice(remaining, REBUILD_CHUNK)):
                write(index, chunk, frozenset())
                count += len(chunk)
                if progress is not None:
                    progress(count)
            self._folder.publish(path)
            self._view.expire()
        return count

    def stats(self) -> Stats:
        """Measure the index in use."""
        with self._seam():
            generation = self._view.generation(look=True)
            files = [path for path in self._folder.current().iterdir() if path.is_file()]
            return Stats(
                documents=int(generation.live.sum()),
                segments=len(generation.segments),
                bytes=sum(path.stat().st_size for path in files),
                version=VERSION,
            )

    @contextmanager
    def _seam(self) -> Iterator[None]:
        """Let no foreign exception out, and let nobody use a damaged index again."""
        try:
            yield
        except Damaged as damage:
            self._folder.condemn(damage.folder)
            self._view.expire()
            raise
        except SearchError:
            raise
        except Exception as error:
            raise SearchError(FAILED) from error


@dataclass(frozen=True, slots=True)
class _Held:
    """A generation in memory, and of which commit it is."""

    path: Path
    number: int
    generation: Segments


class _View:
    """The newest generation, looked for by one thread when a folder changed, and now and then.

    A commit changes the time of its folder, which costs microseconds to ask for; but two commits
    may come within one tick of the file system's clock.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._looked = float("-inf")
        self._times: tuple[int, ...] = ()

    def expire(self) -> None:
        """Look again at the next search, since this process has just written."""
        self._looked = float("-inf")

    def generation(self, *, look: bool = False) -> Segments:
        """Give the newest generation, looking for it now or when it is time."""
        held = self._held
        if held is not None and not look and self._is_recent(held):
            return held.generation
        with self._lock:
            started, times = time.monotonic(), self._times_of(self._held)
            self._held = newest = self._newest()
            self._looked = started
            # Times taken before looking never hide a commit; those of a new folder come next time.
            self._times = times if newest is held else ()
            return newest.generation

    def _is_recent(self, held: _Held) -> bool:
        in_time = time.monotonic() - self._looked < LOOK_EVERY
        return in_time and self._times == self._times_of(held)

    def _times_of(self, held: _Held | None) -> tuple[int, ...]:
        """Give when the folder of indexes and that of an index last changed."""
        try:
            paths = [self._folder.path, held.path] if held is not None else []
            return tuple(path.stat().st_mtime_ns for path in paths)
        except FileNotFoundError:
            return ()

    def _newest(self) -> _Held:
        while True:
            path = self._folder.current()
            commits = commits_in(path)
            try:
                with damage_told(path):
                    return self._load(path)
            except (FileNotFoundError, Damaged) as error:
                # Files that go missing while a writer ends or a rebuild swaps are no damage: then
                # there is something newer to read.
                if path == self._folder.current() and commits == commits_in(path):
                    raise Damaged(path) from error

    def _load(self, path: Path) -> _Held:
        index = open_index(path)
        number = index.latest_generation()
        held = self._held if self._held is not None and self._held.path == path else None
        if held is not None and held.number == number:
            return held
        known = {segment.name: segment for segment in held.generation.segments} if held else {}
        segments = []
        for stored in segments_of(index):
            segment = known.get(stored.segment_id()) or Segment(path, stored)
            segments.append((segment, stored.deleted_docs()))
        return _Held(path, number, Segments(segments))
