"""The arrays answer as Whoosh's own searcher and as looking at every document would."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as whoosh_query
from whoosh import scoring

from contentlib.search import (
    Boosts,
    Changes,
    Document,
    Meaning,
    Page,
    Query,
    language,
    open_engine,
)
from contentlib.search.kernel import K1, B
from contentlib.search.whoosh.engine import WhooshEngine
from contentlib.search.whoosh.folder import Folder, open_index
from tests.search.brute_force import BruteForceEngine

WORDS = [
    "preço",
    "valor",
    "proposta",
    "cliente",
    "objeção",
    "prazo",
    "contrato",
    "entrega",
    "price",
    "value",
    "offer",
    "deal",
]
# Whoosh would count the two keys of a word as two words, so these are the same in both languages.
ONE_KEY_WORDS = [w for w in WORDS if len(language.any_keys(language.fold(w))) == 1]
LABELS = ("red", "green", "blue")
EVERYTHING = 100


def random_document(dice: random.Random, number: int) -> Document:
    return Document(
        f"asset:{number}",
        revision=dice.randrange(9),
        title=" ".join(dice.choices(WORDS, k=dice.randrange(4))),
        language=dice.choice(("pt", "en")),
        tags=tuple(dice.choices(WORDS, k=dice.randrange(3))),
        pages=(Page(1, " ".join(dice.choices(WORDS, k=dice.randrange(30)))),),
        facets={
            # A label given twice is one label, and not every commit knows the last facet.
            "colour": tuple(dice.choices(LABELS, k=dice.randrange(4))),
            "shade": (dice.choice(LABELS),),
            **({"mood": ("calm",)} if number % 13 == 0 else {}),
        },
        access=tuple(dice.sample(("a", "b", "c"), dice.randrange(3))),
        moment=float(dice.randrange(5)),
    )


def fill(engine: WhooshEngine, brute: BruteForceEngine, dice: random.Random) -> None:
    """Give both engines the same history of some commits with changes and deletions."""
    for one in (engine, brute):
        one.rebuild([])
    for _ in range(dice.randrange(1, 12)):
        documents = {n: random_document(dice, n) for n in dice.choices(range(40), k=8)}
        deleted = {f"asset:{n}" for n in dice.choices(range(40), k=3) if n not in documents}
        for one in (engine, brute):
            one.apply(Changes(tuple(documents.values()), frozenset(deleted)))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    term = st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS).map(lambda word: f"{word[:2]}{word[3]}{word[2]}{word[4:]}"),
        st.sampled_from(WORDS).map(lambda word: f"-{word}"),
        st.sampled_from(WORDS).map(lambda word: f"{word[:3]}*"),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(lambda w: f'"{" ".join(w)}"'),
    )
    labels = st.frozensets(st.sampled_from((*LABELS, "calm", "unknown")), max_size=2)
    meaning = st.builds(
        Meaning,
        words=st.sampled_from(WORDS).map(lambda word: (language.fold(word),)),
        alternatives=st.lists(
            st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join), max_size=2
        ).map(tuple),
        labels=st.lists(
            st.tuples(st.sampled_from(("colour", "shade")), st.sampled_from(LABELS)), max_size=1
        ).map(tuple),
    )
    ids = st.sampled_from([f"asset:{number}" for number in range(45)])
    boosts = st.builds(
        Boosts,
        used=st.dictionaries(ids, st.floats(0, 1), max_size=3),
        trusted=st.frozensets(st.tuples(st.just("colour"), st.sampled_from(LABELS)), max_size=2),
        fresh_at=st.sampled_from((None, 5.0)),
    )
    return Query(
        " ".join(draw(st.lists(term, max_size=4))),
        access=draw(st.frozensets(st.sampled_from(("a", "b", "c")), max_size=2)),
        filters=draw(st.dictionaries(st.sampled_from(("colour", "shade", "mood")), labels)),
        facets=("colour", "shade", "mood", "nowhere"),
        offset=draw(st.sampled_from((0, 0, 3))),
        limit=draw(st.sampled_from((EVERYTHING, EVERYTHING, 5, 0))),
        order=draw(st.sampled_from(("relevance", "newest"))),
        typing=draw(st.booleans()),
        scope=draw(st.sampled_from(("all", "all", "titles"))),
        meanings=draw(st.lists(meaning, max_size=2).map(tuple)),
        withheld=draw(st.frozensets(ids, max_size=3)),
        pinned=draw(st.lists(ids, max_size=2, unique=True).map(tuple)),
        newer_than=draw(st.sampled_from((None, None, 1.5))),
        literally=draw(st.booleans()),
        boosts=draw(st.one_of(st.none(), boosts)),
        resembling=draw(st.booleans()),
    )


@pytest.mark.parametrize("seed", range(6))
def test_totals_hits_and_counts_equal_looking_at_every_document(tmp_path: Path, seed: int):
    engine, brute = WhooshEngine(tmp_path / "index"), BruteForceEngine()
    fill(engine, brute, random.Random(seed))
    assert engine.revisions() == brute.revisions()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(queries())
    def agree(query: Query) -> None:
        ours, true = engine.search(query), brute.search(query)
        assert ours.total == true.total
        assert len(ours.hits) == len(true.hits)
        if query.limit == EVERYTHING and not query.offset:
            assert {hit.id for hit in ours.hits} == {hit.id for hit in true.hits}
        assert ours.facets == true.facets
        assert ours.relaxed == true.relaxed
        assert ours.corrections == true.corrections

    agree()


@pytest.mark.parametrize("seed", range(4))
def test_scores_and_order_equal_looking_at_every_document(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    documents = [random_document(dice, number) for number in range(60)]
    engine, brute = WhooshEngine(tmp_path / "index"), BruteForceEngine()
    for one in (engine, brute):
        one.rebuild(documents)
    for _ in range(60):
        text = " ".join(dice.sample(WORDS, dice.randrange(1, 4)))
        query = Query(text, frozenset("ab"), limit=100)
        ours, true = engine.search(query).hits, brute.search(query).hits
        assert [hit.id for hit in ours] == [hit.id for hit in true]
        assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in true], rel=1e-4)


@pytest.mark.parametrize("commits", [1, 3])
def test_scores_equal_those_of_whoosh_itself(tmp_path: Path, commits: int):
    dice = random.Random(commits)
    documents = [random_document(dice, number) for number in range(300)]
    engine = open_engine(f"whoosh:{tmp_path}")
    engine.rebuild([])
    for part in range(commits):
        engine.apply(Changes(tuple(documents[part::commits])))
    # Postings of the commits stand one after the other, in the order of their documents.
    ids = [document.id for part in range(commits) for document in documents[part::commits]]
    visible = {document.id for document in documents if document.access}
    weighting = scoring.BM25F(B=B, K1=K1)
    with open_index(Folder(tmp_path).current()).searcher(weighting=weighting) as searcher:
        for word in ONE_KEY_WORDS:
            key = language.any_keys(language.fold(word))[0]
            # Whoosh rounds the lengths of documents to what fits into a byte.
            stock = searcher.search(whoosh_query.Term("all", key), limit=None).top_n
            expected = {ids[number]: score for score, number in stock if ids[number] in visible}
            hits = engine.search(Query(word, frozenset("abc"), limit=1000)).hits
            assert {hit.id: hit.score for hit in hits} == pytest.approx(expected, rel=0.03)
            assert len(expected) > 20
