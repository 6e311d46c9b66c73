"""The search stays as good on the judged set as it is; README.md tells where it falls short."""

import pytest

from contentlib.finding.likeness import keys_of
from contentlib.search.engines import throw_away_engine
from tests.relevance.collection import documents, own, queries, seeded
from tests.relevance.measuring import Measured, by_half, by_slice, losses, measured

NDCG, RECALL = 0.82, 0.85
MOST_LOST = 0.02
FAR = 0.015  # Half of a set says less than all of it.


@pytest.fixture(scope="module")
def rows() -> list[Measured]:
    with throw_away_engine("whoosh", "") as engine:
        engine.rebuild(documents())
        return measured(engine, queries())


def test_the_first_five_answers_are_as_good_as_they_were(rows: list[Measured]):
    everything = by_slice(rows)["all"]
    assert everything.ndcg5 >= NDCG
    assert everything.recall5 >= RECALL


def test_the_half_to_judge_by_is_as_good_as_all(rows: list[Measured]):
    halves = by_half(rows)
    assert abs(halves["odd"].queries - halves["even"].queries) <= 1
    assert halves["even"].ndcg5 >= NDCG - FAR
    assert halves["even"].recall5 >= RECALL - FAR


def test_missing_accents_plurals_and_slips_cost_next_to_nothing(rows: list[Measured]):
    assert {kind: lost for kind, lost in losses(rows).items() if lost > MOST_LOST} == {}


def test_the_set_keeps_its_own_rules():
    asked = queries()
    bases = {one.judged.id for one in asked if not one.base}
    known = {document.id for document in documents()}
    assert len(bases) >= 150
    assert len(known) >= 360
    assert {one.base for one in asked if one.base} <= bases
    for one in asked:
        assert one.judged.relevant.keys() <= known
        assert max(one.judged.relevant.values()) == 3


def test_no_word_of_this_firm_stands_in_two_groups_which_the_product_would_refuse():
    groups = [{keys_of(word) for word in words} for words in (*seeded(), *own())]
    words = [word for group in groups for word in group]
    assert len(words) == len(set(words))
