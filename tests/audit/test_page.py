"""The page of the audit: sentences in the reader's language, filters, a table to take along."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import Role, User
from contentlib.admin.trail import views
from contentlib.admin.trail.labels import LABELS
from contentlib.admin.trail.words import AREAS, SENTENCES, actions_of
from contentlib.audit import Action, record
from contentlib.audit.models import AuditEntry
from contentlib.core.db import db
from contentlib.jobs.worker import Worker
from contentlib.library import service as library
from contentlib.library import versions
from contentlib.library.firm_day import firm_today
from tests import factories
from tests.audit.tampering import chain, no_triggers, run
from tests.statements import statements

SignIn = Callable[[User], FlaskClient]


def read(browser: FlaskClient, address: str = "/admin/audit", tongue: str = "en") -> str:
    answer = browser.get(address, headers={"Accept-Language": tongue})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_every_action_has_a_sentence_a_label_and_one_area() -> None:
    assert set(SENTENCES) == set(LABELS) == set(Action)
    assert sorted(action for area in AREAS for action in actions_of(area)) == sorted(Action)


@pytest.mark.parametrize("action", Action)
def test_an_entry_that_tells_nothing_else_is_a_sentence_too(
    app: Flask, sign_in: SignIn, action: Action
) -> None:
    nobody_else = factories.user("admin", name="Ada Só")
    record(action, by=nobody_else)
    db.session.commit()
    page = read(sign_in(nobody_else), f"/admin/audit?what={action}", "pt-BR")
    assert "%(" not in page
    assert "Nenhum registro" not in page


def test_what_was_found_in_a_file_is_part_of_the_sentence(
    app: Flask, sign_in: SignIn, admin: User
) -> None:
    record(Action.FILE_QUARANTINED, note="Pdf.Exploit.Agent-36129")
    db.session.commit()
    page = read(sign_in(admin), tongue="pt-BR")
    assert "Um arquivo foi posto em quarentena: Pdf.Exploit.Agent-36129" in page


def test_an_entry_is_a_sentence_that_leads_to_its_subject(app: Flask, sign_in: SignIn) -> None:
    marina = factories.user("marketer", name="Marina Prado")
    asset = factories.asset("Caso Fintech", owner=marina)
    page = read(sign_in(factories.user("admin")))
    link = f'<bdi><a href="/assets/{asset.id}">Caso Fintech</a></bdi>'
    assert f"Marina Prado published version 1 of {link}" in page
    pt = read(sign_in(factories.user("admin")), tongue="pt-BR")
    assert f"Marina Prado publicou a versão 1 de {link}" in pt


def test_what_changed_is_told_from_and_to(app: Flask, sign_in: SignIn, admin: User) -> None:
    asset = factories.asset("Old title")
    other = factories.user("marketer", name="Rafael Nunes")
    library.change_facts(asset, **library.facts_of(asset) | {"title": "New title", "owner": other})
    db.session.commit()
    page = read(sign_in(admin), "/admin/audit?what=asset.changed")
    assert "<del>Old title</del>" in page
    assert "<ins>New title</ins>" in page
    assert "<ins>Rafael Nunes</ins>" in page


def test_hostile_names_are_only_text(app: Flask, sign_in: SignIn, admin: User) -> None:
    bad = "<script>alert(1)</script> %(who)s {0}"
    asset = factories.draft(bad, owner=factories.user("marketer", name=bad))
    record(Action.SYNONYM_ADDED, words=[bad])
    library.discard(asset)
    db.session.commit()
    page = read(sign_in(admin))
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; %(who)s {0}") >= 4


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("what=people", "added", "created"),
        ("what=asset.created", "created", "published version"),
        ("what=materials", "published version", "signed in"),
        ("from=2001-01-01&to=2001-01-02", "No entries", "created"),
        ("person=999999", "No entries", "created"),
        ("kind=asset&number=999999", "No entries", "created"),
    ],
)
def test_filters_narrow_the_list(
    app: Flask, sign_in: SignIn, admin: User, query: str, there: str, absent: str
) -> None:
    factories.asset()
    page = read(sign_in(admin), f"/admin/audit?{query}").partition('class="card')[2]
    assert there in page
    assert absent not in page


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=99999999999999999999-a",
        "before=4611686018427387903-a",
        "before=-5-a",
        "before=1-",
        "from=0001-01-01&to=9999-12-31",
        "from=x&to=2026-02-31",
        "what=nothing&kind=%27%3B&number=-1&person=1e9",
    ],
)
def test_a_hostile_address_breaks_no_page(
    app: Flask, sign_in: SignIn, admin: User, query: str
) -> None:
    factories.asset()
    read(sign_in(admin), f"/admin/audit?{query}")


def test_older_entries_follow_without_one_twice_or_missing(
    app: Flask, sign_in: SignIn, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 4)
    chain(admin, 11)
    browser, address, seen = sign_in(admin), "/admin/audit", []
    while address:
        page = read(browser, address)
        seen += [number for number in range(1, 12) if f"Ação {number}<" in page]
        older = page.partition('aria-label="Pages of the audit"')[2]
        links = [part.partition('"')[0] for part in older.split('href="')[1:]]
        found = [link.replace("&amp;", "&") for link in links if "before=" in link]
        address = found[0] if found else ""
    assert sorted(seen) == list(range(1, 12))
    assert seen[:4] != [1, 2, 3, 4]


def test_the_table_holds_every_chosen_entry_and_runs_no_formula(
    app: Flask, sign_in: SignIn, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CSV_PORTION", 3)
    chain(admin, 10)
    factories.user(name="=HYPERLINK(1)")
    answer = sign_in(admin).post("/admin/audit.csv?what=materials")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert len(rows) == 11
    assert {int(row[0]) for row in rows[1:]} == set(range(1, 11))
    person = sign_in(admin).post("/admin/audit.csv?what=person.added").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(person.lstrip("\ufeff"))))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_taking_the_table_along_is_an_entry(app: Flask, sign_in: SignIn, admin: User) -> None:
    sign_in(admin).post("/admin/audit.csv?what=people").get_data()
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == Action.AUDIT_EXPORTED)
    ).one()
    assert entry.told == {"chosen": {"what": "people"}, "form": "csv"}
    assert entry.actor_id == admin.id


def test_the_page_tells_how_the_chain_stands(app: Flask, sign_in: SignIn, admin: User) -> None:
    chain(admin)
    browser = sign_in(admin)
    assert "has not been looked over yet" in read(browser)
    worker = Worker(app, lease_seconds=60)
    worker.ask_for_daily_work()
    worker.drain()
    assert "The chain is whole" in read(browser)
    with no_triggers():
        run("UPDATE audit_link SET hash = :hash WHERE number = 3", hash="f" * 64)
    worker.ask_for_daily_work()
    worker.drain()
    page = read(browser)
    assert "The chain is broken" in page
    assert "Entry 3 was changed" in page


@pytest.mark.parametrize(
    "details",
    ["[1", "[1]", '{"changes":1}', '{"changes":{"a":1}}', '{"words":[1,{}]}', "[" * 9999, "null"],
)
def test_entries_broken_by_force_are_shown_as_they_stand(
    app: Flask, sign_in: SignIn, admin: User, details: str
) -> None:
    chain(admin)
    change = "UPDATE audit_entry SET details = :details, action = 'no.such', surface = 'moon'"
    with no_triggers():
        run(change, details=details)
    page = read(sign_in(admin))
    assert "no.such" in page
    assert "moon" in page


@pytest.mark.parametrize("role", [Role.SELLER, Role.MARKETER, Role.MANAGER])
def test_only_admins_read_the_whole_audit(app: Flask, sign_in: SignIn, role: Role) -> None:
    browser = sign_in(factories.user(role))
    before = db.session.scalar(select(func.count(AuditEntry.id)))
    assert browser.get("/admin/audit").status_code == 404
    assert browser.post("/admin/audit.csv").status_code == 404
    db.session.rollback()
    assert db.session.scalar(select(func.count(AuditEntry.id))) == before


def test_who_keeps_a_material_reads_what_was_decided_of_it_and_of_no_other(
    app: Flask, sign_in: SignIn, marketer: User, seller: User
) -> None:
    asset, other = factories.asset("Mine"), factories.asset("Another")
    versions.add_link_version(asset, url="https://firm.example/2", by=marketer)
    db.session.commit()
    page = read(sign_in(marketer), f"/assets/{asset.id}/audit")
    assert "added version 2 of" in page
    assert "Another" not in page
    assert f"/assets/{asset.id}/audit" in read(sign_in(marketer), f"/assets/{asset.id}")
    assert sign_in(seller).get(f"/assets/{other.id}/audit").status_code == 404
    assert f"/assets/{asset.id}/audit" not in read(sign_in(seller), f"/assets/{asset.id}")


def test_a_page_of_entries_costs_few_questions(app: Flask, sign_in: SignIn, admin: User) -> None:
    for _ in range(5):
        factories.asset()
    browser = sign_in(admin)
    with statements() as few:
        read(browser)
    for _ in range(10):
        factories.asset()
    with statements() as more:
        read(browser)
    assert len(more) <= len(few) + 2


def test_publishing_is_told_once_with_its_step(app: Flask) -> None:
    asset = factories.draft()
    library.publish(asset, by=asset.owner, today=firm_today())
    db.session.commit()
    rows = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == Action.VERSION_PUBLISHED)
    ).all()
    assert [(row.subject_id, row.told["version"]) for row in rows] == [(asset.id, 1)]
    assert rows[0].told["step"]
