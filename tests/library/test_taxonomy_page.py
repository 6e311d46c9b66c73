"""Stages, personas, types and tags are kept by marketers, in both languages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.folding import fold
from contentlib.library import taxonomy, terms
from contentlib.library.taxonomy import Stage, Tag
from tests import factories

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def browser(sign_in: SignIn, marketer: User) -> FlaskClient:
    taxonomy.seed()
    db.session.commit()
    return sign_in(marketer)


def stage(key: str) -> Stage:
    return taxonomy.get_term(Stage, key)


@pytest.mark.parametrize("kind", ["stage", "persona", "type", "tag", "nonsense"])
def test_every_kind_of_word_has_its_page(browser: FlaskClient, kind: str) -> None:
    assert browser.get(f"/admin/taxonomy?kind={kind}").status_code == 200


def test_a_word_is_added_once_in_both_languages(browser: FlaskClient) -> None:
    for _ in range(2):
        browser.post("/admin/taxonomy/stage", data={"name_pt": "Acompanhamento", "name_en": "Care"})
    assert [word.key for word in db.session.scalars(select(Stage)) if word.name_en == "Care"] == [
        "acompanhamento"
    ]


def test_a_renamed_word_keeps_its_key_and_is_indexed_anew(
    browser: FlaskClient, marketer: User
) -> None:
    asset = factories.asset(owner=marketer)
    before, word = asset.revision, stage("proposal")
    browser.post(
        f"/admin/taxonomy/stage/{word.id}/name", data={"name_pt": "Oferta", "name_en": "Offer"}
    )
    db.session.refresh(asset)
    assert (word.key, word.name_pt, word.name_en) == ("proposal", "Oferta", "Offer")
    assert asset.revision == before + 1


def test_a_name_that_another_word_has_is_refused(browser: FlaskClient) -> None:
    word = stage("proposal")
    answer = browser.post(
        f"/admin/taxonomy/stage/{word.id}/name", data={"name_pt": "NEGOCIACAO", "name_en": "Deal"}
    )
    assert word.name_pt == "Proposta"
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 1
    assert 'value="NEGOCIACAO"' in answer.text
    assert 'value="Deal"' in answer.text


def test_a_new_word_that_is_refused_stays_in_its_field(browser: FlaskClient) -> None:
    answer = browser.post(
        "/admin/taxonomy/stage", data={"name_pt": "proposta", "name_en": "Offering"}
    )
    assert answer.status_code == 422
    assert 'value="proposta"' in answer.text
    assert 'value="Offering"' in answer.text
    assert 'id="wrong-name"' in answer.text


def test_words_move_up_and_down(browser: FlaskClient) -> None:
    browser.post(f"/admin/taxonomy/stage/{stage('mql').id}/up")
    assert [word.key for word in taxonomy.all_terms(Stage)][:2] == ["mql", "lead"]
    browser.post(f"/admin/taxonomy/stage/{stage('mql').id}/down")
    assert [word.key for word in taxonomy.all_terms(Stage)][:2] == ["lead", "mql"]


def test_a_retired_word_is_offered_no_more_but_stays_where_it_is_worn(
    browser: FlaskClient, marketer: User
) -> None:
    asset, word = factories.asset(owner=marketer), stage("proposal")
    browser.post(f"/admin/taxonomy/stage/{word.id}/retire")
    assert word not in taxonomy.all_terms(Stage)
    assert asset.stages == [word]
    assert f'value="{word.key}"' in browser.get(f"/assets/{asset.id}/edit").text
    browser.post(f"/admin/taxonomy/stage/{word.id}/reinstate")
    assert word in taxonomy.all_terms(Stage)


def test_two_names_with_one_slug_get_two_keys(browser: FlaskClient) -> None:
    first = terms.add_word("tag", name_pt="C++", name_en="")
    second = terms.add_word("tag", name_pt="C#", name_en="")
    assert isinstance(first, Tag)
    assert first.key != second.key


@pytest.mark.parametrize("name", ["", "   ", "\x00", "***"])
def test_a_word_without_a_name_is_refused(browser: FlaskClient, name: str) -> None:
    before = len(terms.all_words("tag"))
    browser.post("/admin/taxonomy/tag", data={"name_pt": name})
    assert len(terms.all_words("tag")) == before


def test_a_hidden_mark_makes_no_twin_of_a_word(browser: FlaskClient) -> None:
    tag = terms.add_word("tag", name_pt="Logís\u202etica", name_en="")
    db.session.commit()
    assert tag.name_pt == "Logística"
    browser.post("/admin/taxonomy/tag", data={"name_pt": "Logística\u2060"})
    assert terms.all_words("tag") == [tag]


def test_other_names_are_known_to_imports_and_leave_the_index_alone(
    browser: FlaskClient, marketer: User
) -> None:
    asset, word = factories.asset(owner=marketer), stage("proposal")
    before = asset.revision
    names = {"name_pt": word.name_pt, "name_en": word.name_en}
    aliases = "Oferta,  PROPOSTA comercial; oferta, Proposta"
    browser.post(f"/admin/taxonomy/stage/{word.id}/name", data=names | {"aliases": aliases})
    db.session.refresh(asset)
    assert word.aliases == "Oferta, PROPOSTA comercial"
    assert taxonomy.find_term(Stage, "proposta COMERCIAL") is word
    assert asset.revision == before
    assert "PROPOSTA comercial</textarea>" in browser.get("/admin/taxonomy").text


def test_another_name_that_stands_for_another_word_is_refused_where_it_was_typed(
    browser: FlaskClient,
) -> None:
    word = stage("proposal")
    names = {"name_pt": word.name_pt, "name_en": word.name_en}
    for taken in ("Negociacao", "pos-venda"):
        typed = names | {"aliases": f"oferta, {taken}"}
        answer = browser.post(f"/admin/taxonomy/stage/{word.id}/name", data=typed)
        assert answer.status_code == 422
        assert 'aria-describedby="wrong-alias"' in answer.text
        assert f"oferta, {taken}</textarea>" in answer.text
    assert stage("proposal").aliases == ""


def test_a_name_that_is_another_words_other_name_is_refused(browser: FlaskClient) -> None:
    added = browser.post("/admin/taxonomy/persona", data={"name_pt": "cfo"})
    assert added.status_code == 422
    # Of another kind it is another word.
    assert browser.post("/admin/taxonomy/tag", data={"name_pt": "cfo"}).status_code == 303


def test_a_new_word_may_have_other_names_at_once(browser: FlaskClient) -> None:
    browser.post("/admin/taxonomy/tag", data={"name_pt": "Frete", "aliases": "carga, freight"})
    assert taxonomy.get_term(Tag, "FREIGHT").name_pt == "Frete"


def test_seeded_words_are_known_by_what_people_also_write(browser: FlaskClient) -> None:
    written = {"Pós-venda": "expansion", "Descoberta (SQL)": "discovery"}
    for text, key in written.items():
        assert taxonomy.get_term(Stage, text).key == key
    script = taxonomy.get_term(taxonomy.AssetType, "Script (ligação, e-mail, WhatsApp)")
    assert script.key == "script"
    assert taxonomy.get_term(taxonomy.Persona, "cfo").key == "economic_buyer"


def test_no_two_seeded_words_of_a_kind_share_a_name(browser: FlaskClient) -> None:
    for kind in ("stage", "persona", "type"):
        names = [
            name
            for word in terms.all_words(kind)
            for name in taxonomy.own_names(word) | set(map(fold, word.other_names))
        ]
        assert len(names) == len(set(names))
