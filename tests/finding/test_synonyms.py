"""Synonyms and other names: what marketing keeps, and that searches read it at once."""

import pytest
from flask import Flask
from sqlalchemy import delete, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import Invalid
from contentlib.finding import synonyms
from contentlib.finding.lexicon import current_lexicon
from contentlib.finding.likeness import keys_of, likeness
from contentlib.finding.models import Synonym
from contentlib.library import taxonomy, terms
from contentlib.library.taxonomy import Stage
from contentlib.search import Meaning
from tests.relevance.collection import GROWN, migration


@pytest.fixture(autouse=True)
def none_yet(app: Flask) -> None:
    """Take away those that an installation begins with."""
    db.session.execute(delete(Synonym))


def meant(text: str) -> tuple[Meaning, ...]:
    return current_lexicon().read(text)


def test_two_texts_of_the_same_words_are_alike() -> None:
    assert likeness("Objeções de PREÇO") == likeness("preco objecao")
    assert keys_of("customer studies") == keys_of("customers study")
    assert keys_of("como foi") != ()
    assert likeness(" - ") == ""


def test_words_of_a_group_mean_each_other_at_once(marketer: User) -> None:
    assert meant("tarifas") == ()
    group = synonyms.add_synonym(["tarifa", "preço", "o quanto custa"], by=marketer)
    assert meant("tarifas") == (Meaning(("tarifas",), ("preço", "o quanto custa")),)
    synonyms.change_synonym(group, ["tarifa", "valor"])
    assert meant("tarifas") == (Meaning(("tarifas",), ("valor",)),)
    synonyms.remove_synonym(group)
    assert meant("tarifas") == ()


def test_a_group_that_was_not_kept_after_all_means_nothing(marketer: User) -> None:
    db.session.commit()
    synonyms.add_synonym(["tarifa", "preço"], by=marketer)
    assert meant("tarifa") != ()
    db.session.rollback()
    assert meant("tarifa") == ()


def test_each_word_stands_once_in_a_group(marketer: User) -> None:
    group = synonyms.add_synonym([" preço ", "Preços", "", "custo", "-"], by=marketer)
    assert group.words == ["preço", "custo"]
    assert group.created_by_id == marketer.id


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "at least two"),
        (["preço"], "at least two"),
        (["preço", "PRECOS"], "at least two"),
        ([f"palavra{n}" for n in range(13)], "up to 12"),
        (["preço", "um dois três quatro cinco"], "too long"),
        (["preço", "x" * 61], "too long"),
        (["preço", "para o"], "too common"),
    ],
)
def test_what_makes_no_group_is_refused_with_a_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        synonyms.add_synonym(words, by=None)


def test_a_word_stands_in_one_group_only() -> None:
    first = synonyms.add_synonym(["preço", "custo"], by=None)
    with pytest.raises(Invalid, match="preço, custo"):
        synonyms.add_synonym(["Custos", "gasto"], by=None)
    second = synonyms.add_synonym(["gasto", "despesa"], by=None)
    with pytest.raises(Invalid, match="another group"):
        synonyms.change_synonym(second, ["gasto", "preco"])
    synonyms.change_synonym(first, ["custo", "preço", "tarifa"])
    assert synonyms.group_of("TARIFAS") is first
    assert synonyms.group_of("frete") is synonyms.group_of("-") is None
    assert synonyms.all_synonyms() == [first, second]


def test_names_and_other_names_of_the_taxonomy_are_labels() -> None:
    taxonomy.seed()
    cfo = Meaning(("cfo",), (), (("persona", "economic_buyer"),))
    assert meant("cfo") == (cfo,)
    assert meant("casos de sucesso")[0].labels == (("type", "case_study"),)
    assert meant("negociacao")[0].labels == (("stage", "negotiation"),)
    synonyms.add_synonym(["CFO", "tesoureiro"], by=None)
    assert meant("cfo") == (Meaning(cfo.words, ("tesoureiro",), cfo.labels),)


def test_a_renamed_or_retired_word_is_read_as_it_is_now() -> None:
    taxonomy.seed()
    word = taxonomy.get_term(Stage, "proposal")
    terms.rename_word(word, name_pt="Oferta", name_en="Offer", aliases="lance")
    assert meant("proposta") == ()
    assert meant("lances")[0].labels == (("stage", "proposal"),)
    terms.retire_word(word)
    assert meant("oferta")[0].labels == (("stage", "proposal"),)


def test_a_tag_with_other_names_is_a_group_of_synonyms() -> None:
    terms.add_word("tag", name_pt="Frete", name_en="Freight", aliases="carga")
    assert meant("cargas") == (Meaning(("cargas",), ("Frete", "Freight")),)


@pytest.mark.parametrize(
    ("text", "value"), [("português", "pt"), ("em ingles", "en"), ("in English", "en")]
)
def test_languages_are_labels(text: str, value: str) -> None:
    assert meant(f"caso {text}")[-1].labels == (("language", value),)


def test_the_lexicon_is_built_once_while_nothing_changes() -> None:
    assert current_lexicon() is current_lexicon()


def test_an_installation_begins_with_groups_that_keep_the_rules(app: Flask) -> None:
    db.session.rollback()
    groups = [row.words for row in db.session.scalars(select(Synonym))]
    assert len(groups) > 12
    db.session.execute(delete(Synonym))
    for words in groups:
        assert synonyms.add_synonym(words, by=None).words == words


def test_words_join_the_groups_that_marketing_kept_and_leave_the_others_alone() -> None:
    kept = [["preço", "valor", "custo total"], ["aviso", "alerta", "fee"]]
    old, new = migration(GROWN).grown(kept)
    assert old == [["preço", "valor", "custo total", "tarifa"], ["aviso", "alerta", "fee"]]
    assert ["barato", "mais em conta"] in [words[:2] for words in new]
    assert not {"alerta", "fee", "grana"} & {word for words in new for word in words}


def test_a_group_that_is_full_or_whose_words_are_taken_does_not_grow() -> None:
    full = [f"preço {number}" for number in range(11)] + ["preço"]
    mine = ["imposto", "tributo", "tax"]
    old, new = migration(GROWN).grown([full, mine])
    assert old == [full, mine]
    assert not {"imposto", "tributo", "tax"} & {word for words in new for word in words}
