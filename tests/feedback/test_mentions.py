"""Whom a text speaks to."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contentlib.feedback.mentions import MOST, Person, mentioned

ANA = Person(1, "Ana Souza", "ana@firm.example")
ANA_LIMA = Person(2, "Ana Souza Lima", "lima@firm.example")
JOSE = Person(3, "José D'Ávila", "jose@firm.example")
OTHER_ANA = Person(4, "Ana Souza", "ana.souza@firm.example")
EVERYBODY = [ANA, ANA_LIMA, JOSE]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Ana Souza, viu isso?", {1}),
        ("obrigado, @ana souza.", {1}),
        ("(@ANA SOUZA)", {1}),
        ("@Ana Souza Lima sabe", {2}),
        ("@Jose D'Avila e @ana@firm.example", {3, 1}),
        ("@ana@firm.example.br é de outra firma", set()),
        ("@Ana Souzana não é ninguém", set()),
        ("@Ana sozinha não basta", set()),
        ("escreva para ana@firm.example", set()),
        ("x@Ana Souza", set()),
        ("@", set()),
        ("", set()),
        ("@Ana\nSouza", {1}),
    ],
)
def test_a_whole_name_or_an_address_after_the_sign_is_meant(text: str, meant: set[int]) -> None:
    assert mentioned(text, EVERYBODY) == meant


def test_people_of_the_same_name_are_all_meant_and_an_address_means_one() -> None:
    people = [*EVERYBODY, OTHER_ANA]
    assert mentioned("@Ana Souza", people) == {1, 4}
    assert mentioned("@ana.souza@firm.example", people) == {4}


def test_one_text_speaks_to_a_bounded_number() -> None:
    crowd = [
        Person(number, f"Pessoa X{number}X", f"p{number}@firm.example") for number in range(90)
    ]
    text = " ".join(f"@{one.name}" for one in crowd)
    assert len(mentioned(text, crowd)) == MOST
    assert mentioned("@a " * 50_000, crowd) == set()


@given(some.text(max_size=300))
def test_any_text_is_read_and_means_only_people_there_are(text: str) -> None:
    assert mentioned(text, EVERYBODY) <= {1, 2, 3}
