from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from contentlib.accounts.models import User

SignIn = Callable[[User], FlaskClient]


def test_the_theme_changes_from_any_page_and_the_language_stays(
    seller: User, sign_in: SignIn
) -> None:
    seller.language = "en"
    answer = sign_in(seller).post(
        "/me/look", data={"theme": "dark"}, headers={"Referer": "http://localhost/deals?open=1"}
    )
    assert answer.headers["Location"] == "/deals?open=1"
    assert (seller.theme, seller.language) == ("dark", "en")


@pytest.mark.parametrize("referrer", ["http://evil.example//evil.example/", "//evil.example", ""])
def test_one_is_never_led_elsewhere(referrer: str, seller: User, sign_in: SignIn) -> None:
    answer = sign_in(seller).post(
        "/me/look", data={"theme": "light"}, headers={"Referer": referrer}
    )
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith("//")


def test_an_unknown_theme_is_refused(seller: User, sign_in: SignIn) -> None:
    assert sign_in(seller).post("/me/look", data={"theme": "pink"}).status_code == 400
    assert seller.theme == "auto"
