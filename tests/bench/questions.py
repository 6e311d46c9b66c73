"""What is asked of every engine: drawn from the documents themselves, and kept beside them.

Words come from the texts as often as they stand there, stop words left out. A question is taken
when contentlib answers it in the way its kind says, for it alone relaxes a question by itself:
one of two words when at least five documents have both, one of three when nearly none has all.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from contentlib.search import Answer, Query, language
from tests.bench.corpus import FACETS, MAY_READ
from tests.bench.store import Store

if TYPE_CHECKING:
    from contentlib.search import Engine

KINDS = ("type-ahead", "AND", "OR", "filtered", "faceted", "full page")
EACH = 200
DRAWN = (
    "Questions: {each} of a kind, drawn once by a seed. Words come from the texts as often as they "
    "stand there, stop words left out. Type-ahead: a word cut to three to five letters, in half of "
    "them after a whole word of the same text. AND: two words of one text that at least five "
    "documents have. OR: two words of a Portuguese text and one of an English, so that fewer than "
    "five documents have all three and contentlib, which prefers AND, asks for any. Filtered: the "
    "AND questions with the stage and the type of their text. Faceted and full page: the OR "
    "questions with five facets, and with twenty marked passages. Everyone asks with the same two "
    "access labels; all but type-ahead also want the number of documents."
)


@dataclass(frozen=True)
class Question:
    """A question in the words of a person, of which ``prefix`` is still being typed."""

    kind: str
    words: tuple[str, ...]
    prefix: str = ""
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """Give the keys that each whole word may be stored under."""
        return [language.any_keys(word) for word in self.words]

    @property
    def wants_facets(self) -> bool:
        """Tell whether the five facets are to be counted."""
        return self.kind in ("faceted", "full page")

    @property
    def any_word(self) -> bool:
        """Tell whether one of the words is enough."""
        return self.kind in ("OR", "faceted", "full page")


def query_of(question: Question) -> Query:
    """Give a question as contentlib takes it."""
    return Query(
        text=" ".join(filter(None, (*question.words, question.prefix))),
        access=MAY_READ,
        filters={name: frozenset({label}) for name, label in question.filters.items()},
        facets=FACETS if question.wants_facets else (),
        limit=8 if question.kind == "type-ahead" else 20,
        typing=bool(question.prefix),
    )


def questions(store: Store, engine: "Engine") -> dict[str, list[Question]]:
    """Give the questions of a corpus by kind, drawing them when it has none."""
    path = store.folder / "questions.json"
    if not path.exists():
        drawn = [asdict(question) for question in _drawn(store, engine)]
        path.write_text(json.dumps(drawn, ensure_ascii=False))
    return kept(store)


def kept(store: Store) -> dict[str, list[Question]]:
    """Read the questions that were drawn."""
    found: dict[str, list[Question]] = {kind: [] for kind in KINDS}
    for facts in json.loads((store.folder / "questions.json").read_text()):
        found[facts["kind"]].append(Question(**facts | {"words": tuple(facts["words"])}))
    return found


def _drawn(store: Store, engine: "Engine") -> Iterator[Question]:
    chance = random.Random(store.count)
    yield from islice(_unfinished(store, engine, chance), EACH)
    both = list(islice(_both(store, engine, chance), EACH))
    for question, filters in both:
        yield question
        yield Question("filtered", question.words, filters=filters)
    for question in islice(_any(store, engine, chance), EACH):
        yield question
        yield Question("faceted", question.words)
        yield Question("full page", question.words)


def _unfinished(store: Store, engine: "Engine", chance: random.Random) -> Iterator[Question]:
    while True:
        one, other = _words(store, chance.randrange(store.count), 2, chance)
        words = (one,) if chance.random() < 0.5 else ()
        prefix = other[: min(len(other) - 1, chance.randint(3, 5))]
        question = Question("type-ahead", words, prefix)
        answer = engine.search(query_of(question))
        if len(prefix) >= 3 and answer.total >= 5 and not answer.relaxed:
            yield question


def _both(
    store: Store, engine: "Engine", chance: random.Random
) -> Iterator[tuple[Question, dict[str, str]]]:
    while True:
        number = chance.randrange(store.count)
        question = Question("AND", _words(store, number, 2, chance))
        answer = engine.search(query_of(question))
        facets = store.document(number).facets
        if answer.total >= 5 and not answer.relaxed:
            yield question, {name: facets[name][0] for name in ("stage", "type")}


def _any(store: Store, engine: "Engine", chance: random.Random) -> Iterator[Question]:
    of = {"pt": [], "en": []}
    for number in chance.sample(range(store.count), min(store.count, 500)):
        of[store.document(number).language].append(number)
    while True:
        portuguese = _words(store, chance.choice(of["pt"]), 2, chance)
        english = _words(store, chance.choice(of["en"]), 1, chance)
        question = Question("OR", portuguese + english)
        if _all_asked(engine.search(query_of(question))):
            yield question


def _all_asked(answer: Answer) -> bool:
    return answer.relaxed and answer.total > 20


def _words(store: Store, number: int, count: int, chance: random.Random) -> tuple[str, ...]:
    """Give different words of a document's text, frequent ones more often."""
    (_, pages), *_ = store.texts([number])
    every = [word for page in pages for word in language.words(page.text)]
    telling = [word for word in every if len(word) >= 4 and not language.is_stop_word(word)]
    found: dict[str, None] = {}
    while len(found) < count:
        found[chance.choice(telling)] = None
    return tuple(found)
