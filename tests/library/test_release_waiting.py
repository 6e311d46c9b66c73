"""What waits for an approver, and what its author is told: the rule of the database is the rule."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from itertools import product

from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.library import service, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.release import rules as release
from contentlib.library.release import service as releasing
from contentlib.library.release.history import parties_of
from contentlib.library.release.rules import Approval
from contentlib.library.release.waiting import decided_for, waiting_for
from tests import factories

SignIn = Callable[[User], FlaskClient]


def submitted(author: User, approver: User | None, title: str = "Caso") -> Asset:
    """Return a material on air whose second version waits for an approval."""
    row = factories.asset(title, owner=author)
    releasing.name_approver(row, approver, by=author)
    versions.add_link_version(row, url="https://firm.example/2", by=author)
    releasing.submit(row.versions[1], by=author)
    db.session.commit()
    return row


def waits(user: User, policy: Approval) -> set[int]:
    return {step.asset_id for step in db.session.scalars(waiting_for(user, policy)).unique()}


def told(user: User, after: timedelta = timedelta(0)) -> list[tuple[str, str]]:
    steps = db.session.scalars(decided_for(user, now() + after)).unique()
    return [(step.step.value, step.note) for step in steps]


def test_the_list_has_just_what_the_rule_lets_one_approve(app: Flask, seller: User) -> None:
    people = [factories.user("marketer") for _ in range(2)] + [factories.user("admin")]
    rows = [submitted(author, named) for author, named in product(people, [*people, None])]
    for policy, person in product(Approval, people):
        allowed = {
            row.id
            for row in rows
            if release.may_approve(policy, person.id, parties_of(row.versions[1]))
        }
        assert waits(person, policy) == allowed
    assert all(waits(seller, policy) == set() for policy in Approval)


def test_what_was_answered_or_archived_waits_no_more(marketer: User, admin: User) -> None:
    rows = [submitted(marketer, admin) for _ in range(3)]
    assert waits(admin, Approval.OTHER) == {row.id for row in rows}
    releasing.approve(rows[0].versions[1], by=admin)
    releasing.reject(rows[1].versions[1], by=admin, reason="Não")
    service.archive(rows[2])
    db.session.flush()
    assert waits(admin, Approval.OTHER) == set()


def test_an_author_is_told_what_others_decided_until_it_is_done(
    marketer: User, admin: User
) -> None:
    row = submitted(marketer, admin)
    second = row.versions[1]
    assert told(marketer) == []
    releasing.reject(second, by=admin, reason="Falta a fonte.")
    assert told(marketer) == [("rejected", "Falta a fonte.")]
    assert told(admin) == []
    versions.add_link_version(row, url="https://firm.example/3", by=marketer)
    assert told(marketer) == []
    third = row.versions[2]
    releasing.approve(third, by=admin)
    assert told(marketer) == [("approved", "")]
    service.publish(row, by=admin, today=firm_today(), version=third)
    assert told(marketer) == [("published", "")]
    assert told(marketer, timedelta(days=15)) == []
    releasing.roll_back(row, row.versions[0], by=admin, reason="Preço errado")
    assert told(marketer) == [("rolled_back", "Preço errado")]


def test_today_leads_the_approver_to_the_version_and_the_author_to_the_answer(
    sign_in: SignIn, marketer: User, admin: User, seller: User
) -> None:
    row = submitted(marketer, admin, "Caso & Vértice")
    page = unescape(sign_in(admin).get("/").text)
    assert "Aguardando sua aprovação" in page
    assert f"/assets/{row.id}/versions/2" in page
    for other in (marketer, seller):
        assert "Aguardando sua aprovação" not in sign_in(other).get("/").text
    shelf = sign_in(marketer).get("/assets?status=waiting").text
    assert "Caso &amp; Vértice" in shelf
    sign_in(admin).post(f"/assets/{row.id}/versions/2/reject", data={"reason": "Falta a fonte."})
    page = sign_in(marketer).get("/").text
    assert "Recusada" in page
    assert "Falta a fonte." in page
    assert "Caso &amp; Vértice" not in sign_in(marketer).get("/assets?status=waiting").text
