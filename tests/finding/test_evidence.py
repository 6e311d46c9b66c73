"""What a result says of its record, and what that costs."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.library.firm_day import firm_today
from tests import factories
from tests.finding.corpus import won
from tests.statements import statements

SignIn = Callable[[User], FlaskClient]


def test_a_result_says_what_the_page_of_the_material_says(sign_in: SignIn, seller: User) -> None:
    asset = factories.asset()
    for _ in range(5):
        won(seller, asset)
    won(seller)
    won(seller, asset, closed=370, used=380)
    won(seller, asset, closed=3, used=1)
    browser = sign_in(seller)
    assert "5 de 7" in browser.get(f"/reports/assets/{asset.id}/use").text
    assert "5 de 7" in browser.get("/search").text
    assert "5 of 7" in browser.get("/search", headers={"Accept-Language": "en"}).text


def test_a_few_won_deals_are_told_as_too_few_and_none_is_not_told(
    sign_in: SignIn, seller: User
) -> None:
    asset = factories.asset()
    browser = sign_in(seller)
    won(seller)
    assert "insuficientes" not in browser.get("/search").text
    for _ in range(4):
        won(seller, asset)
    assert "dados insuficientes (n = 4)" in browser.get("/search").text


def test_the_record_of_a_hidden_material_is_as_absent_as_itself(
    sign_in: SignIn, seller: User
) -> None:
    asset = factories.asset()
    for _ in range(5):
        won(seller, asset)
    assert "5 de 5" in sign_in(seller).get("/search").text
    asset.valid_until = firm_today() - timedelta(days=2)
    db.session.commit()
    assert "5 de 5" not in sign_in(seller).get("/search").text


def test_more_results_cost_no_more_statements(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    won(seller, factories.asset())
    with statements() as few:
        browser.get("/search")
    won(seller, *[factories.asset() for _ in range(8)])
    with statements() as many:
        assert browser.get("/search").text.count("data-result>") == 9
    assert sum("usage_event" in statement for statement in many) == 1
    assert len(many) == len(few)
