"""A version on its way to sellers: its steps, whose they are, and what sellers see meanwhile."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from contentlib.accounts.models import Role, User
from contentlib.accounts.permissions import POLICY, permission_of
from contentlib.core.db import db
from contentlib.core.errors import Absent, Conflict, Invalid
from contentlib.library import service, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, AssetVersion, ReleaseStep, Status
from contentlib.library.release import rules
from contentlib.library.release import service as releasing
from contentlib.library.release.history import state_of, states_of, steps_of
from contentlib.library.release.rules import ALLOWED, PERMISSION, Approval, Parties, State, Step
from tests import factories

SignIn = Callable[[User], FlaskClient]


@contextmanager
def asking_for(app: Flask, policy: str) -> Iterator[None]:
    before = app.extensions["settings"]
    app.extensions["settings"] = before.model_copy(update={"approval": policy})
    try:
        yield
    finally:
        app.extensions["settings"] = before


@pytest.fixture(params=["named", "other"])
def strict(app: Flask, asset: Asset, request: pytest.FixtureRequest) -> Iterator[str]:
    """Each policy under which a version needs an approval; the material was there before."""
    with asking_for(app, request.param):
        yield request.param


@pytest.fixture
def author(app: Flask) -> User:
    return factories.user("marketer", name="Ana Autora")


@pytest.fixture
def approver(app: Flask) -> User:
    return factories.user("marketer", name="Beto Aprova")


@pytest.fixture
def asset(author: User, approver: User) -> Asset:
    """A material on air, with an approver, whose second version is a draft."""
    row = factories.asset("Caso Vértice", owner=author)
    releasing.name_approver(row, approver, by=author)
    versions.add_link_version(row, url="https://firm.example/2", by=author)
    db.session.commit()
    return row


def publish(asset: Asset, by: User, version: AssetVersion | None = None) -> None:
    service.publish(asset, by=by, today=firm_today(), version=version)


def history(asset: Asset) -> list[tuple[int | None, str]]:
    return [
        (step.version.number if step.version else None, step.step.value) for step in steps_of(asset)
    ]


def test_every_state_but_the_last_ones_leads_on_and_each_step_has_a_permission() -> None:
    assert set(ALLOWED) == set(State)
    assert all(ALLOWED.values())
    # Nobody withdraws a version: a scanner found something in it.
    assert set(PERMISSION) == set(Step) - {Step.WITHDRAWN}
    assert set(PERMISSION.values()) <= set(POLICY)


def test_a_rejected_version_is_never_cleared_and_nobody_clears_their_own_where_others_must() -> (
    None
):
    for policy, approver, by in product(Approval, (None, 1, 2), (None, 1, 2, 3)):
        parties = Parties(author=1, approver=approver, approved_by=by)
        assert not rules.is_cleared(policy, State.REJECTED, parties)
        if policy is not Approval.NONE:
            assert not rules.is_cleared(policy, State.DRAFT, parties)
            assert not rules.is_cleared(policy, State.SUBMITTED, parties)
        if policy is Approval.OTHER:
            assert not rules.may_approve(policy, 1, parties)
        if policy is Approval.NAMED:
            assert rules.may_approve(policy, 2, parties) == (approver == 2)


def test_routes_ask_for_the_permission_of_their_step(app: Flask) -> None:
    named = {
        "submit": Step.SUBMITTED,
        "approve": Step.APPROVED,
        "reject": Step.REJECTED,
        "publish_version": Step.PUBLISHED,
        "roll_back": Step.ROLLED_BACK,
    }
    for route, step in named.items():
        assert permission_of(app, f"library.{route}") == PERMISSION[step]


def test_without_a_policy_publishing_needs_nobody_and_is_written_down(author: User) -> None:
    row = factories.asset(owner=author)
    versions.add_link_version(row, url="https://firm.example/2", by=author)
    publish(row, author)
    assert history(row) == [(1, "published"), (1, "superseded"), (2, "published")]
    assert [step.by for step in steps_of(row)] == [author] * 3


def test_sellers_see_the_published_version_until_the_next_is_approved_and_released(
    strict: str, author: User, approver: User, seller: User, sign_in: SignIn, asset: Asset
) -> None:
    second, browser = asset.versions[1], sign_in(seller)
    page = f"/assets/{asset.id}"

    def seen() -> bool:
        return "https://firm.example/2" in browser.get(page).text

    with pytest.raises(Conflict):
        publish(asset, author)
    releasing.submit(second, by=author)
    with pytest.raises(Conflict):
        publish(asset, author)
    assert not seen()
    releasing.approve(second, by=approver)
    assert not seen()
    assert asset.published_version is asset.versions[0]
    publish(asset, author)
    db.session.commit()
    assert seen()
    expected = [(2, "submitted"), (2, "approved"), (1, "superseded"), (2, "published")]
    assert history(asset)[-4:] == expected


def test_only_the_approver_decides(
    strict: str, author: User, approver: User, seller: User, asset: Asset
) -> None:
    second, other = asset.versions[1], factories.user("admin")
    releasing.submit(second, by=author)
    for stranger in (author, other):
        with pytest.raises(Conflict):
            releasing.approve(second, by=stranger)
        with pytest.raises(Conflict):
            releasing.reject(second, by=stranger, reason="Não")
    with pytest.raises(Absent):
        releasing.approve(second, by=seller)
    with pytest.raises(Invalid):
        releasing.reject(second, by=approver, reason=" \u200b ")
    releasing.reject(second, by=approver, reason="Falta a fonte.")
    assert state_of(second) is State.REJECTED
    with pytest.raises(Conflict):
        publish(asset, author)


def test_an_approver_who_publishes_has_approved(strict: str, approver: User, asset: Asset) -> None:
    publish(asset, approver)
    assert history(asset)[-3:] == [(2, "approved"), (1, "superseded"), (2, "published")]


def test_where_others_must_approve_anybody_but_the_author_does(
    app: Flask, author: User, approver: User
) -> None:
    with asking_for(app, "other"):
        row = factories.draft(owner=author)
        with pytest.raises(Conflict):
            publish(row, author)
        publish(row, approver)
        assert row.status is Status.PUBLISHED


def test_where_an_approver_must_be_named_nothing_goes_on_before(app: Flask, author: User) -> None:
    with asking_for(app, "named"):
        row = factories.draft(owner=author)
        with pytest.raises(Invalid) as refusal:
            releasing.submit(row.versions[0], by=author)
        assert refusal.value.field == "approver"
        with pytest.raises(Conflict):
            publish(row, author)


def test_an_approval_counts_only_by_todays_policy(
    app: Flask, author: User, approver: User, asset: Asset
) -> None:
    second, successor = asset.versions[1], factories.user("marketer")
    releasing.approve(second, by=approver)
    releasing.name_approver(asset, successor, by=author)
    with asking_for(app, "named"), pytest.raises(Conflict):
        publish(asset, author)
    publish(asset, author)


def test_the_approval_is_handed_over_by_the_approver_or_an_admin(
    app: Flask, author: User, approver: User, seller: User, admin: User, asset: Asset
) -> None:
    with asking_for(app, "named"):
        with pytest.raises(Invalid):
            releasing.name_approver(asset, author, by=author)
        with pytest.raises(Invalid):
            releasing.name_approver(asset, seller, by=admin)
        releasing.name_approver(asset, admin, by=approver)
        releasing.name_approver(asset, author, by=admin)
    assert asset.approver is author
    notes = [step.note for step in steps_of(asset) if step.step is Step.ENTRUSTED]
    assert notes == [approver.name, admin.name, author.name]


def test_who_may_approve_cannot_publish_over_a_rejection(
    app: Flask, author: User, approver: User, admin: User
) -> None:
    with asking_for(app, "other"):
        row = factories.draft(owner=author)
        releasing.submit(row.versions[0], by=author)
        releasing.reject(row.versions[0], by=approver, reason="Não")
        with pytest.raises(Conflict):
            publish(row, admin)
        with pytest.raises(Conflict):
            releasing.approve(row.versions[0], by=admin)
        assert row.status is Status.DRAFT


def test_what_was_decided_cannot_be_decided_again(
    author: User, approver: User, asset: Asset
) -> None:
    second = asset.versions[1]
    releasing.submit(second, by=author)
    releasing.reject(second, by=approver, reason="Não")
    with pytest.raises(Conflict):
        releasing.reject(second, by=approver, reason="Não")
    releasing.submit(second, by=author)
    with pytest.raises(Conflict):
        releasing.submit(second, by=author)


def test_going_back_keeps_its_reason_and_is_undone(author: User, asset: Asset) -> None:
    first, second = asset.versions
    with pytest.raises(Conflict):
        releasing.roll_back(asset, second, by=author, reason="Nunca esteve no ar")
    publish(asset, author)
    with pytest.raises(Invalid):
        releasing.roll_back(asset, first, by=author, reason="")
    releasing.roll_back(asset, first, by=author, reason="Preço errado")
    assert asset.published_version is first
    assert states_of(asset, steps_of(asset)) == {
        first.id: State.PUBLISHED,
        second.id: State.ROLLED_BACK,
    }
    assert steps_of(asset)[-2].note == "Preço errado"
    assert releasing.undo_roll_back(asset, by=author) is second
    assert asset.published_version is second
    with pytest.raises(Conflict):
        releasing.undo_roll_back(asset, by=author)


def test_versions_from_before_there_were_steps_stand_where_sellers_saw_them(
    app: Flask, author: User
) -> None:
    row = factories.draft(owner=author)
    for number in (2, 3):
        versions.add_link_version(row, url=f"https://firm.example/{number}", by=author)
    row.status, row.published_version = Status.PUBLISHED, row.versions[1]
    db.session.flush()
    standing = states_of(row, steps_of(row))
    assert [*standing.values()] == [State.SUPERSEDED, State.PUBLISHED, State.DRAFT]
    releasing.roll_back(row, row.versions[0], by=author, reason="Antes era melhor")
    assert row.published_version is row.versions[0]


def test_the_history_is_never_changed(author: User) -> None:
    row = factories.asset(owner=author)
    for statement in (update(ReleaseStep).values(note="outra"), delete(ReleaseStep)):
        with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
            db.session.execute(statement)
    assert history(row) == [(1, "published")]


def test_a_draft_with_a_history_is_archived_instead_of_removed(author: User) -> None:
    row = factories.draft(owner=author)
    releasing.submit(row.versions[0], by=author)
    service.discard(row)
    assert row.status is Status.ARCHIVED


def test_a_link_alone_approves_nothing(
    client: FlaskClient, sign_in: SignIn, author: User, seller: User, asset: Asset
) -> None:
    second = asset.versions[1]
    releasing.submit(second, by=author)
    db.session.commit()
    address = f"/assets/{asset.id}/versions/2/approve"
    assert client.post(address).headers["Location"].startswith("/sign-in")
    assert sign_in(seller).post(address).status_code == 404
    assert sign_in(author).get(address).status_code in (404, 405)
    assert sign_in(author).post(address).status_code == 409
    assert state_of(second) is State.SUBMITTED


def test_the_whole_way_in_the_browser(
    app: Flask, sign_in: SignIn, author: User, approver: User, asset: Asset
) -> None:
    writes, decides = sign_in(author), sign_in(approver)
    version = f"/assets/{asset.id}/versions/2"
    with asking_for(app, "other"):
        page = writes.get(version).text
        assert "Pedir aprovação" in page
        assert "Publicar esta versão" not in page
        writes.post(f"{version}/submit")
        assert "aguarda a aprovação de Beto Aprova" in writes.get(f"/assets/{asset.id}").text
        assert "Aprovar e publicar" not in writes.get(version).text
        assert "Aprovar e publicar" in decides.get(version).text
        answer = decides.post(f"{version}/reject", data={"reason": "<b>Falta</b> a fonte"})
        assert answer.status_code == 303
        assert "&lt;b&gt;Falta&lt;/b&gt; a fonte" in writes.get(version).text
        writes.post(f"{version}/submit")
        decides.post(f"{version}/approve", data={"then": "publish"})
    assert asset.published_version is asset.versions[1]
    decides.post(f"/assets/{asset.id}/versions/1/roll-back", data={"reason": "Engano"})
    page = writes.get(f"/assets/{asset.id}").text
    assert "Engano" in page
    assert re.search(r"undo-roll-back", page)
    writes.post(f"/assets/{asset.id}/undo-roll-back")
    assert asset.published_version is asset.versions[1]


def test_the_history_goes_out_as_a_table_that_runs_no_formula(
    sign_in: SignIn, author: User, approver: User, seller: User, asset: Asset
) -> None:
    releasing.submit(asset.versions[1], by=author)
    releasing.reject(asset.versions[1], by=approver, reason='=HYPERLINK("http://x","y")')
    db.session.commit()
    answer = sign_in(author).get(f"/assets/{asset.id}/release.csv")
    assert answer.mimetype == "text/csv"
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "when_utc,who,email,version,step,note"
    assert len(lines) == 1 + len(steps_of(asset))
    assert "\"'=HYPERLINK(" in lines[-1]
    assert sign_in(seller).get(f"/assets/{asset.id}/release.csv").status_code == 404


def test_the_form_of_facts_names_the_approver_and_asks_for_the_approval(
    app: Flask, sign_in: SignIn, author: User, approver: User
) -> None:
    row = factories.draft(owner=author)
    form = {
        "title": row.title,
        "type": row.type.key,
        "language": "pt",
        "stages": ["proposal"],
        "personas": ["champion"],
        "audience": "shareable",
        "owner": str(author.id),
        "deputy": "",
        "review_due": "2099-01-01",
        "approver": str(approver.id),
        "then": "submit",
    }
    with asking_for(app, "named"):
        answer = sign_in(author).post(f"/assets/{row.id}/edit", data=form)
        assert answer.status_code == 303
    assert row.approver is approver
    assert state_of(row.versions[0]) is State.SUBMITTED
    stored = db.session.scalars(select(ReleaseStep.step).where(ReleaseStep.asset_id == row.id))
    assert list(stored) == [Step.ENTRUSTED, Step.SUBMITTED]


def test_drafts_completed_together_are_refused_in_the_form_where_they_need_an_approval(
    app: Flask, sign_in: SignIn, author: User
) -> None:
    row = factories.draft(owner=author)
    form = {
        "id": row.id,
        "chosen": row.id,
        "stages": ["proposal"],
        "personas": ["champion"],
        "audience": "shareable",
        "owner": str(author.id),
        "deputy": "",
        "review_due": "2099-01-01",
        f"draft-{row.id}-title": "Caso",
        f"draft-{row.id}-type": "case_study",
        f"draft-{row.id}-language": "pt",
        "then": "publish",
    }
    with asking_for(app, "other"):
        answer = sign_in(author).post("/assets/complete", data=form)
    assert answer.status_code == 422
    assert "precisa de aprovação" in answer.text
    assert row.status is Status.DRAFT


@pytest.mark.parametrize("role", [Role.SELLER, Role.MANAGER])
def test_who_sells_sees_nothing_of_the_way(
    sign_in: SignIn, author: User, asset: Asset, role: Role
) -> None:
    releasing.submit(asset.versions[1], by=author)
    db.session.commit()
    browser = sign_in(factories.user(role))
    page = browser.get(f"/assets/{asset.id}").text
    assert "aguarda" not in page
    assert browser.get(f"/assets/{asset.id}/versions/2").status_code == 404
    assert browser.get(f"/assets/{asset.id}?v=2").status_code == 404
