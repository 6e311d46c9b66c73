"""SQLite's FTS5, from the standard library, with facets in a table of labels beside it.

A prefix index for beginnings of three to five letters, ``rank`` for the order, access as bits of a
number, one row a document and label in a table without rowid. It marks nothing but what it
indexed, which are keys; so passages are cut by contentlib's function.
"""

import sqlite3
from functools import cached_property

from contentlib.search import Highlight, best_snippet
from tests.bench.corpus import FACETS, MAY_READ, TEAMS
from tests.bench.peers.peer import OFFERED, PAGE, Found, nested
from tests.bench.questions import Question
from tests.bench.store import Store, keys_of

SCHEMA = """
    CREATE VIRTUAL TABLE words USING fts5(
        keys, prefix = '3 4 5', tokenize = "unicode61 remove_diacritics 0"
    );
    CREATE TABLE document (number INTEGER PRIMARY KEY, readers INTEGER NOT NULL);
    CREATE TABLE label (code INTEGER PRIMARY KEY, facet TEXT, name TEXT, UNIQUE (facet, name));
    CREATE TABLE carries (
        document INTEGER, code INTEGER, PRIMARY KEY (document, code)
    ) WITHOUT ROWID;
"""
SEEN = (
    "words JOIN document ON document.number = words.rowid "
    "WHERE words MATCH :match AND document.readers & :readers"
)
CARRYING = " AND EXISTS (SELECT 1 FROM carries WHERE document = words.rowid AND code = {code})"
BITS = {
    label: 1 << bit for bit, label in enumerate(["everyone", *map("team:{}".format, range(TEAMS))])
}


class Engine:
    recipe = "1"

    def __init__(self, store: Store) -> None:
        self.store = store

    def build(self) -> None:
        connection = self._connect()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SCHEMA)
        codes: dict[tuple[str, str], int] = {}
        for number, keys, facets, access in self.store.analysed():
            connection.execute("INSERT INTO words (rowid, keys) VALUES (?, ?)", (number, keys))
            readers = sum(BITS[label] for label in access)
            connection.execute("INSERT INTO document VALUES (?, ?)", (number, readers))
            pairs = [(facet, label) for facet, labels in facets.items() for label in labels]
            rows = [(number, codes.setdefault(pair, len(codes))) for pair in pairs]
            connection.executemany("INSERT INTO carries VALUES (?, ?)", rows)
        labels = [(code, *pair) for pair, code in codes.items()]
        connection.executemany("INSERT INTO label VALUES (?, ?, ?)", labels)
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        connection.commit()
        connection.execute("ANALYZE")
        connection.close()

    def open(self) -> None:
        self.connection = self._connect()
        rows = self.connection.execute("SELECT facet, name, code FROM label").fetchall()
        self.codes = {(facet, name): code for facet, name, code in rows}
        self.labels = {code: (facet, name) for facet, name, code in rows}

    def ask(self, question: Question) -> Found:
        offering = question.kind == "type-ahead"
        chosen = [self.codes[pair] for pair in question.filters.items()]
        source = SEEN + "".join(CARRYING.format(code=code) for code in chosen)
        asked = {"match": _match(question), "readers": sum(BITS[label] for label in MAY_READ)}
        limit = OFFERED if offering else PAGE
        best = f"SELECT words.rowid FROM {source} ORDER BY words.rank LIMIT {limit}"
        numbers = [number for (number,) in self.connection.execute(best, asked)]
        facets = self._facets(asked) if question.wants_facets else {}
        if offering or facets:
            # Every document has one type, so the counts of types add up to all documents.
            total = sum(facets["type"].values()) if facets else -1
        else:
            ((total,),) = self.connection.execute(f"SELECT count(*) FROM {source}", asked)
        snippets = self._snippets(question, numbers) if question.kind == "full page" else []
        return Found(total, numbers, facets, snippets)

    def change(self, number: int, word: str) -> None:
        keys = f"{keys_of(self.store.document(number))} {word}"
        self.writing.execute("UPDATE words SET keys = ? WHERE rowid = ?", (keys, number))
        self.writing.commit()

    @cached_property
    def writing(self) -> sqlite3.Connection:
        """Give the connection that changes are written by."""
        return self._connect()

    def look(self) -> None:
        # Each statement reads what was committed before it.
        pass

    def _connect(self) -> sqlite3.Connection:
        folder = self.store.folder / "fts5"
        folder.mkdir(exist_ok=True)
        connection = sqlite3.connect(folder / "index.sqlite")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA mmap_size = 2147483648")
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection

    def _facets(self, asked: dict[str, object]) -> dict[str, dict[str, int]]:
        found = f"SELECT words.rowid AS number FROM {SEEN}"
        rows = self.connection.execute(
            f"SELECT code, count(*) FROM ({found}) JOIN carries ON carries.document = number "
            "GROUP BY code",
            asked,
        )
        counted = nested((*self.labels[code], number) for code, number in rows)
        return {facet: counted.get(facet, {}) for facet in FACETS}

    def _snippets(self, question: Question, numbers: list[int]) -> list[str]:
        words = tuple(map(frozenset, question.keys))
        highlight = Highlight(frozenset().union(*words), words=words)
        texts = self.store.texts(numbers)
        return [str(best_snippet(pages, highlight, tongue).html) for tongue, pages in texts]


def _match(question: Question) -> str:
    words = ["(" + " OR ".join(f'"{key}"' for key in keys) + ")" for keys in question.keys]
    if question.prefix:
        words.append(f'"{question.prefix}" *')
    return (" OR " if question.any_word else " AND ").join(words)
