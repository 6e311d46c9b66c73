"""The documents of a corpus on disk: their texts, as a database has them, and their analysed keys.

contentlib takes the texts. The peers take the keys as words between spaces, a key of title and tags
as often as it weighs for contentlib; so analysis decides nothing.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from contentlib.search import Document, Page, analysis, language
from tests.bench import corpus

ROOT = Path("var/bench-search")
CHUNK = 2_000
COLUMNS = "number INTEGER PRIMARY KEY, language TEXT, pages TEXT, rest TEXT, keys TEXT"


class Store:
    """The documents of one size; ``at`` names another folder than their own, as copies need."""

    def __init__(self, count: int, at: str | None = None) -> None:
        self.count = count
        weights = (analysis.TITLE_WEIGHT, analysis.TAG_WEIGHT, analysis.BODY_WEIGHT)
        recipe = "-".join(f"{weight:g}" for weight in (language.VERSION, *weights))
        own = f"corpus{corpus.VERSION}-keys{recipe}-{count}"
        self.folder = Path(at) if at else ROOT.absolute() / own
        self._connection: sqlite3.Connection | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """Give the open database of texts."""
        if self._connection is None:
            self._connection = sqlite3.connect(self.folder / "texts.sqlite")
            self._connection.execute("PRAGMA cache_size = -32768")
        return self._connection

    def prepare(self) -> dict[str, float]:
        """Generate and analyse the documents unless they are there; give what was recorded."""
        if not (self.folder / "texts.json").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "texts.sqlite").unlink(missing_ok=True)
            self._fill()
        figures: dict[str, float] = json.loads((self.folder / "texts.json").read_text())
        return figures

    def documents(self) -> Iterator[Document]:
        """Give every document as contentlib takes it."""
        for number in range(self.count):
            yield self.document(number)

    def document(self, number: int) -> Document:
        """Give one document."""
        tongue, pages, rest = self._row("language, pages, rest", number)
        facts = json.loads(rest)
        return Document(
            id=f"asset:{number}",
            revision=1,
            title=facts["title"],
            language=tongue,
            tags=tuple(facts["tags"]),
            pages=_pages(pages),
            facets={name: tuple(labels) for name, labels in facts["facets"].items()},
            access=tuple(facts["access"]),
            moment=facts["moment"],
        )

    def analysed(self) -> Iterator[tuple[int, str, dict[str, list[str]], list[str]]]:
        """Give number, keys, facets and access labels of every document, as the peers take them."""
        for number in range(self.count):
            keys, rest = self._row("keys, rest", number)
            facts = json.loads(rest)
            yield number, keys, facts["facets"], facts["access"]

    def texts(self, numbers: list[int]) -> list[tuple[str, tuple[Page, ...]]]:
        """Give language and pages of some documents, in one question."""
        marks = ",".join("?" * len(numbers))
        rows = self.connection.execute(
            f"SELECT number, language, pages FROM document WHERE number IN ({marks})", numbers
        )
        found = {number: (tongue, _pages(pages)) for number, tongue, pages in rows}
        return [found[number] for number in numbers]

    def _row(self, columns: str, number: int) -> tuple[Any, ...]:
        question = f"SELECT {columns} FROM document WHERE number = ?"
        row: tuple[Any, ...] = self.connection.execute(question, (number,)).fetchone()
        return row

    def _fill(self) -> None:
        words, analysing = 0, 0.0
        self.connection.execute(f"CREATE TABLE document ({COLUMNS})")
        with ProcessPoolExecutor() as pool:
            starts = range(0, self.count, CHUNK)
            sizes = [min(CHUNK, self.count - start) for start in starts]
            for rows, length, seconds in pool.map(_chunk, starts, sizes):
                self.connection.executemany("INSERT INTO document VALUES (?, ?, ?, ?, ?)", rows)
                words, analysing = words + length, analysing + seconds
        self.connection.commit()
        figures = {"mean words": words / self.count, "analysing seconds": analysing}
        (self.folder / "texts.json").write_text(json.dumps(figures))


def keys_of(document: Document) -> str:
    """Give the keys of a document as text, each as often as it weighs."""
    weights = analysis.analyse(document).weights
    return " ".join(" ".join([key] * round(weight)) for key, weight in weights.items())


def _chunk(start: int, size: int) -> tuple[list[tuple[Any, ...]], int, float]:
    """Make some documents, in a process of its own."""
    rows, words, analysing = [], 0, 0.0
    for document in corpus.documents(size, start):
        began = time.process_time()
        keys = keys_of(document)
        analysing += time.process_time() - began
        pages = [(page.number, page.text) for page in document.pages]
        words += sum(page.text.count(" ") + 1 for page in document.pages)
        rest = {
            "title": document.title,
            "tags": document.tags,
            "facets": document.facets,
            "access": document.access,
            "moment": document.moment,
        }
        number = int(document.id.partition(":")[2])
        rows.append((number, document.language, json.dumps(pages), json.dumps(rest), keys))
    return rows, words, analysing


def _pages(stored: str) -> tuple[Page, ...]:
    return tuple(Page(number, text) for number, text in json.loads(stored))
