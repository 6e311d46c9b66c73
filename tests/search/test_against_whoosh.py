"""Thousands of random questions: the arrays and Whoosh's own searcher give the same answers.

Whoosh scores by its stock BM25F from the same files, so nothing of ours is asked about itself. It
keeps lengths in one byte. Where documents have just the lengths that fit, scores must be the same;
where they have any, the order must agree wherever scores are further apart than the rounding.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pytest
from whoosh import query as whoosh_query
from whoosh import scoring
from whoosh.searching import Searcher
from whoosh.util.numeric import byte_to_length

from contentlib.search import Answer, Changes, Document, Page, Query, language
from contentlib.search.kernel import FEW, K1, B
from contentlib.search.stopwords import STOP_WORDS
from contentlib.search.whoosh.engine import WhooshEngine
from contentlib.search.whoosh.folder import Folder, open_index

QUESTIONS = 350
LABELS = {"colour": ("red", "green", "blue", "grey"), "shade": ("pale", "dark")}
RIGHTS = ("a", "b", "c")

EXACT, ROUNDED = 1e-4, 0.03
"""How far scores may be apart: by the last digits of a sum, and by lengths in one byte."""


def vocabulary(size: int) -> list[str]:
    """Words that have one key in both languages, since Whoosh would count two keys as two words."""
    dice, words = random.Random(1), {}
    while len(words) < size:
        letters = [dice.choice(part) for part in ("bcdfglmnprtv", "aeiou") * 2]
        word = "".join([*letters, dice.choice("lnrtx")])
        keys = language.any_keys(word)
        if len(keys) == 1 and word not in STOP_WORDS:
            words.setdefault(keys[0], word)
    return list(words.values())


WORDS = vocabulary(150)
# Few words are frequent and most are rare, as in any language.
WEIGHTS = [1 / place for place in range(1, len(WORDS) + 1)]


@dataclass(frozen=True)
class Corpus:
    """How many documents there are, in how many commits, and whether Whoosh knows their lengths."""

    documents: int
    commits: int
    folded: bool
    fitting: bool

    @property
    def tolerance(self) -> float:
        return EXACT if self.fitting else ROUNDED


CORPORA = {
    "fitting, one commit": Corpus(200, 1, folded=False, fitting=True),
    "fitting, many commits": Corpus(200, 3, folded=False, fitting=True),
    "fitting, folded": Corpus(200, 5, folded=True, fitting=True),
    "any length, one commit": Corpus(200, 1, folded=False, fitting=False),
    "any length, many commits": Corpus(200, 4, folded=False, fitting=False),
    "any length, folded": Corpus(200, 7, folded=True, fitting=False),
}


def random_length(dice: random.Random, *, fitting: bool) -> int:
    """Choose how many words a document has; short ones are frequent."""
    return byte_to_length(dice.randrange(10, 70)) if fitting else int(10 * 30 ** dice.random())


def random_document(dice: random.Random, number: int, *, fitting: bool) -> Document:
    words = iter(dice.choices(WORDS, WEIGHTS, k=random_length(dice, fitting=fitting)))
    return Document(
        f"asset:{number}",
        revision=1,
        title=" ".join(islice(words, dice.randrange(6))),
        language=dice.choice(("pt", "en")),
        tags=tuple(islice(words, dice.randrange(3))),
        pages=(Page(1, " ".join(islice(words, dice.randrange(50)))), Page(2, " ".join(words))),
        facets={
            name: tuple(dice.sample(labels, dice.randrange(len(labels) + 1)))
            for name, labels in LABELS.items()
        },
        access=tuple(dice.sample(RIGHTS, dice.randrange(len(RIGHTS) + 1))),
        moment=float(dice.randrange(9)),
    )


@dataclass
class Both:
    """One index, its engine and Whoosh's searcher on it, and what was written into it."""

    engine: WhooshEngine
    searcher: Searcher
    documents: Mapping[str, Document]

    def __post_init__(self) -> None:
        records = self.searcher.reader().column_reader("record")
        self.known = dict[whoosh_query.Query, dict[str, float]]()
        self.ids = [records[n].id for n in range(self.searcher.doc_count_all())]

    def stock(self, question: whoosh_query.Query) -> dict[str, float]:
        """Give what Whoosh finds, with its scores; what was asked before, it need not look for."""
        found = self.known.get(question)
        if found is None:
            found = self.known[question] = self._stock(question)
        return found

    def _stock(self, question: whoosh_query.Query) -> dict[str, float]:
        found = self.searcher.search(question, limit=None).top_n
        return {self.ids[number]: score for score, number in found}


@contextmanager
def written(folder: Path, corpus: Corpus, dice: random.Random) -> Iterator[Both]:
    """Write a corpus in commits that also change and delete what came before."""
    engine, known = WhooshEngine(folder), dict[str, Document]()
    engine.rebuild([])
    for part in range(corpus.commits):
        numbers = range(part, corpus.documents, corpus.commits)
        new = [random_document(dice, number, fitting=corpus.fitting) for number in numbers]
        changed = [
            random_document(dice, int(id_.removeprefix("asset:")), fitting=corpus.fitting)
            for id_ in dice.sample(sorted(known), len(known) // 12)
        ]
        deleted = frozenset(dice.sample(sorted(known), len(known) // 15))
        engine.apply(Changes((*new, *changed), deleted))
        for id_ in deleted:
            known.pop(id_)
        known |= {document.id: document for document in (*new, *changed)}
    if corpus.folded:
        assert engine.tend()
    weighting = scoring.BM25F(B=B, K1=K1)
    with open_index(Folder(folder).current()).searcher(weighting=weighting) as searcher:
        yield Both(engine, searcher, known)


def random_query(dice: random.Random) -> tuple[Query, list[str], list[str]]:
    """Give a question with its words, and those that it excludes."""
    words = dice.choices(WORDS, WEIGHTS, k=dice.randrange(1, 5))
    excluded = dice.choices(WORDS, WEIGHTS, k=dice.random() < 0.2)
    filters = {
        name: frozenset(dice.sample(labels, dice.randrange(1, 3)))
        for name, labels in LABELS.items()
        if dice.random() < 0.3
    }
    query = Query(
        " ".join([*words, *(f"-{word}" for word in excluded)]),
        access=frozenset(dice.sample(RIGHTS, dice.randrange(1, 4))),
        filters=filters,
        facets=tuple(LABELS),
        limit=1_000,
        literally=True,
    )
    return query, words, excluded


def expected(
    both: Both, query: Query, words: Sequence[str], excluded: Sequence[str]
) -> tuple[dict[str, float], bool]:
    """Ask Whoosh for all words, and for some of them where too few visible documents have all."""

    # Whoosh's own AndNot lets the first document of a segment through, so sets exclude here.
    gone = {id_ for term in terms(excluded) for id_ in both.stock(term)}

    def visible(question: whoosh_query.Query) -> dict[str, float]:
        return {
            id_: score
            for id_, score in both.stock(question).items()
            if id_ not in gone and query.access & {*both.documents[id_].access}
        }

    every = visible(whoosh_query.And(terms(words)))
    if len(words) == 1 or len(every) >= FEW:
        return every, False
    some = visible(whoosh_query.Or(terms(words)))
    return some, len(some) > len(every)


def terms(words: Sequence[str]) -> list[whoosh_query.Term]:
    return [whoosh_query.Term("all", language.any_keys(word)[0]) for word in words]


def passes(document: Document, query: Query, *, but: str = "") -> bool:
    return all(
        name == but or labels & {*document.facets[name]} for name, labels in query.filters.items()
    )


def counts(both: Both, found: Mapping[str, float], query: Query) -> dict[str, dict[str, int]]:
    """Count the labels of what Whoosh found, each facet under the filters on the others."""
    documents = [both.documents[id_] for id_ in found]
    return {
        facet: dict(
            Counter(
                label
                for document in documents
                if passes(document, query, but=facet)
                for label in document.facets[facet]
            )
        )
        for facet in query.facets
    }


def assert_same(ours: Answer, theirs: Mapping[str, float], tolerance: float) -> None:
    """Compare sets, scores, and the order wherever scores are further apart than the tolerance."""
    assert ours.total == len(ours.hits)
    assert {hit.id for hit in ours.hits} == theirs.keys()
    best_after = 0.0
    for hit in reversed(ours.hits):
        assert math.isclose(hit.score, theirs[hit.id], rel_tol=tolerance)
        assert theirs[hit.id] >= best_after * (1 - tolerance)
        best_after = max(best_after, theirs[hit.id])


@pytest.mark.parametrize("name", CORPORA)
def test_random_questions_are_answered_as_by_whoosh_itself(tmp_path: Path, name: str) -> None:
    dice, seen = random.Random(name), Counter[str]()
    with written(tmp_path, CORPORA[name], dice) as both:
        deleted = both.searcher.doc_count_all() - both.searcher.doc_count()
        assert bool(deleted) == (CORPORA[name].commits > 1 and not CORPORA[name].folded)
        for _ in range(QUESTIONS):
            query, words, excluded = random_query(dice)
            found, relaxed = expected(both, query, words, excluded)
            theirs = {n: score for n, score in found.items() if passes(both.documents[n], query)}
            ours = both.engine.search(query)
            assert ours.relaxed == relaxed
            assert_same(ours, theirs, CORPORA[name].tolerance)
            assert ours.facets == counts(both, found, query)
            page = both.engine.search(replace(query, offset=3, limit=7))
            assert page.hits == ours.hits[3:10]
            seen["one" if len(words) == 1 else "some" if relaxed else "all"] += bool(theirs)
    # All ways of answering were really taken, and seldom for nothing.
    assert min(seen[way] for way in ("one", "some", "all")) > QUESTIONS // 8
