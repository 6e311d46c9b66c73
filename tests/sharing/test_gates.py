"""What a link asks before it opens, and who gets past."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs.models import Job
from contentlib.library.models import Asset
from contentlib.notifications.service import LETTER
from contentlib.sharing.gates import CODE_TRIES
from contentlib.sharing.models import Gate, ShareCode, ShareLink
from contentlib.sharing.visits.models import Hit, Visit
from tests.sharing.buyers import buyer, link_to, path_of

TITLE = "Vértice Logística"
pytestmark = pytest.mark.usefixtures("mailbox")


def letters() -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Job).where(Job.kind == LETTER).order_by(Job.id))
    return [dict(row.payload) for row in rows]


def enter(browser: FlaskClient, link: ShareLink, **typed: str) -> Any:
    return browser.post(path_of(link, "/enter"), data=typed)


def code_page(browser: FlaskClient, link: ShareLink, email: str) -> str:
    """Ask for a code and return what the page carries on to the next step."""
    page = enter(browser, link, email=email)
    assert page.status_code == 200
    return re.findall(r'name="asked" value="([^"]+)"', page.text)[0]


def opens(browser: FlaskClient, link: ShareLink, answer: Any) -> bool:
    """Tell whether an answer leads to the material, and nothing else does."""
    if answer.status_code != 303:
        return False
    page = browser.get(answer.headers["Location"])
    return page.status_code == 200 and TITLE in page.text


@pytest.mark.parametrize("gate", [Gate.ASK, Gate.CODE, Gate.LISTED])
def test_before_the_gate_nothing_of_the_material_is_told(
    app: Flask, seller: User, case: Asset, gate: Gate
) -> None:
    link = link_to(case, by=seller, gate=gate, allowed=["@acme.example"], may_download=True)
    browser = buyer(app)
    page = browser.get(path_of(link))
    assert page.status_code == 200
    assert TITLE not in page.text
    for path in ("/1/pages/1.webp", "/1/file", "/1/view"):
        assert browser.get(path_of(link, path)).status_code == 404


def test_an_address_that_is_only_asked_for_opens_and_is_not_taken_for_proven(
    app: Flask, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller, gate=Gate.ASK)
    browser = buyer(app)
    wrong = enter(browser, link, email="not an address")
    assert wrong.status_code == 422
    assert "not an address" in wrong.text
    answer = enter(browser, link, email="Ana@Acme.example")
    assert "Set-Cookie" not in answer.headers
    assert opens(browser, link, answer)
    assert db.session.scalars(select(Visit.email)).all() == [None]
    said = [facts.get("said_email") for facts in db.session.scalars(select(Hit.facts))]
    assert "ana@acme.example" in said


def test_a_code_opens_once_and_proves_the_address(app: Flask, seller: User, case: Asset) -> None:
    link = link_to(case, by=seller, gate=Gate.CODE)
    browser = buyer(app)
    asked = code_page(browser, link, "bia@acme.example")
    (letter,) = letters()
    assert (letter["to"], letter["template"], letter["language"]) == (
        "bia@acme.example",
        "share_code",
        "pt",
    )
    code = letter["facts"]["code"]
    assert code not in str([row.code_hash for row in db.session.scalars(select(ShareCode))])
    wrong = enter(browser, link, asked=asked, code="12345x")
    assert wrong.status_code == 422
    assert "bia@acme.example" in wrong.text
    assert opens(browser, link, enter(browser, link, asked=asked, code=code))
    assert db.session.scalars(select(Visit.email)).all() == ["bia@acme.example"]
    assert not opens(browser, link, enter(browser, link, asked=asked, code=code))


def test_five_wrong_codes_end_the_code_also_for_the_right_one(
    app: Flask, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller, gate=Gate.CODE)
    browser = buyer(app)
    asked = code_page(browser, link, "bia@acme.example")
    code = letters()[0]["facts"]["code"]
    for _ in range(CODE_TRIES):
        assert enter(browser, link, asked=asked, code="wrong!").status_code == 422
    assert enter(browser, link, asked=asked, code=code).status_code == 422


def test_a_code_is_old_after_ten_minutes(app: Flask, seller: User, case: Asset) -> None:
    link = link_to(case, by=seller, gate=Gate.CODE)
    browser = buyer(app)
    asked = code_page(browser, link, "bia@acme.example")
    code = letters()[0]["facts"]["code"]
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert enter(browser, link, asked=asked, code=code).status_code == 422


def test_a_code_for_one_address_or_link_opens_no_other(
    app: Flask, seller: User, case: Asset
) -> None:
    one, other = (link_to(case, by=seller, gate=Gate.CODE) for _ in range(2))
    browser = buyer(app)
    asked, asked_there = (code_page(browser, link, "bia@acme.example") for link in (one, other))
    asked_as_caio = code_page(browser, one, "caio@acme.example")
    code, there, as_caio = (letter["facts"]["code"] for letter in letters())
    if len({code, there, as_caio}) == 3:
        assert enter(browser, one, asked=asked, code=there).status_code == 422
        assert enter(browser, one, asked=asked, code=as_caio).status_code == 422
    assert enter(browser, one, asked=asked_there, code=there).status_code == 422
    assert enter(browser, one, asked=f"{asked}x", code=code).status_code == 422
    assert opens(browser, one, enter(browser, one, asked=asked_as_caio, code=as_caio))


def test_who_is_not_on_the_list_gets_no_letter_and_is_not_told_so(
    app: Flask, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller, gate=Gate.LISTED, allowed=["@acme.example", "x@other.example"])
    browser = buyer(app)
    listed, stranger = (
        enter(browser, link, email=email) for email in ("ana@acme.example", "eve@evil.example")
    )
    assert [letter["to"] for letter in letters()] == ["ana@acme.example"]

    def alike(page: Any, email: str) -> str:
        return re.sub(r'name="asked" value="[^"]+"', "", page.text.replace(email, ""))

    assert alike(listed, "ana@acme.example") == alike(stranger, "eve@evil.example")


def test_codes_are_no_way_to_fill_a_mailbox(app: Flask, seller: User, case: Asset) -> None:
    link = link_to(case, by=seller, gate=Gate.CODE)
    browser = buyer(app)
    for _ in range(5):
        code_page(browser, link, "bia@acme.example")
    assert len(letters()) == 1
    answers = [enter(browser, link, email=f"p{n}@acme.example").status_code for n in range(25)]
    assert 422 in answers
    assert len(letters()) == 20


def test_a_password_is_asked_for_and_guessing_is_slowed_down(
    app: Flask, seller: User, case: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_to(case, by=seller, password_hash=str(hash_password("abre-te sésamo")))
    browser = buyer(app)
    assert TITLE not in browser.get(path_of(link)).text
    assert enter(browser, link).status_code == 422
    assert enter(browser, link, password="sésamo").status_code == 422
    assert opens(browser, link, enter(browser, link, password="abre-te sésamo"))
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    answers = [enter(browser, link, password=f"guess {n}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert enter(browser, link, password="abre-te sésamo").status_code == 429


def test_a_pass_is_good_for_its_link_alone_for_twelve_hours_and_unaltered(
    app: Flask, seller: User, case: Asset
) -> None:
    one, other = (link_to(case, by=seller, gate=Gate.ASK) for _ in range(2))
    browser = buyer(app)
    where = enter(browser, one, email="ana@acme.example").headers["Location"]
    given = where.partition("?v=")[2]
    assert TITLE in browser.get(where).text
    assert TITLE not in browser.get(path_of(other, f"?v={given}")).text
    # The last letter but one: some bits of the last one say nothing.
    altered = f"{where[:-2]}{'A' if where[-2] != 'A' else 'B'}{where[-1]}"
    assert TITLE not in browser.get(altered).text
    picture = path_of(one, "/1/pages/1.webp")
    with browser.get(f"{picture}?v={given}") as image:
        assert image.status_code == 200
    assert browser.get(f"{path_of(other, '/1/pages/1.webp')}?v={given}").status_code == 404
    # Opening it again gives nobody more time.
    with time_machine.travel(now() + timedelta(hours=11), tick=False):
        again = browser.get(where).text
        renewed = re.findall(r"1\.webp\?v=([\w.~-]+)", again)[0]
    with time_machine.travel(now() + timedelta(hours=13), tick=False):
        assert TITLE not in browser.get(where).text
        assert browser.get(f"{picture}?v={renewed}").status_code == 404


def test_a_new_password_ends_the_passes_of_the_old_one(
    app: Flask, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller, password_hash=str(hash_password("um segredo")))
    browser = buyer(app)
    where = enter(browser, link, password="um segredo").headers["Location"]
    assert TITLE in browser.get(where).text
    link.password_hash = str(hash_password("outro segredo"))
    db.session.commit()
    assert TITLE not in browser.get(where).text


def test_only_as_many_visits_come_in_as_may_and_each_counts_once(
    app: Flask, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller, most_opens=2)
    one, two, three = (buyer(app, agent) for agent in ("one", "two", "three"))
    # What only looks, as scanners do, takes nobody's place.
    for _ in range(3):
        assert TITLE not in three.get(path_of(link)).text
    where = enter(one, link).headers["Location"]
    assert opens(one, link, enter(one, link))
    assert opens(two, link, enter(two, link))
    refused = enter(three, link)
    assert refused.status_code == 409
    assert TITLE not in refused.text
    assert link.opens == 2
    # Who was let in goes on; a forwarded address opens the page for nobody else.
    assert TITLE in one.get(where).text
    assert TITLE not in three.get(where).text
    given = where.partition("?v=")[2]
    with one.get(path_of(link, f"/1/pages/2.webp?v={given}")) as image:
        assert image.status_code == 200
    assert link.opens == 2
