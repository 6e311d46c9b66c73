"""Words that people take for the same have the same key, and any text can be analysed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contentlib.search import language

WORDS = st.text(min_size=1, max_size=40)


def portuguese(word: str) -> str:
    return language.key(language.fold(word), "pt")


def english(word: str) -> str:
    return language.key(language.fold(word), "en")


@pytest.mark.parametrize(
    "same",
    [
        "objeção objeções objecao OBJEÇÕES",
        "manutenção manutencao Manutenções",
        "homem homens",
        "negociação negociações negociaça\u0303o nego\u00adciação",
        "vendedor vendedores",
        "canal canais",
        "papel papéis",
        "funil funis",
        "fácil fáceis",
        "azul azuis",
        "lençol lençóis",
        "pão pães",
        "análise análises",
        "país países",
        "mês meses",
        "inglês ingleses",
        "português portugueses",
        "vez vezes",
        "preço preços",
        "real reais",
        "decisão decisões decisoes",
        "finanças \ufb01nanças",
    ],
)
def test_portuguese_forms_have_one_key(same: str):
    assert len({portuguese(word) for word in same.split()}) == 1


@pytest.mark.parametrize(
    "same",
    [
        "case cases",
        "company companies company's",
        "study studies",
        "price prices pricing",
        "cafés cafe",
    ],
)
def test_english_forms_have_one_key(same: str):
    assert (
        len({english(word) for word in same.split() for word in language.words(word)} - {"s"}) == 1
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("mais", "mal"), ("dois", "dol"), ("bônus", "bônu"), ("mês", "me"), ("pais", "pal")],
)
def test_what_only_looks_like_a_plural_is_left_alone(one: str, other: str):
    assert portuguese(one) != portuguese(other)


def test_a_query_asks_for_every_key_a_document_may_have():
    for word in ("objecoes", "cases", "precos", "studies"):
        asked = language.any_keys(word)
        for tongue in ("pt", "en", "pt-BR", "en_US", "es", ""):
            assert set(language.keys_in(tongue)(word)) <= set(asked)


def test_numbers_and_names_mean_themselves():
    assert language.any_keys("b2b") == ("b2b",)
    assert language.any_keys("2026") == ("2026",)


@given(WORDS)
@example("\ud800")
@example("ŉ")
@example("İ")
@example("㎏")
def test_folding_is_total_and_stable(text: str):
    once = language.fold(text)
    assert language.fold(once) == once
    assert len(once) <= language.MAX_WORD_LENGTH
    assert once == "" or once.isalnum()


@given(st.text(max_size=200))
def test_words_are_folded_and_never_empty(text: str):
    for word in language.words(text):
        assert word
        assert word == language.fold(word)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzáâãçéêíóôõú", min_size=1, max_size=20))
def test_accents_never_change_a_key(word: str):
    bare = language.fold(word)
    assert language.any_keys(bare) == language.any_keys(language.fold(word.upper()))
    assert all(language.any_keys(bare))


@given(st.text(alphabet="abcdefghijlmnoprstuvz", min_size=1, max_size=12))
def test_a_plural_is_never_longer_in_the_singular(word: str):
    assert 0 < len(language.singular(word)) <= len(word)


@pytest.mark.parametrize(
    "family",
    [
        ("integração", "integrações", "integrar", "integra", "INTEGRACAO"),
        ("treinamento", "treinamentos", "treinar", "treine"),
        ("atendimento", "atender", "atendido"),
        ("implantação", "implantar", "implantado"),
    ],
)
def test_a_noun_meets_the_verb_that_it_is_made_of(family: tuple[str, ...]):
    assert len({language.key(language.fold(word), "pt") for word in family}) == 1


@pytest.mark.parametrize("word", ["momento", "documento", "cao", "cimento"])
def test_what_only_looks_like_the_deed_of_a_verb_stays_itself(word: str):
    assert language.key(word, "pt").startswith(word[:3])
