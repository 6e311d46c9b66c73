"""Sign-in at the door: throttled, alike for everybody, and never a way out of the house."""

import re
from collections.abc import Callable

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from flask_security import hash_password

from contentlib.accounts import queries
from contentlib.accounts.invitations import first_admin_link, one_time_link
from contentlib.accounts.models import User
from contentlib.app import create_app
from contentlib.core.config import Settings
from contentlib.core.db import db

PASSWORD = "uma senha bem longa"


@pytest.fixture
def door(app: Flask, settings: Settings) -> FlaskClient:
    """A client of an application of its own, so that no other test's failures count.

    What it writes down is in the transaction of the test all the same.
    """
    own = create_app(settings)
    own.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return own.test_client()


def try_to_enter(door: FlaskClient, email: str, password: str = "wrong wrong") -> int:
    return door.post("/sign-in", data={"email": email, "password": password}).status_code


def test_the_sixth_failure_waits_however_often_an_application_was_made(
    door: FlaskClient, settings: Settings
) -> None:
    create_app(settings)
    tries = [try_to_enter(door, "one@example.com") for _ in range(6)]
    assert tries == [200] * 5 + [429]
    assert try_to_enter(door, "two@example.com") == 200


def test_another_spelling_of_an_account_is_no_new_account(door: FlaskClient) -> None:
    spellings = ["one@example.com", " One@example.com", "ONE@EXAMPLE.COM ", "one@example.com\t"]
    for spelling in [*spellings, "one@example.com"]:
        assert try_to_enter(door, spelling) == 200
    assert try_to_enter(door, " one@example.com ") == 429


def test_an_unknown_account_gets_the_same_answer(door: FlaskClient, seller: User) -> None:
    seller.password = hash_password(PASSWORD)
    db.session.commit()
    answers = []
    for email in (seller.email, "nobody@example.com"):
        answer = door.post("/sign-in", data={"email": email, "password": "wrong wrong"})
        page = answer.text.replace(email, "")
        answers.append((answer.status_code, re.sub(r'"X-CSRF[^>]*', "", page)))
    assert answers[0] == answers[1]
    assert "não confere" in answers[0][1]


def test_a_one_time_link_works_once(app: Flask, seller: User) -> None:
    with app.test_request_context():
        link = one_time_link(seller)
    client = app.test_client()
    new = {"password": PASSWORD, "password_confirm": PASSWORD}
    assert client.get(link).status_code == 200
    assert client.post(link, data=new).location == "/sign-in"
    assert client.get(link).location == "/sign-in/reset"
    assert client.post(link, data=new).location == "/sign-in/reset"


def test_a_lost_first_link_is_replaced_until_somebody_has_a_password(app: Flask) -> None:
    with app.test_request_context():
        first_admin_link()
        first_admin_link()
        admin = queries.first_admin()
        assert admin is not None
        assert queries.count_users() == 1
        assert not queries.anybody_can_enter()
        admin.password = hash_password(PASSWORD)
        db.session.flush()
        assert queries.anybody_can_enter()


def test_a_foreign_host_name_is_refused_with_a_sentence(door: FlaskClient) -> None:
    answer = door.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "CONTENTLIB_TRUSTED_HOSTS" in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_a_program_that_has_not_signed_in_is_told_by_a_problem_document(app: Flask) -> None:
    with app.test_request_context():
        address = url_for("deals.board")
    answer = app.test_client().get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


def test_the_sign_in_page_is_not_kept(door: FlaskClient) -> None:
    assert door.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_sign_in_speaks_the_words_of_the_product_in_both_languages(door: FlaskClient) -> None:
    for tag, words in (
        ("pt-BR", ("Senha", "Continuar conectado neste dispositivo", "Esqueci a senha")),
        ("en", ("Password", "Stay signed in on this device", "Forgotten password")),
    ):
        page = door.get("/sign-in", headers={"Accept-Language": tag}).text
        for word in words:
            assert word in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("curta", "curta"), "A senha precisa de pelo menos 10 caracteres."),
        ((PASSWORD, "outra senha bem longa"), "As duas senhas são diferentes."),
        (("", ""), "Digite a senha."),
    ],
)
def test_a_refused_password_is_told_in_the_words_of_the_product(
    app: Flask, seller: User, typed: tuple[str, str], sentence: str
) -> None:
    with app.test_request_context():
        link = one_time_link(seller)
    form = dict(zip(("password", "password_confirm"), typed, strict=True))
    page = app.test_client().post(link, data=form).text
    assert "Repita a nova senha" in page
    assert sentence in page


def test_one_changes_the_own_password(sign_in: Callable[[User], FlaskClient], seller: User) -> None:
    seller.password = hash_password(PASSWORD)
    db.session.commit()
    new = "outra senha bem longa"
    form = {"password": "nada disso aqui", "new_password": new, "new_password_confirm": new}
    browser = sign_in(seller)
    with browser.session_transaction() as session:
        session["fs_paa"] = 4_000_000_000
    assert "Esta não é a sua senha." in browser.post("/me/password", data=form).text
    assert browser.post("/me/password", data=form | {"password": PASSWORD}).location == "/me"
    assert "Sua senha foi alterada." in browser.get("/me").text
