"""How many of the same wishes are seen, and how many different ones are taken for the same."""

from itertools import product

from contentlib.requests.likeness import most_alike
from tests.requests.duplicates import DUPLICATES


def test_four_in_five_of_the_same_wishes_are_offered_among_all_the_others() -> None:
    board = [(number, first) for number, (first, _second) in enumerate(DUPLICATES)]
    found = [
        number in most_alike(second, board, 3) for number, (_first, second) in enumerate(DUPLICATES)
    ]
    missed = [pair for pair, seen in zip(DUPLICATES, found, strict=True) if not seen]
    assert sum(found) / len(found) >= 0.8, missed


def test_different_wishes_are_hardly_ever_offered() -> None:
    pairs = [
        (one[0], other[1]) for one, other in product(DUPLICATES, DUPLICATES) if one is not other
    ]
    taken = [pair for pair in pairs if most_alike(pair[1], [("x", pair[0])], 1)]
    assert len(taken) / len(pairs) <= 0.02, taken


def test_nobody_is_flooded() -> None:
    board = [(number, first) for number, (first, _second) in enumerate(DUPLICATES)]
    offered = [len(most_alike(second, board, 3)) for _first, second in DUPLICATES]
    assert sum(offered) / len(offered) <= 1.5


def test_what_shares_only_its_kind_is_not_the_same() -> None:
    assert most_alike("Caso de sucesso em saúde", [("x", "Caso de sucesso no varejo")], 3) == []
