"""What a seller sees of what buyers read, and what is nobody else's business."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.audit.models import AuditEntry
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.importing.cli import import_table
from contentlib.notifications.models import Notification
from contentlib.reports.cli import report as reports
from contentlib.sharing.touches import service as touches
from contentlib.sharing.touches.models import MarketingTouch
from contentlib.sharing.touches.queries import touches_of
from contentlib.sharing.visits.models import Hit, Visit, What
from contentlib.sharing.visits.noting import note_hit
from tests import factories
from tests.sharing.rows import BROWSER, BY_HAND, Sent, at, report, sent, visit, work

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime.fromisoformat("2026-11-26T12:00:00+00:00"), tick=False) as it:
        yield it


@pytest.fixture
def ours(app: Flask, clock: Any, seller: User) -> Sent:
    """A deal whose buyer read, and whose mail scanner came before."""
    deal = factories.deal(seller, company="Acme")
    ana = deals.add_contact(deal.company, name="Ana Souza", email="ana@acme.example")
    deals.change_deal(deal, by=seller, contacts=[ana])
    link = sent(seller, factories.asset("<b>Caso</b>"), deal=deal)
    scanner = visit(link.link, "scanner", agent="curl/8")
    note_hit(link.link, What.TRAP, visit=scanner, facts=BROWSER)
    row = visit(link.link)
    clock.move_to(at(row.started_at, 190_100))
    looked = [["s", 1, 1, 0, 58_000], ["s", 1, 2, 58_000, 110_000], ["s", 1, 3, 110_000, 150_000]]
    moved = [["i", n, "wheel", 1] for n in (900, 2000, 55_000, 90_000, 149_000)]
    body = report(row, 0, 190_000, *looked, *moved, ["e", 190_000])
    assert app.test_client().post(link.address, data=json.dumps(body)).status_code == 204
    clock.shift(timedelta(seconds=61))
    work(app)
    return link


def page_of(browser: FlaskClient, link: Sent) -> str:
    return browser.get(f"/deals/{link.link.deal_id}/reading").text


def test_the_page_says_who_read_what_for_how_long(
    sign_in: SignIn, seller: User, ours: Sent
) -> None:
    text = page_of(sign_in(seller), ours)
    assert "Ana Souza" in text
    assert "2\xa0min\xa030\xa0s" in text
    assert "até a p. 3 de 3" in text
    assert "p. 1: 58 s" in text
    assert "&lt;b&gt;Caso&lt;/b&gt;" in text
    assert "<b>Caso</b>" not in text
    assert 'href="/counting"' in text


def test_every_count_of_openings_leads_to_how_it_is_counted(
    sign_in: SignIn, seller: User, ours: Sent
) -> None:
    browser, [place] = sign_in(seller), ours.places
    for path in (
        f"/deals/{ours.link.deal_id}/links",
        f"/assets/{place.id}/links",
        f"/links/{ours.link.id}",
        "/links",
    ):
        text = browser.get(path).text
        assert "Aberto uma vez" in text, path
        assert 'href="/counting"' in text, path


def test_machines_are_told_with_their_reasons(sign_in: SignIn, seller: User, ours: Sent) -> None:
    text = page_of(sign_in(seller), ours)
    assert "seguiu um link que nenhuma pessoa vê" in text


def test_a_seller_of_another_team_finds_nothing(sign_in: SignIn, ours: Sent) -> None:
    other = sign_in(factories.user("seller", team="South"))
    for path in (f"/deals/{ours.link.deal_id}/reading", f"/links/{ours.link.id}/reading"):
        assert other.get(path).status_code == 404


def test_a_link_without_a_deal_is_its_makers_own(sign_in: SignIn, seller: User, clock: Any) -> None:
    own = sent(seller)
    path = f"/links/{own.link.id}/reading"
    assert sign_in(seller).get(path).status_code == 200
    assert sign_in(factories.user("seller", team="North")).get(path).status_code == 404


def touch(number: int, title: str, email: str | None, person: str | None = None) -> MarketingTouch:
    row, _ = touches.note_touch(
        source="RD Station",
        external_id=str(number),
        email=email,
        person=person,
        kind="webinar",
        title=title,
        occurred_at=now() - timedelta(days=number),
    )
    db.session.commit()
    return row


def test_touches_are_merged_by_address_and_by_number_and_say_so(
    sign_in: SignIn, seller: User, ours: Sent
) -> None:
    touch(1, "Webinar de fretes", "ANA@acme.example", "77")
    touch(2, "E-book", "ana.pessoal@mail.example", "77")
    touch(3, "De outra", "rui@acme.example", "78")
    text = page_of(sign_in(seller), ours)
    assert "ligado pelo e-mail ana@acme.example" in text
    assert "ligado pelo número da mesma pessoa lá (77)" in text
    assert "De outra" not in text
    assert [match.by for match in touches_of(ours.deal)] == ["email", "id"]


def test_a_match_can_be_undone_and_made_again(sign_in: SignIn, seller: User, ours: Sent) -> None:
    touch(1, "Webinar de fretes", "ana@acme.example", "77")
    touch(2, "E-book", None, "77")
    browser, where = sign_in(seller), f"/deals/{ours.link.deal_id}/reading"
    said = {"contact": ours.deal.contacts[0].id, "identity": "id:RD Station:77"}
    browser.post(f"{where}/split", data=said)
    assert [match.touch.title for match in touches_of(ours.deal)] == ["Webinar de fretes"]
    assert "não é Ana Souza" in page_of(browser, ours)
    browser.post(f"{where}/split", data=said | {"identity": "email:ana@acme.example"})
    assert touches_of(ours.deal) == []
    browser.post(f"{where}/merge", data=said | {"identity": "email:ana@acme.example"})
    browser.post(f"{where}/merge", data=said)
    assert len(touches_of(ours.deal)) == 2


def test_nobody_is_split_from_a_contact_of_another_deal(
    sign_in: SignIn, seller: User, ours: Sent
) -> None:
    other = factories.deal(seller, company="Outra")
    where = f"/deals/{other.id}/reading/split"
    said = {"contact": ours.deal.contacts[0].id, "identity": "email:ana@acme.example"}
    assert sign_in(seller).post(where, data=said).status_code == 404


def test_erasing_a_reader_leaves_what_was_read_and_no_trace_of_who(
    sign_in: SignIn, seller: User, manager: User, ours: Sent
) -> None:
    also = sent(seller, recipient_email="Ana@acme.example")
    touch(1, "Webinar", "ana@acme.example", "77")
    assert sign_in(seller).post(f"/links/{ours.link.id}/erase").status_code == 404
    answer = sign_in(manager).post(f"/links/{ours.link.id}/erase")
    assert answer.status_code == 302
    db.session.expire_all()
    for link in (ours.link, also.link):
        assert (link.recipient_name, link.recipient_email, link.contact_id) == ("", None, None)
    told = [json.dumps(row.facts) for row in db.session.scalars(select(Hit))]
    told += [json.dumps(row.facts) for row in db.session.scalars(select(Notification))]
    told += [str(row.email) + row.visitor for row in db.session.scalars(select(Visit))]
    told += [f"{row.email} {row.person}" for row in db.session.scalars(select(MarketingTouch))]
    entries = select(AuditEntry.details).where(AuditEntry.action == "reader.erased")
    told += db.session.scalars(entries).all()
    words = ("Ana", "ana@acme", "Chrome", "198.51.100", "77")
    assert [line for line in told if any(word in line for word in words)] == []
    text = page_of(sign_in(seller), ours)
    assert "2\xa0min\xa030\xa0s" in text
    assert "Uma pessoa nova, desconhecida" in text


def test_the_counting_rules_are_a_page_in_both_languages(
    sign_in: SignIn, seller: User, client: FlaskClient
) -> None:
    browser = sign_in(seller)
    assert "três segundos" in browser.get("/counting").text
    english = browser.get("/counting", headers={"Accept-Language": "en"}).text
    assert "three seconds" in english
    assert client.get("/counting").status_code == 302


def test_the_report_has_a_line_for_every_visit(app: Flask, ours: Sent) -> None:
    printed = app.test_cli_runner().invoke(reports, ["visits", "--format", "csv"])
    assert printed.exit_code == 0, printed.output
    rows = list(csv.DictReader(io.StringIO(printed.stdout)))
    assert list(rows[0]) == [
        "share_id", "visit_id", "class", "reasons", "started_at", "active_seconds", "pages_read",
        "notified",
    ]  # fmt: skip
    shown = ("class", "active_seconds", "pages_read", "notified")
    assert [tuple(row[name] for name in shown) for row in rows] == [
        ("scanner", "0.0", "0", "no"),
        ("human", "150.0", "3", "yes"),
    ]
    assert rows[0]["reasons"].startswith("trap|")
    assert rows[0]["share_id"] == str(ours.link.id)


def test_the_report_judges_what_the_worker_has_not_yet(
    app: Flask, seller: User, clock: Any
) -> None:
    link = sent(seller)
    row = visit(link.link)
    clock.move_to(at(row.started_at, 6050))
    body = report(row, 0, 6000, ["s", 1, 1, 0, 6000], *BY_HAND)
    app.test_client().post(link.address, data=json.dumps(body))
    printed = app.test_cli_runner().invoke(reports, ["visits", "--format", "json"])
    [told] = json.loads(printed.stdout)
    assert (told["class"], told["active_seconds"], told["notified"]) == ("human", 6.0, "no")


def test_touches_are_imported_corrected_and_taken_in_once(app: Flask, tmp_path: Path) -> None:
    table = tmp_path / "touches.csv"
    line = "1,RD Station,ana@acme.example,77,webinar,{title},2026-11-20T10:00:00Z\n"
    outcomes = (("Fretes", "1 created"), ("Fretes", "1 unchanged"), ("Fretes 2", "1 changed"))
    for title, said in outcomes:
        header = "external_id,source,email,person,kind,title,occurred_at\n"
        table.write_text(header + line.format(title=title))
        printed = app.test_cli_runner().invoke(import_table, ["touches", str(table)])
        assert said in printed.output, printed.output
    assert db.session.scalars(select(MarketingTouch.title)).all() == ["Fretes 2"]
