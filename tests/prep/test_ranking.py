"""Which cards stand where, and why: the rules of a brief, without a database."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.finding.likeness import keys_of
from contentlib.prep.ranking import MOST_CARDS, SECTIONS, USUAL, Ranked, rank
from contentlib.prep.situation import Candidate, Loss, Record, Situation

TODAY = date(2026, 3, 2)
PRICE = Loss("price", 4, 9, frozenset(keys_of("Preço Price")))
TRUST = Loss("trust", 2, 9, frozenset(keys_of("Confiança prova Trust proof")))
TALK = Situation("negotiation", frozenset({"economic_buyer"}), losses=(PRICE, TRUST))
EMPTY = Record(TODAY)


def one(number: int, kind: str, words: str = "", **facts: Any) -> Candidate:
    given_facts = {"language": "pt", "published_at": datetime(2025, 1, 1, tzinfo=UTC)} | facts
    return Candidate(number, kind, keys=frozenset(keys_of(words)), **given_facts)


def fitting(number: int, kind: str, words: str = "", **facts: Any) -> Candidate:
    return one(number, kind, words, stages=frozenset({"negotiation"}), **facts)


def chosen(
    candidates: list[Candidate], record: Record = EMPTY, situation: Situation = TALK
) -> dict[str, list[int]]:
    ranked = rank(situation, candidates, record, seed="a")
    found: dict[str, list[int]] = {}
    for card in ranked.cards:
        found.setdefault(card.section, []).append(card.candidate.id)
    return found


def codes(ranked: Ranked, number: int) -> list[str]:
    card = next(card for card in ranked.cards if card.candidate.id == number)
    return [reason.code for reason in card.reasons]


def shelf() -> list[Candidate]:
    kinds = ["case_study", "objection", "objection", "one_pager", "script", "battlecard", "video"]
    return [fitting(number, kind, "RotaMax preço") for number, kind in enumerate(kinds, 1)]


def test_a_full_shelf_gives_seven_cards_in_the_order_of_the_sections() -> None:
    rival = replace(TALK, competitor=frozenset(keys_of("RotaMax")))
    ranked = rank(rival, shelf(), EMPTY, seed="a")
    assert [card.section for card in ranked.cards] == [
        "open",
        "expect",
        "expect",
        "proof",
        "script",
        "battlecard",
        "try",
    ]
    assert ranked.gaps == ()


def test_the_stage_and_the_people_come_before_what_is_used_most() -> None:
    used = Record(TODAY, similar=20, used={2: 12})
    there = [
        fitting(1, "case_study", personas=frozenset({"economic_buyer"})),
        one(2, "case_study"),
    ]
    assert chosen(there, used)["open"] == [1]


def test_of_two_that_fit_alike_the_one_used_on_more_similar_wins_stands_first() -> None:
    used = Record(TODAY, similar=11, used={2: 6})
    assert chosen([fitting(1, "case_study"), fitting(2, "case_study")], used)["open"] == [2]


def test_the_interval_stands_beside_use_from_five_similar_deals_on() -> None:
    there = [fitting(1, "case_study")]
    enough = rank(TALK, there, Record(TODAY, similar=11, used={1: 6}), seed="a")
    facts = next(r.facts for r in enough.cards[0].reasons if r.code == "wins")
    assert facts == {"part": 6, "whole": 11, "low": 0.2801, "high": 0.7873}
    few = rank(TALK, there, Record(TODAY, similar=4, used={1: 3}), seed="a")
    assert ("few_wins" in codes(few, 1), "wins" in codes(few, 1)) == (True, False)


def test_what_deals_are_lost_for_is_expected_and_the_second_objection_is_another() -> None:
    there = [
        fitting(1, "objection", "Está caro: preço"),
        fitting(2, "objection", "Preço por entrega"),
        fitting(3, "objection", "Quem garante? Prova"),
    ]
    assert chosen(there)["expect"] == [1, 3]


def test_what_was_heard_comes_first() -> None:
    heard = replace(TALK, heard=frozenset(keys_of("vocês são pequenos")))
    there = [
        fitting(1, "objection", "Está caro: preço"),
        one(2, "objection", "São pequenos demais"),
    ]
    assert chosen(there, situation=heard)["expect"][0] == 2


def test_the_proof_of_an_expected_objection_is_the_proof_at_its_page() -> None:
    there = [
        fitting(1, "objection", "Preço", proof=(3, 4)),
        fitting(2, "one_pager"),
        fitting(3, "one_pager"),
    ]
    ranked = rank(TALK, there, EMPTY, seed="a")
    (proof,) = [card for card in ranked.cards if card.section == "proof"]
    assert (proof.candidate.id, proof.page) == (3, 4)
    assert "proves" in codes(ranked, 3)


def test_what_expired_a_day_ago_is_gone_and_what_expires_today_is_not() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert chosen([fitting(1, "case_study", valid_until=yesterday)]) == {}
    assert chosen([fitting(1, "case_study", valid_until=TODAY)])["open"] == [1]


def test_an_overdue_material_comes_only_where_nothing_else_is_and_is_never_drawn() -> None:
    late = fitting(1, "case_study", review_due=TODAY - timedelta(days=1))
    assert chosen([late, one(2, "case_study")])["open"] == [2]
    ranked = rank(TALK, [late], EMPTY, seed="a")
    assert "overdue" in codes(ranked, 1)
    assert [card.section for card in ranked.cards] == ["open"]


def test_a_material_in_another_language_is_not_for_this_buyer() -> None:
    assert chosen([fitting(1, "case_study", language="en")]) == {}


def test_what_this_buyer_was_sent_stands_behind_what_is_new_to_them() -> None:
    sent = Record(TODAY, knows_buyer=True, sent=frozenset({1}))
    there = [fitting(1, "case_study"), fitting(2, "case_study")]
    assert chosen(there, sent)["open"] == [2]
    assert chosen([fitting(1, "case_study")], sent)["open"] == [1]


def test_a_case_about_the_customer_is_no_example_to_them() -> None:
    orla = replace(TALK, customer=frozenset(keys_of("Orla Distribuição")))
    there = [fitting(1, "case_study", "Orla Distribuição: no prazo"), one(2, "case_study", "Outra")]
    assert chosen(there)["open"] == [1]
    assert chosen([there[0], fitting(2, "case_study")], situation=orla)["open"] == [2]


def test_what_may_not_leave_the_company_is_nothing_to_show_but_may_be_said() -> None:
    there = [
        fitting(1, "case_study", is_internal=True),
        fitting(2, "one_pager", is_internal=True),
        fitting(3, "script", is_internal=True),
    ]
    assert chosen(there) == {"script": [3]}
    assert chosen(there, Record(TODAY, pinned={1: "open"}))["open"] == [1]


def test_what_was_left_out_does_not_come_back() -> None:
    record = Record(TODAY, dismissed=frozenset({1}))
    assert chosen([fitting(1, "case_study"), fitting(2, "case_study")], record)["open"] == [2]


def test_a_pin_holds_its_place_against_anything_better() -> None:
    pinned = Record(TODAY, similar=20, used={1: 15}, pinned={2: "open"})
    ranked = rank(TALK, [fitting(1, "case_study"), one(2, "case_study")], pinned, seed="a")
    assert (ranked.cards[0].candidate.id, codes(ranked, 2)[0]) == (2, "pinned")


def test_a_pin_of_what_has_expired_since_holds_nothing() -> None:
    pinned = Record(TODAY, pinned={1: "open"})
    gone = fitting(1, "case_study", valid_until=TODAY - timedelta(days=1))
    assert chosen([gone], pinned) == {}


def test_more_pins_than_there_is_room_for_leave_seven_cards() -> None:
    many = [fitting(number, "script") for number in range(1, 12)]
    pinned = Record(TODAY, pinned=dict.fromkeys(range(1, 12), "script"))
    ranked = rank(TALK, [*many, *shelf()], pinned, seed="a")
    assert len(ranked.cards) == MOST_CARDS


def test_without_anything_that_fits_the_best_in_general_stands_there_and_says_so() -> None:
    there = [one(1, "case_study"), one(2, "script"), one(3, "calculator"), one(4, "objection")]
    ranked = rank(TALK, there, EMPTY, seed="a")
    assert [card.section for card in ranked.cards] == ["open", "proof", "script"]
    assert all(card.reasons[0].code == "general" for card in ranked.cards)
    assert {gap.section: gap.code for gap in ranked.gaps} == {
        "expect": "none_fits",
        "try": "all_known",
    }


def test_a_battlecard_is_about_this_competitor_or_missing() -> None:
    rival = replace(TALK, competitor=frozenset(keys_of("Trilho 360")))
    ranked = rank(rival, [fitting(1, "battlecard", "RotaMax")], EMPTY, seed="a")
    assert ranked.cards == ()
    assert ("battlecard", "none_fits") in [(gap.section, gap.code) for gap in ranked.gaps]
    assert "battlecard" not in [gap.section for gap in rank(TALK, [], EMPTY, seed="a").gaps]


def test_an_empty_library_says_of_every_section_that_there_is_nothing() -> None:
    ranked = rank(TALK, [], EMPTY, seed="a")
    assert ranked.cards == ()
    assert {gap.code for gap in ranked.gaps} == {"none"}
    assert [gap.section for gap in ranked.gaps] == ["open", "expect", "proof", "script", "try"]


def test_a_type_that_the_firm_added_itself_is_proof() -> None:
    assert chosen([fitting(1, "site_visit")])["proof"] == [1]


def test_every_known_section_has_its_types() -> None:
    assert set(USUAL) | {"try"} == set(SECTIONS)


def drawn(number: int, seed: str) -> tuple[int, float]:
    there = [fitting(one_of, "video") for one_of in range(1, number + 1)]
    ranked = rank(TALK, there, Record(TODAY, similar=9, used={1: 3}), seed=seed)
    (card,) = [card for card in ranked.cards if card.section == "try"]
    return card.candidate.id, card.propensity


def test_the_draw_is_the_same_for_the_same_seed_and_keeps_its_chance() -> None:
    # Of six one opens and one is proof; each of the four others has the same chance.
    number, chance = drawn(6, "deal:1:2026-03-02")
    assert drawn(6, "deal:1:2026-03-02") == (number, chance)
    assert chance == pytest.approx(1 / 4)


def test_over_many_days_each_is_drawn_about_as_often() -> None:
    times = Counter(drawn(6, f"deal:1:{day}")[0] for day in range(2000))
    assert set(times) == {3, 4, 5, 6}
    assert all(420 < count < 580 for count in times.values())


PERSONAS = ("economic_buyer", "technical", "user")
STAGES = ("proposal", "negotiation")
WORDS = ("preço", "prova", "RotaMax", "logística", "")
candidates = st.builds(
    lambda number, kind, stages, personas, words, language, due: Candidate(
        number,
        kind,
        language,
        stages,
        personas,
        frozenset(keys_of(words)),
        review_due=due,
        published_at=datetime(2025, 1, 1, tzinfo=UTC),
    ),
    st.integers(1, 60),
    st.sampled_from([*{kind for kinds in USUAL.values() for kind in kinds}, "own"]),
    st.frozensets(st.sampled_from(STAGES)),
    st.frozensets(st.sampled_from(PERSONAS)),
    st.sampled_from(WORDS),
    st.sampled_from(["pt", "pt", "pt", "en"]),
    st.sampled_from([None, TODAY, TODAY - timedelta(days=3)]),
)
shelves = st.lists(candidates, max_size=30, unique_by=lambda candidate: candidate.id)
numbers = st.frozensets(st.integers(1, 60), max_size=8)
records = st.builds(
    lambda similar, used, sent, dismissed, pinned: Record(
        TODAY,
        knows_buyer=True,
        similar=similar,
        used={number: min(times, similar) for number, times in used.items() if similar},
        sent=sent,
        dismissed=dismissed,
        pinned=pinned,
    ),
    st.integers(0, 30),
    st.dictionaries(st.integers(1, 60), st.integers(1, 30), max_size=20),
    numbers,
    numbers,
    st.dictionaries(st.integers(1, 60), st.sampled_from(SECTIONS), max_size=3),
)
RIVAL = replace(
    TALK,
    competitor=frozenset(keys_of("RotaMax")),
    industry=frozenset(keys_of("Logística")),
    heard=frozenset(keys_of("preço")),
)


@given(shelves, records, st.randoms())
def test_the_order_of_the_candidates_changes_nothing(
    shelf: list[Candidate], record: Record, random: Any
) -> None:
    mixed = list(shelf)
    random.shuffle(mixed)
    assert rank(RIVAL, mixed, record, seed="s") == rank(RIVAL, shelf, record, seed="s")


@given(shelves, records)
def test_whatever_there_is_a_brief_keeps_its_promises(
    shelf: list[Candidate], record: Record
) -> None:
    ranked = rank(RIVAL, shelf, record, seed="s")
    shown = [card.candidate.id for card in ranked.cards]
    assert len(shown) == len(set(shown)) <= MOST_CARDS
    assert not record.dismissed & set(shown)
    places = [SECTIONS.index(card.section) for card in ranked.cards]
    assert places == sorted(places)
    there = {card.section for card in ranked.cards} | {gap.section for gap in ranked.gaps}
    assert len(shown) == MOST_CARDS or there == set(SECTIONS)
    for card in ranked.cards:
        assert 0 < card.propensity <= 1
        assert card.section == "try" or card.propensity == 1
        assert card.reasons or card.candidate.type == "battlecard"


@given(shelves, records)
def test_another_seed_changes_the_drawn_card_alone(shelf: list[Candidate], record: Record) -> None:
    one_day, next_day = (rank(RIVAL, shelf, record, seed=seed) for seed in ("a", "b"))
    kept = [[card for card in day.cards if card.section != "try"] for day in (one_day, next_day)]
    assert kept[0] == kept[1]
