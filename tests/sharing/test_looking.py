"""Who looked at what buyers read is written down: once an hour, and only who could see it."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.audit.models import AuditEntry
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.library.models import Asset
from tests import factories
from tests.sharing.buyers import link_to
from tests.sharing.rows import sent

SignIn = Callable[[User], FlaskClient]


def looks() -> list[tuple[int | None, str | None, int | None]]:
    """Return who looked at what, in order, as it was committed."""
    db.session.rollback()
    entries = select(AuditEntry).where(AuditEntry.action == "reading.opened")
    rows = db.session.scalars(entries.order_by(AuditEntry.at, AuditEntry.id))
    return [(row.actor_id, row.subject_kind, row.subject_id) for row in rows]


def test_who_opens_the_reading_of_a_deal_is_written_down_once_an_hour(
    sign_in: SignIn, seller: User, manager: User
) -> None:
    deal, other = factories.deal(seller), factories.deal(seller)
    where = f"/deals/{deal.id}/reading"
    browser = sign_in(seller)
    for _ in range(3):
        assert browser.get(where).status_code == 200
    assert looks() == [(seller.id, "deal", deal.id)]
    browser.get(f"/deals/{other.id}/reading")
    sign_in(manager).get(where)
    assert looks()[1:] == [(seller.id, "deal", other.id), (manager.id, "deal", deal.id)]
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        sign_in(seller).get(where)
    assert len(looks()) == 4


def test_asking_whether_the_page_exists_shows_nothing_and_writes_nothing(
    sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(seller)
    assert sign_in(seller).head(f"/deals/{deal.id}/reading").status_code == 200
    assert looks() == []


def test_who_may_not_see_it_leaves_no_entry(
    client: FlaskClient, sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(seller)
    link = sent(seller, deal=deal).link
    stranger = sign_in(factories.user("seller", team="South"))
    for path in (f"/deals/{deal.id}/reading", f"/links/{link.id}/reading"):
        assert stranger.get(path).status_code == 404
        assert client.get(path).status_code == 302
    assert looks() == []


def test_the_reading_of_a_link_is_that_of_its_deal_or_its_own(
    sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(seller)
    on_deal, own = sent(seller, deal=deal).link, sent(seller, title="Para Ana Souza").link
    browser = sign_in(seller)
    browser.get(f"/links/{on_deal.id}/reading")
    browser.get(f"/deals/{deal.id}/reading")
    browser.get(f"/links/{own.id}/reading")
    assert looks() == [(seller.id, "deal", deal.id), (seller.id, "share_link", own.id)]
    # What cannot be erased names nobody outside.
    assert not any("Ana" in told for told in db.session.scalars(select(AuditEntry.details)))


def test_the_preview_of_an_own_link_writes_nothing(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller)
    assert sign_in(seller).get(f"/links/{link.id}/preview").status_code == 200
    assert looks() == []


def test_the_audit_tells_it_in_both_languages(app: Flask, sign_in: SignIn, admin: User) -> None:
    marina = factories.user("manager", name="Marina Prado")
    deal: Deal = factories.deal(marina, title="Acme: frota")
    sign_in(marina).get(f"/deals/{deal.id}/reading")
    own = sent(marina, factories.asset("Caso Orla")).link
    sign_in(marina).get(f"/links/{own.id}/reading")
    named = f'<bdi><a href="/deals/{deal.id}">Acme: frota</a></bdi>'
    browser = sign_in(admin)
    for tongue, before, after in (
        ("en", "Marina Prado looked at what the buyers of ", " read"),
        ("pt-BR", "Marina Prado consultou a leitura dos compradores de ", ""),
    ):
        answer = browser.get("/admin/audit?what=readers", headers={"Accept-Language": tongue})
        assert f"{before}{named}{after}" in answer.text
        assert f"{before}Caso Orla{after}" in answer.text
