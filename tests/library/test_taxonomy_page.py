"""Stages, personas, types and tags are kept by marketers, in both languages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
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
        browser.post("/admin/taxonomy/stage", data={"name_pt": "Pós-venda", "name_en": "Care"})
    assert [word.key for word in db.session.scalars(select(Stage)) if word.name_en == "Care"] == [
        "pos_venda"
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
