"""Who comes by a letter has seen its news, as by the bell; nobody else sees anything by it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.notifications.letter_paths import path_in_letter
from contentlib.notifications.models import Notification
from contentlib.notifications.queries import unseen_count
from contentlib.notifications.service import tell
from tests import factories

SignIn = Callable[[User], FlaskClient]


def told(person: User, address: str = "/links") -> Notification:
    news = tell(person.id, "retro.due", key=address, address=address, facts={"deal": "X"})
    assert news is not None
    db.session.commit()
    return news


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/deals/1", "/deals/1?news=7"),
        ("/deals/1#reading", "/deals/1?news=7#reading"),
        ("/requests?show=mine&q=a%20b#request-2", "/requests?show=mine&q=a%20b&news=7#request-2"),
    ],
)
def test_the_way_in_a_letter_is_that_of_the_page_with_the_number(address: str, path: str) -> None:
    assert path_in_letter(address, Notification(id=7)) == path


def test_who_comes_by_a_letter_has_seen_the_news_and_stands_on_the_page_itself(
    sign_in: SignIn, seller: User
) -> None:
    news, browser = told(seller, "/links?show=revoked&q=a%20b"), sign_in(seller)
    answer = browser.get(path_in_letter(news.address, news))
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/links?show=revoked&q=a+b"
    assert news.seen_at is not None
    before = news.seen_at
    page = browser.get(path_in_letter(news.address, news), follow_redirects=True)
    assert page.status_code == 200
    assert "bell-count" not in page.text
    assert news.seen_at == before


def test_after_signing_in_one_is_led_to_the_page_and_has_seen_it(
    client: FlaskClient, seller: User
) -> None:
    news = told(seller)
    answer = client.get(path_in_letter(news.address, news))
    assert answer.status_code == 302
    assert f"news%3D{news.id}" in answer.headers["Location"]
    assert news.seen_at is None


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;x"}])
def test_a_page_fetched_ahead_was_seen_by_nobody(
    sign_in: SignIn, seller: User, headers: dict[str, str]
) -> None:
    news, browser = told(seller), sign_in(seller)
    assert browser.get(path_in_letter(news.address, news), headers=headers).status_code == 200
    assert browser.head(path_in_letter(news.address, news)).status_code == 200
    assert browser.post(path_in_letter("/notifications/seen", news)).status_code == 303
    assert news.seen_at is None


def test_a_letter_that_was_forwarded_leads_there_and_marks_nothing(
    sign_in: SignIn, seller: User, manager: User
) -> None:
    deal = factories.deal(seller)
    news = told(seller, f"/deals/{deal.id}")
    other = factories.user("seller", team="South")
    assert sign_in(manager).get(path_in_letter(news.address, news)).status_code == 200
    assert sign_in(other).get(path_in_letter(news.address, news)).status_code == 404
    assert news.seen_at is None


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40])
def test_nonsense_for_a_number_changes_nothing(sign_in: SignIn, seller: User, number: str) -> None:
    told(seller)
    assert sign_in(seller).get(f"/?news={number}").status_code == 200
    assert unseen_count(seller.id) == 1


def test_nobody_is_led_out_of_this_site(app: Flask, sign_in: SignIn, seller: User) -> None:
    news = told(seller)
    for path in ("//evil.example/", "/\\evil.example/"):
        answer = sign_in(seller).get(path, query_string={"news": str(news.id)})
        assert "evil" not in answer.headers.get("Location", "").partition("localhost")[0]
        assert answer.status_code != 303
