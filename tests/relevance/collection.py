"""The judged set of sales content, indexed and asked as the product does it.

Its rules stand in sales/README.md. The materials of the demo belong to it as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from contentlib.core.commas import items
from contentlib.core.folding import fold
from contentlib.core.paths import resource
from contentlib.demo.sources import Source, all_sources
from contentlib.finding.lexicon import LANGUAGES
from contentlib.finding.understanding import answered
from contentlib.library.taxonomy import ALIASES, PERSONAS, STAGES, TYPES
from contentlib.search import Answer, Document, Engine, Page, Query
from contentlib.search.evaluate import EVERYONE, Judged, lines
from contentlib.search.meanings import Entry, Lexicon

FOLDER = Path(__file__).parent / "sales"
SEEDED = "20261126_2215_synonyms_and_pins.py"
GROWN = "20261127_0230_more_synonyms.py"
WITHOUT_ACCENTS = "accents"
DEPTH = 50
FACETS = {"stage": STAGES, "persona": PERSONAS, "type": TYPES}
NAMES = {key: (pt, en) for key, pt, en, *_ in (*STAGES, *PERSONAS, *TYPES)}


@dataclass(frozen=True)
class Asked:
    """A judged query, its slice, and for a variant the query that it varies."""

    judged: Judged
    slice: str
    base: str


def documents() -> Iterator[Document]:
    """Give every material as the library would hand it to the index."""
    for row in lines(FOLDER / "docs.jsonl"):
        pages = (Page(0, row["summary"]), *_heard(row), Page(1, row["body"]))
        yield _document(row["id"], row["title"], row["lang"], row, pages)
    for source in all_sources():
        facts = {"type": source.type, "stages": source.stages, "personas": source.personas}
        pages = (Page(0, source.summary), Page(1, _words_of(source)))
        yield _document(
            source.external_id, source.title, source.language, facts | {"tags": source.tags}, pages
        )


@cache
def lexicon() -> Lexicon:
    """Give what an installation knows from its first day, and what this firm's marketing added."""
    names = [
        Entry((pt, en, *items(ALIASES.get(key, ""))), (), ((facet, key),))
        for facet, rows in FACETS.items()
        for key, pt, en, *_ in rows
    ]
    groups = [Entry(tuple(words), tuple(words)) for words in (*seeded(), *own())]
    return Lexicon([*LANGUAGES, *names, *groups])


def ask(engine: Engine, text: str) -> Answer:
    """Put a query as the search page does, for somebody who may see everything."""
    return answered(engine, Query(text, EVERYONE, limit=DEPTH, resembling=True), lexicon())


def queries() -> list[Asked]:
    """Give all queries: bases, their variants, and each base that has accents without them."""
    grades: dict[str, dict[str, float]] = {}
    for line in lines(FOLDER / "qrels.jsonl"):
        grades.setdefault(line["q"], {})[line["doc"]] = float(line["rel"])
    asked = []
    for line in lines(FOLDER / "queries.jsonl"):
        base = line["base"] or line["id"]
        asked.append(
            Asked(Judged(line["id"], line["text"], grades[base]), line["slice"], line["base"] or "")
        )
        if not line["base"] and not line["text"].isascii():
            bare = Judged(f"{line['id']}-bare", fold(line["text"]), grades[base])
            asked.append(Asked(bare, WITHOUT_ACCENTS, line["id"]))
    return asked


def _document(id_: str, title: str, tongue: str, facts: dict, pages: tuple[Page, ...]) -> Document:
    keys = [facts["type"], *facts["stages"], *facts["personas"]]
    names = dict.fromkeys(NAMES[key][tongue == "en"] for key in keys)
    return Document(
        id_,
        1,
        title,
        language=tongue,
        tags=(*names, *facts["tags"]),
        pages=pages,
        facets={
            "stage": tuple(facts["stages"]),
            "persona": tuple(facts["personas"]),
            "type": (facts["type"],),
            "language": (tongue,),
        },
        access=tuple(EVERYONE),
    )


def _heard(row: dict[str, Any]) -> Iterator[Page]:
    """Give the sentences in which an objection is heard, which a card keeps apart."""
    if "heard_as" in row:
        yield Page(0, "\n".join(row["heard_as"]))


def seeded() -> list[list[str]]:
    """Give the synonyms that every installation begins with."""
    old, new = migration(GROWN).grown(migration(SEEDED).GROUPS)
    return [*old, *new]


def own() -> list[tuple[str, ...]]:
    """Give the synonyms that this firm's marketing has added."""
    return [items(line) for line in (FOLDER / "synonyms.txt").read_text("utf-8").splitlines()]


def migration(name: str) -> ModuleType:
    """Load what an installation was once given, as it stands in its file."""
    spec = spec_from_file_location("migration", resource("migrations") / "versions" / name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _words_of(source: Source) -> str:
    card = source.objection
    if card is None:
        return source.body
    return "\n".join(
        [*card.heard_as, card.answer, card.question_back, card.do_not_say, source.body]
    )
