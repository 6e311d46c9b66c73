"""Synonyms and pins are kept by marketers on one page, and a removal can be taken back."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.finding import pins, synonyms
from contentlib.finding.models import Synonym
from contentlib.library.models import Asset
from tests import factories

SignIn = Callable[[User], FlaskClient]
HTMX = {"HX-Request": "true"}
PAGE = "/search/terms"


@pytest.fixture
def browser(sign_in: SignIn, marketer: User) -> FlaskClient:
    db.session.execute(delete(Synonym))
    db.session.commit()
    return sign_in(marketer)


@pytest.fixture
def asset(marketer: User) -> Asset:
    return factories.asset("Tabela de frete", owner=marketer)


def groups() -> list[list[str]]:
    return [row.words for row in synonyms.all_synonyms()]


def undo_of(text: str) -> str:
    """Return where the message after a removal leads back to."""
    found = re.search(r'hx-post="([^"]*/restore[^"]*)"', text)
    assert found is not None
    return html.unescape(found[1])


def test_only_marketers_and_admins_open_the_page(
    browser: FlaskClient, sign_in: SignIn, seller: User, manager: User, admin: User
) -> None:
    for person, status in ((seller, 404), (manager, 404), (admin, 200)):
        assert sign_in(person).get(PAGE).status_code == status
    for shown in ("synonyms", "pins", "nonsense"):
        assert browser.get(f"{PAGE}?show={shown}").status_code == 200


def test_a_group_is_found_by_letters_of_its_words(browser: FlaskClient) -> None:
    for words in ("preço, custo", "prazo, data limite", "caução, fiança"):
        browser.post(f"{PAGE}/synonyms", data={"words": words})
    assert "prazo, data limite" in browser.get(PAGE).text
    found = browser.get(f"{PAGE}?find=CAUC").text
    assert "caução, fiança" in found
    assert "prazo, data limite" not in found
    assert "“xyz”" in browser.get(f"{PAGE}?find=xyz").text
    row = next(row for row in synonyms.all_synonyms() if "caução" in row.words)
    after = browser.post(f"{PAGE}/synonyms/{row.id}/remove", data={"find": "pre"}, headers=HTMX)
    assert "preço, custo" in after.text
    assert "prazo, data limite" not in after.text


def test_synonyms_are_added_changed_and_refused_beside_their_field(browser: FlaskClient) -> None:
    assert "No synonyms yet" in browser.get(PAGE, headers={"Accept-Language": "en"}).text
    browser.post(f"{PAGE}/synonyms", data={"words": "preço, custo;valor"})
    assert groups() == [["preço", "custo", "valor"]]
    twice = browser.post(f"{PAGE}/synonyms", data={"words": "Custos, gasto"})
    assert twice.status_code == 422
    assert 'value="Custos, gasto"' in twice.text
    assert twice.text.count('aria-invalid="true"') == 1
    (row,) = synonyms.all_synonyms()
    wrong = browser.post(f"{PAGE}/synonyms/{row.id}", data={"words": "preço"})
    assert wrong.status_code == 422
    assert f'id="words-{row.id}-wrong"' in wrong.text
    browser.post(f"{PAGE}/synonyms/{row.id}", data={"words": "preço, tarifa"})
    assert groups() == [["preço", "tarifa"]]


def test_a_removed_group_comes_back_by_its_message(browser: FlaskClient) -> None:
    row = synonyms.add_synonym(["preço", "custo"], by=None)
    db.session.commit()
    answer = browser.post(f"{PAGE}/synonyms/{row.id}/remove", headers=HTMX)
    assert groups() == []
    restored = browser.post(undo_of(answer.text), headers=HTMX)
    assert groups() == [["preço", "custo"]]
    assert 'value="preço, custo"' in restored.text
    (row,) = synonyms.all_synonyms()
    assert browser.post(f"{PAGE}/synonyms/{row.id}/remove").status_code == 303


def test_a_term_of_the_report_is_added_to_its_group_and_leads_back(browser: FlaskClient) -> None:
    synonyms.add_synonym(["preço", "custo"], by=None)
    db.session.commit()
    back = "/reports/searches?period=month"
    new = browser.get(PAGE, query_string={"words": "Drone", "back": back}).text
    assert 'value="Drone, "' in new
    known = browser.get(PAGE, query_string={"words": "Custos", "back": back}).text
    assert 'value="preço, custo, "' in known
    data = {"words": "drone, vant", "back": back}
    assert browser.post(f"{PAGE}/synonyms", data=data).location == back
    elsewhere = data | {"words": "a1, b1", "back": "https://else.example/reports/searches"}
    assert browser.post(f"{PAGE}/synonyms", data=elsewhere).location == f"{PAGE}?show=synonyms"


def test_a_material_is_pinned_by_choice_or_by_its_whole_title(
    browser: FlaskClient, asset: Asset
) -> None:
    empty = browser.get(f"{PAGE}?show=pins", headers={"Accept-Language": "en"}).text
    assert "Nothing is pinned" in empty
    browser.post(f"{PAGE}/pins", data={"words": "frete", "asset": str(asset.id)})
    browser.post(f"{PAGE}/pins", data={"words": "tarifa", "asset_text": "tabela de frete"})
    assert pins.pinned_for("fretes") == pins.pinned_for("tarifas") == (f"asset:{asset.id}",)
    assert "Tabela de frete</a>" in browser.get(f"{PAGE}?show=pins").text


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"words": "frete"}, "asset-words"),
        ({"words": "frete", "asset_text": "nada assim"}, "asset-words"),
        ({"words": "", "asset_text": "Tabela de frete"}, "new-words-wrong"),
    ],
)
@pytest.mark.usefixtures("asset")
def test_a_pin_that_lacks_something_is_refused_beside_it(
    browser: FlaskClient, data: dict[str, str], wrong: str
) -> None:
    answer = browser.post(f"{PAGE}/pins", data=data)
    assert answer.status_code == 422
    assert f'id="{wrong}"' in answer.text


def test_what_somebody_may_not_see_is_not_pinned(browser: FlaskClient) -> None:
    data = {"words": "frete", "asset": "999999"}
    assert browser.post(f"{PAGE}/pins", data=data).status_code == 404


def test_pins_are_changed_moved_removed_and_brought_back(
    browser: FlaskClient, asset: Asset, marketer: User
) -> None:
    other = factories.draft("Rascunho", owner=marketer)
    first, second = (pins.add_pin("frete", row, by=None) for row in (asset, other))
    db.session.commit()
    assert 'data-state="due"' in browser.get(f"{PAGE}?show=pins").text
    browser.post(f"{PAGE}/pins/{second.id}/up", headers=HTMX)
    assert pins.pinned_for("frete") == (f"asset:{other.id}", f"asset:{asset.id}")
    answer = browser.post(f"{PAGE}/pins/{second.id}/remove", headers=HTMX)
    assert pins.pinned_for("frete") == (f"asset:{asset.id}",)
    browser.post(undo_of(answer.text), headers=HTMX)
    assert pins.pinned_for("frete") == (f"asset:{asset.id}", f"asset:{other.id}")
    browser.post(f"{PAGE}/pins/{first.id}", data={"words": "carga"})
    assert pins.pinned_for("carga") == (f"asset:{asset.id}",)
    wrong = browser.post(f"{PAGE}/pins/{first.id}", data={"words": " "})
    assert wrong.status_code == 422
    assert f'id="words-{first.id}-wrong"' in wrong.text


def test_words_of_others_are_not_run(browser: FlaskClient, asset: Asset) -> None:
    nasty = '"><script>alert(1)</script>'
    synonyms.add_synonym([nasty, "preço"], by=None)
    pins.add_pin(nasty, asset, by=None)
    db.session.commit()
    for shown in ("synonyms", "pins"):
        text = browser.get(PAGE, query_string={"words": nasty, "show": shown}).text
        assert "<script>alert" not in text
