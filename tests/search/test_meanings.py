"""Words of a query that mean more than themselves are found as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.search.engine import Meaning
from contentlib.search.grammar import MAX_TERMS
from contentlib.search.meanings import Entry, Lexicon

PRICE = ("preço", "custo", "quanto custa")
CASE, CFO, IT = ("type", "case_study"), ("persona", "economic_buyer"), ("persona", "technical")
LEXICON = Lexicon(
    [
        Entry(PRICE, PRICE),
        Entry(("Caso de sucesso", "Case study", "caso"), labels=(CASE,)),
        Entry(("CFO", "diretor financeiro"), labels=(CFO,)),
        Entry(("CFO", "finance director"), ("CFO", "finance director")),
        Entry(("Técnico / TI", "TI", "IT"), labels=(IT,)),
        Entry(("inglês", "em inglês"), labels=(("language", "en"),)),
        Entry(("e-book",), labels=(("type", "article"),)),
    ]
)


def read(text: str) -> list[tuple[str, ...]]:
    return [meaning.words for meaning in LEXICON.read(text)]


@pytest.mark.parametrize("text", ["preço", "PRECO", "Preços", "precos"])
def test_neither_plurals_nor_accents_nor_case_matter(text: str) -> None:
    (meaning,) = LEXICON.read(f"objeção {text}")
    assert meaning.alternatives == ("custo", "quanto custa")
    assert meaning.labels == ()


def test_words_stand_as_they_were_typed_but_folded() -> None:
    assert read("Preços do CFO") == [("precos",), ("cfo",)]


def test_a_word_with_synonyms_that_is_also_a_name_means_both() -> None:
    assert LEXICON.read("cfo") == (Meaning(("cfo",), ("finance director",), (CFO,)),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("casos de sucesso", ("casos", "de", "sucesso")),
        ("caso sucesso", ("caso", "sucesso")),
        ("caso do sucesso", ("caso", "do", "sucesso")),
        ("case study", ("case", "study")),
    ],
)
def test_stop_words_inside_are_skipped_on_both_sides(text: str, words: tuple[str, ...]) -> None:
    assert LEXICON.read(f"frete {text} varejo") == (Meaning(words, (), (CASE,)),)


def test_the_longest_match_goes_first_and_none_overlap() -> None:
    assert read("caso de sucesso diretor financeiro caso") == [
        ("caso", "de", "sucesso"),
        ("diretor", "financeiro"),
        ("caso",),
    ]


def test_a_longer_match_that_begins_later_takes_words_from_a_shorter_one() -> None:
    lexicon = Lexicon([Entry(("a1 b1",)), Entry(("b1 c1 d1",))])
    assert [meaning.words for meaning in lexicon.read("a1 b1 c1 d1")] == [("b1", "c1", "d1")]


def test_stop_words_at_the_ends_belong_to_a_name() -> None:
    assert read("caso em inglês") == [("caso",), ("em", "ingles")]
    assert read("ingles") == [("ingles",)]
    assert read("e-book") == [("e", "book")]
    assert read("book") == []


def test_a_name_made_of_stop_words_alone_is_no_name() -> None:
    assert read("how does it work") == []
    assert read("ti") == [("ti",)]


@pytest.mark.parametrize(
    "text", ["-preço", '"preço"', "preç*", "preço* ", '"caso de sucesso"', "-e-book", "", '"', "de"]
)
def test_what_is_excluded_exact_or_only_begun_means_nothing_more(text: str) -> None:
    assert read(text) == []


def test_words_apart_from_each_other_are_no_name() -> None:
    assert read('diretor "frete" financeiro') == []
    assert read("diretor -frete financeiro") == []
    assert read("diretor comercial financeiro") == []


def test_the_same_word_twice_is_told_once() -> None:
    assert read("preço preco preço") == [("preco",)]


def test_an_empty_lexicon_knows_nothing() -> None:
    assert Lexicon().read("preço") == ()
    assert Lexicon([Entry(("", "-", "de"))]).read("de - ") == ()


@given(st.text())
def test_any_text_is_read_and_what_is_found_stands_in_it(text: str) -> None:
    meanings = LEXICON.read(text)
    assert sum(len(meaning.words) for meaning in meanings) <= MAX_TERMS
    for meaning in meanings:
        assert meaning.labels or meaning.alternatives
