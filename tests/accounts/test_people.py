"""People are added once, by address, and enter by a one-time link."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts import queries, service
from contentlib.accounts.models import Role, User
from contentlib.core.errors import Invalid


def test_an_address_belongs_to_one_person_whatever_its_capitals(app: Flask, seller: User) -> None:
    with pytest.raises(Invalid, match="already a person"):
        service.add_user(email=seller.email.upper(), name="Other", role=Role.SELLER)


def test_a_broken_address_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid, match="not an e-mail"):
        service.add_user(email="nobody", name="Nobody", role=Role.SELLER)


def test_a_role_is_read_in_portuguese_too() -> None:
    assert service.read_role("Vendedor") == Role.SELLER
    with pytest.raises(Invalid):
        service.read_role("king")


def test_the_last_admin_cannot_be_demoted(app: Flask, admin: User) -> None:
    with pytest.raises(Invalid, match="last active admin"):
        service.change_user(admin, name="A", role=Role.SELLER, team=None, active=True)


def test_a_new_role_ends_the_sessions_of_a_person(app: Flask, seller: User) -> None:
    before = seller.fs_uniquifier
    service.change_user(seller, name="S", role=Role.MARKETER, team=None, active=True)
    assert seller.fs_uniquifier != before
    assert queries.find_user(seller.email) is seller


def test_the_page_of_a_person_names_the_team_and_keeps_it(
    sign_in: Callable[[User], FlaskClient], admin: User, seller: User
) -> None:
    browser, address = sign_in(admin), f"/admin/people/{seller.id}"
    assert 'value="North"' in browser.get(address).text
    form = {"name": "Nova Lima", "email": seller.email, "role": "seller", "team": "North"}
    assert browser.post(address, data=form | {"active": "y"}).status_code == 302
    assert seller.name == "Nova Lima"
    assert seller.team is not None
    assert seller.team.name == "North"


def test_a_name_holds_no_hidden_characters_and_is_never_only_them(app: Flask) -> None:
    team = service.get_or_add_team("Nor\u202ete\u200b")
    assert service.get_or_add_team(" Norte ") is team
    person = service.add_user(
        email="ana@firm.example", name="Ana\u2028\u202eLima\x00", role=Role.SELLER, team=team
    )
    assert person.name == "Ana Lima"
    for blank in ("\u202e\u200b", " \t"):
        with pytest.raises(Invalid, match="needs a name"):
            service.change_user(person, name=blank, role=Role.SELLER, team=team, active=True)
        with pytest.raises(Invalid, match="needs a name"):
            service.get_or_add_team(blank)


def test_an_address_that_is_taken_is_told_beside_it_and_what_was_typed_stays(
    sign_in: Callable[[User], FlaskClient], admin: User, seller: User
) -> None:
    browser, before = sign_in(admin), queries.count_users()
    form = {"name": "Bia Reis", "email": seller.email.upper(), "role": "manager", "team": "Sul"}
    answer = browser.post("/admin/people/new", data=form)
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    for kept in ('value="Bia Reis"', f'value="{seller.email.upper()}"', 'value="Sul"'):
        assert kept in answer.text
    assert 'selected value="manager"' in answer.text
    assert queries.count_users() == before
    assert not [team for team in queries.all_teams() if team.name == "Sul"]


@pytest.mark.parametrize(
    ("typed", "wrong"), [({"email": "nobody"}, "email"), ({"name": " \u202e"}, "name")]
)
def test_a_refused_person_is_told_where(
    sign_in: Callable[[User], FlaskClient], admin: User, typed: dict[str, str], wrong: str
) -> None:
    form = {"name": "Bia", "email": "bia@firm.example", "role": "seller"}
    answer = sign_in(admin).post("/admin/people/new", data=form | typed)
    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text


def test_the_last_admin_stays_and_the_form_says_why(
    sign_in: Callable[[User], FlaskClient], admin: User
) -> None:
    form = {"name": "Ana", "email": admin.email, "role": "seller", "active": "y"}
    answer = sign_in(admin).post(f"/admin/people/{admin.id}", data=form)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert 'value="Ana"' in answer.text
    assert admin.role is Role.ADMIN


def test_the_list_makes_a_one_time_link_in_one_click(
    sign_in: Callable[[User], FlaskClient], admin: User, seller: User
) -> None:
    browser = sign_in(admin)
    assert f'action="/admin/people/{seller.id}/link"' in browser.get("/admin/people").text
    assert "/sign-in/reset/" in browser.post(f"/admin/people/{seller.id}/link").text
