"""Every route against every role: who may not is told that the page does not exist."""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import Role, User
from contentlib.accounts.permissions import POLICY, permission_of
from contentlib.core.clock import now
from tests import factories

SignIn = Callable[[User], FlaskClient]
NOBODY = "999999999"


def addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    """Return each route's address, with rows that do not exist, and its permission."""
    found = []
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in ("static", "security.static"):
            values = {
                name: "x" if type(converter).__name__ == "UnicodeConverter" else NOBODY
                for name, converter in rule._converters.items()
            }
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **values)
            found.append((address, str(permission_of(app, rule.endpoint))))
    return sorted(found)


@pytest.mark.parametrize("role", list(Role))
def test_who_lacks_the_permission_finds_nothing_to_read(
    app: Flask, sign_in: SignIn, role: Role
) -> None:
    browser = sign_in(factories.user(role, team="North"))
    for address, permission in addresses(app, "GET"):
        answer = browser.get(address)
        if role not in POLICY[permission].roles:
            assert answer.status_code == 404, address
        else:
            assert answer.status_code < 500, address


@pytest.mark.parametrize("role", list(Role))
def test_who_lacks_the_permission_changes_nothing(app: Flask, sign_in: SignIn, role: Role) -> None:
    person = factories.user(role, team="North")
    for address, permission in addresses(app, "POST"):
        answer = sign_in(person).post(address)
        if role not in POLICY[permission].roles:
            assert answer.status_code == 404, address
        else:
            assert answer.status_code < 500, address


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_gets_past_the_door_without_signing_in(
    app: Flask, client: FlaskClient, method: str
) -> None:
    for address, permission in addresses(app, method):
        answer = client.open(address, method=method)
        if permission == "public":
            assert answer.status_code < 500, address
        else:
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/sign-in"), address


def test_forbidden_and_absent_answer_alike(app: Flask, sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    # The token against forged forms tells the second it was made in.
    with time_machine.travel(now(), tick=False):
        forbidden, absent = browser.get("/admin/people"), browser.get("/no-such-page")
    assert forbidden.status_code == absent.status_code == 404
    assert forbidden.data == absent.data


HUGE = ["9223372036854775808", "9" * 40]


@pytest.mark.parametrize("number", HUGE)
def test_a_number_no_row_can_have_is_absent_everywhere(
    app: Flask, sign_in: SignIn, number: str
) -> None:
    browser = sign_in(factories.user(Role.ADMIN, team="North"))
    for method in ("GET", "POST"):
        for address, _permission in addresses(app, method):
            if NOBODY in address:
                answer = browser.open(address.replace(NOBODY, number), method=method)
                assert answer.status_code == 404, address


@pytest.mark.parametrize("number", [*HUGE, "-1", "x", "1e9", "%00"])
def test_a_hostile_number_in_a_query_breaks_no_page(
    app: Flask, sign_in: SignIn, number: str
) -> None:
    browser = sign_in(factories.user(Role.ADMIN, team="North"))
    names = ("page", "asset", "deal", "team", "pipeline", "type", "grade", "owner", "v", "pos")
    query = "&".join(f"{name}={number}" for name in names)
    for address, _permission in addresses(app, "GET"):
        assert browser.get(f"{address}?{query}").status_code < 500, address
