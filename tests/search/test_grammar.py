"""Words, "exact phrases", -exclusions and beginnings*; everything else is text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.search.grammar import MAX_TERMS, Term, parse


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Preço alto", [Term(("preco",)), Term(("alto",))]),
        ('"preço de tabela"', [Term(("preco", "de", "tabela"), exact=True)]),
        ("“preço alto” já", [Term(("preco", "alto"), exact=True), Term(("ja",))]),
        ('caro "nunca fechado', [Term(("caro",)), Term(("nunca", "fechado"), exact=True)]),
        ("-caro", [Term(("caro",), excluded=True)]),
        ('-"muito caro"', [Term(("muito", "caro"), exact=True, excluded=True)]),
        ("pós-venda", [Term(("pos",)), Term(("venda",))]),
        ("-pós-venda", [Term(("pos", "venda"), exact=True, excluded=True)]),
        ("impl*", [Term(("impl",), prefix=True)]),
        ("im*", [Term(("im",))]),
        ("*plan", [Term(("plan",))]),
        ("a\0b\x1fc", [Term(("a",)), Term(("b",)), Term(("c",))]),
        ("preço OR (valor)", [Term(("preco",)), Term(("or",)), Term(("valor",))]),
        ('" " - * ** --', []),
        ("", []),
    ],
)
def test_what_people_type_is_read(text: str, terms: list[Term]):
    assert parse(text) == tuple(terms)


def test_the_last_word_while_typing_is_a_beginning():
    assert parse("objecao pre", typing=True)[-1] == Term(("pre",), prefix=True)
    assert parse("objecao pre ", typing=True)[-1] == Term(("pre",))
    assert parse('"objecao pre', typing=True)[-1] == Term(("objecao", "pre"), exact=True)
    assert parse("objecao -pre", typing=True)[-1] == Term(("pre",), excluded=True)


def test_a_last_word_of_two_letters_waits_for_its_third():
    assert parse("objecao pr", typing=True) == (Term(("objecao",)),)
    assert parse("pr", typing=True) == (Term(("pr",)),)


@given(st.text(max_size=600), st.booleans())
def test_any_text_is_read_within_the_limits(text: str, typing: bool):
    terms = parse(text, typing=typing)
    assert len(terms) <= MAX_TERMS
    assert all(term.words and all(term.words) for term in terms)
    assert all(len(term.words) == 1 for term in terms if not term.exact)


def test_more_terms_than_the_limit_are_dropped():
    assert len(parse("a b c d " * 60)) == MAX_TERMS
