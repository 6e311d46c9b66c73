"""Two changes of one text brought together."""

from hypothesis import given
from hypothesis import strategies as some

from contentlib.feedback.joining import Joined, join, join_texts

BASE = "um\ndois\ntrês\nquatro\ncinco"


def test_changes_of_different_lines_are_both_made() -> None:
    one, other = BASE.replace("um", "UM"), BASE.replace("quatro", "QUATRO")
    assert join_texts(BASE, one, other) == "UM\ndois\ntrês\nQUATRO\ncinco"
    assert join_texts(BASE, other, one) == "UM\ndois\ntrês\nQUATRO\ncinco"


def test_changes_of_lines_that_stand_side_by_side_are_both_made() -> None:
    one, other = BASE.replace("dois", "2"), BASE.replace("três", "3")
    assert join_texts(BASE, one, other) == "um\n2\n3\nquatro\ncinco"


def test_changes_of_the_same_line_are_for_somebody_to_decide() -> None:
    assert join_texts(BASE, BASE.replace("dois", "2"), BASE.replace("dois", "II")) is None


def test_lines_added_at_the_same_place_are_for_somebody_to_decide() -> None:
    assert join_texts("um\ndois", "um\na\ndois", "um\nb\ndois") is None


def test_the_same_change_made_twice_is_one_change() -> None:
    both = BASE.replace("três", "3")
    assert join_texts(BASE, both, both) == both
    assert join_texts(BASE, f"{both}\nseis", both) == f"{both}\nseis"


def test_a_line_taken_out_by_one_and_changed_by_the_other_is_a_conflict() -> None:
    assert join_texts(BASE, "um\ntrês\nquatro\ncinco", BASE.replace("dois", "II")) is None


def test_parts_are_joined_by_themselves_and_those_in_conflict_stay_as_they_are() -> None:
    base = {"answer": "Quanto custa?", "question": "Quando?"}
    present = {"answer": "Quanto custa hoje?", "question": "Quando?"}
    suggested = {"answer": "Quanto custa o atraso?", "question": "Já neste mês?"}
    assert join(base, present, suggested) == Joined(
        {"answer": "Quanto custa hoje?", "question": "Já neste mês?"}, frozenset({"answer"})
    )


LINES = some.lists(some.sampled_from("abcde"), max_size=8).map("\n".join)


@given(LINES, LINES)
def test_what_only_one_changed_is_taken_from_that_one(base: str, changed: str) -> None:
    assert join_texts(base, changed, base) == changed
    assert join_texts(base, base, changed) == changed


@given(LINES, LINES, LINES)
def test_it_does_not_matter_who_came_first(base: str, one: str, other: str) -> None:
    assert join_texts(base, one, other) == join_texts(base, other, one)
