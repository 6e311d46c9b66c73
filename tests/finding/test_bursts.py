"""What is one thought, typed on, taken back or put right, and what is another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.finding.bursts import carries_on, slips

ONE_THOUGHT = [
    ("pre", "preco"),
    ("preco", "preco"),
    ("preco", "preco valor"),
    ("preco", "objecao preco"),
    ("preco valor", "preco por valor"),
    ("preco valorr", "preco valor"),
    ("preco valx", "preco valor"),
    ("preco valx", "preco val"),
    ("negociacoa", "negociacao"),
    ("negocicao", "negociacao"),
    ("negoicac", "negociacao"),
    ("integrasao erp", "integracao erp"),
    ("intergacao", "integracao erp"),
    ("presso", "pressao"),
]
ANOTHER = [
    ("rotamax frete", "rotamax"),
    ("rotamax frete", "rotamax implantacao"),
    ("preco cfo", "preco valor"),
    ("prazo", "preco"),
    ("frete", "objecao"),
    ("ti", "rh"),
    ("q1", "q2"),
]


@pytest.mark.parametrize(("before", "now"), ONE_THOUGHT)
def test_typing_on_erasing_and_putting_right_is_one_thought(before: str, now: str) -> None:
    assert carries_on(before, now)


@pytest.mark.parametrize(("before", "now"), ANOTHER)
def test_other_words_or_one_word_less_are_a_second_thought(before: str, now: str) -> None:
    assert not carries_on(before, now)


def test_slips_are_counted_for_each_beginning() -> None:
    assert slips("valx", "valor") == [4, 3, 2, 1, 1, 2]
    assert slips("", "ab") == [0, 1, 2]
    assert slips("ab", "ba")[-1] == 1


@given(st.text("ab c", max_size=12), st.text("ab c", max_size=12))
def test_any_two_texts_can_be_compared(before: str, now: str) -> None:
    before, now = " ".join(before.split()), " ".join(now.split())
    carries_on(before, now)
    assert carries_on(now, now)
    assert carries_on(before, f"{before}{now}")
