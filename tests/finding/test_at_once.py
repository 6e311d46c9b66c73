"""One person's many searches leave threads to others; who asks too much is told so, cheaply."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.errors import TooMany
from contentlib.finding.at_once import SEARCHES, AtOnce
from tests import factories
from tests.statements import statements

SignIn = Callable[[User], FlaskClient]


def test_what_is_done_counts_for_its_person_until_it_ends_or_fails() -> None:
    at_once = AtOnce()
    with at_once.of(1, most=2), at_once.of(2, most=2):
        with pytest.raises(ZeroDivisionError), at_once.of(1, most=2):
            raise ZeroDivisionError
        with at_once.of(1, most=2), pytest.raises(TooMany), at_once.of(1, most=2):
            pass
        with at_once.of(2, most=2):
            pass
    with at_once.of(1, most=1), at_once.of(2, most=1):
        pass


@pytest.mark.parametrize("path", ["/search?q=a", "/search/suggest?q=a"])
def test_nobody_searches_with_more_than_half_of_the_threads(
    app: Flask, sign_in: SignIn, seller: User, path: str
) -> None:
    other = factories.user("seller")
    person, browser, elsewhere = seller.id, sign_in(seller), sign_in(other)
    half = app.extensions["settings"].threads // 2
    with ExitStack() as searches:
        for _ in range(half - 1):
            searches.enter_context(SEARCHES.of(person, most=half))
        assert browser.get(path).status_code == 200
        searches.enter_context(SEARCHES.of(person, most=half))
        with statements() as asked:
            refused = browser.get(path)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "1"
        assert refused.mimetype == "text/plain"
        assert refused.text == (
            "Você busca mais rápido do que as respostas chegam. Tente de novo em um instante.\n"
        )
        # Only who asks is looked up.
        assert len(asked) == 1
        assert elsewhere.get(path).status_code == 200
        assert browser.get("/").status_code == 200
    assert browser.get(path).status_code == 200


def test_who_types_is_told_beside_the_results(app: Flask, sign_in: SignIn, seller: User) -> None:
    person, browser = seller.id, sign_in(seller)
    half = app.extensions["settings"].threads // 2
    with ExitStack() as searches:
        for _ in range(half):
            searches.enter_context(SEARCHES.of(person, most=half))
        refused = browser.get("/search?q=a", headers={"HX-Request": "true"})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["HX-Reswap"] == "none"
    assert "HX-Trigger" in refused.headers
