"""What holds for every material, whichever way it is changed."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import Absent, Conflict, Invalid
from contentlib.jobs.models import Job
from contentlib.library import queries, service, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Status
from contentlib.library.written import merge_fields, plain
from tests import factories

TODAY = date(2026, 3, 10)


def test_a_draft_without_a_required_fact_cannot_be_published(marketer: User) -> None:
    asset = factories.draft(owner=marketer)
    for name, empty in (("stages", []), ("personas", []), ("review_due", None)):
        kept = getattr(asset, name)
        setattr(asset, name, empty)
        with pytest.raises(Invalid) as refusal:
            service.publish(asset, by=marketer, today=TODAY)
        assert refusal.value.field == name
        setattr(asset, name, kept)
    service.publish(asset, by=marketer, today=TODAY)
    assert asset.status is Status.PUBLISHED


def test_a_published_material_cannot_lose_a_required_fact(marketer: User) -> None:
    asset = factories.asset(owner=marketer)
    with pytest.raises(Invalid):
        factories.change(asset, stages=[])


def test_publishing_twice_is_a_conflict(marketer: User) -> None:
    asset = factories.asset(owner=marketer)
    with pytest.raises(Conflict):
        service.publish(asset, by=marketer, today=TODAY)


def test_sellers_see_the_published_version_until_the_next_is_published(
    marketer: User, seller: User
) -> None:
    asset = factories.asset(owner=marketer)
    versions.add_link_version(asset, url="https://example.com/2", by=marketer)
    seen = queries.get_asset(seller, asset.id, TODAY)
    assert seen.shown_version is not None
    assert seen.shown_version.number == 1
    service.publish(asset, by=marketer, today=TODAY)
    assert asset.shown_version is not None
    assert asset.shown_version.number == 2


@pytest.mark.parametrize("how", ["draft", "archived", "expired"])
def test_what_is_not_on_air_does_not_exist_for_sellers(
    marketer: User, seller: User, how: str
) -> None:
    asset = factories.draft(owner=marketer) if how == "draft" else factories.asset(owner=marketer)
    if how == "archived":
        service.archive(asset)
    if how == "expired":
        asset.valid_until = TODAY - timedelta(days=1)
    db.session.flush()
    with pytest.raises(Absent):
        queries.get_asset(seller, asset.id, TODAY)
    assert queries.get_asset(marketer, asset.id, TODAY) is asset


def test_a_material_is_valid_through_its_last_day(marketer: User, seller: User) -> None:
    asset = factories.asset(owner=marketer)
    asset.valid_until = TODAY
    db.session.flush()
    assert queries.get_asset(seller, asset.id, TODAY) is asset


def test_archiving_is_undone_to_what_it_was(marketer: User) -> None:
    draft, live = factories.draft(owner=marketer), factories.asset(owner=marketer)
    for asset in (draft, live):
        service.archive(asset)
        service.restore(asset)
    assert (draft.status, live.status) == (Status.DRAFT, Status.PUBLISHED)


def test_still_true_moves_the_review_into_the_future_only(marketer: User) -> None:
    asset = factories.asset(owner=marketer)
    service.verify(asset, by=marketer, next_review=TODAY + timedelta(days=90), today=TODAY)
    assert asset.review_due == TODAY + timedelta(days=90)
    with pytest.raises(Invalid):
        service.verify(asset, by=marketer, next_review=TODAY, today=TODAY)


def test_every_change_asks_the_index_to_follow_in_its_transaction(marketer: User) -> None:
    asset = factories.draft(owner=marketer)
    before = asset.revision
    factories.change(asset, title="Another title")
    assert asset.revision == before + 1
    name = f"asset:{asset.id}"
    asked = db.session.scalars(select(Job).where(Job.kind == "search.index", Job.key == name))
    assert len(asked.all()) >= 2


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//evil.example",
        "https://a b.example",
        "",
        "https://user:pw@host.example/",
        "data:text/html,x",
        "https://[::1",
    ],
)
def test_only_whole_web_addresses_are_links(marketer: User, url: str) -> None:
    with pytest.raises(Invalid):
        versions.add_link_version(factories.draft(owner=marketer), url=url, by=marketer)


def test_an_answer_is_one_breath(marketer: User) -> None:
    asset = factories.draft(owner=marketer)
    with pytest.raises(Invalid) as refusal:
        versions.add_objection_version(
            asset, heard_as=["está caro"], answer="palavra " * 36, by=marketer
        )
    assert refusal.value.field == "answer"
    version = versions.add_objection_version(
        asset, heard_as=["está caro", " ", "está caro"], answer="palavra " * 35, by=marketer
    )
    assert version.body is not None
    assert version.body["heard_as"] == ["está caro"]


def test_invisible_characters_leave_titles_and_texts(marketer: User) -> None:
    asset = factories.draft(owner=marketer, title="fatura\u202efdp.exe\n\x00 2026")
    assert asset.title == "faturafdp.exe 2026"
    version = versions.add_script_version(
        asset, channel="email", text="Olá {{contato.nome}}\x00\u202e", by=marketer
    )
    assert version.body is not None
    assert version.body["text"] == "Olá {{contato.nome}}"
    assert merge_fields(version.body["text"]) == ["contato.nome"]


def test_a_text_is_read_out_without_its_marks() -> None:
    text = "**{{contato.nome}}**, o prazo da {{ minha_empresa }}: 2 ** 3 e **sem fim"
    assert plain(text) == "[contato · nome], o prazo da [minha empresa]: 2 ** 3 e **sem fim"


def test_a_title_must_be_there_and_must_fit(marketer: User) -> None:
    for title in ("", "   ", "x" * 201):
        with pytest.raises(Invalid):
            factories.draft(owner=marketer, title=title)


def test_the_day_is_that_of_the_zone_of_the_installation(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The two zones are 25 hours apart, so that it is never the same day in both.
    days = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        settings = app.extensions["settings"].model_copy(update={"timezone": zone})
        monkeypatch.setitem(app.extensions, "settings", settings)
        days.append(firm_today())
    assert days[0] > days[1]


def test_the_deputy_is_somebody_else(marketer: User) -> None:
    asset = factories.draft(owner=marketer)
    with pytest.raises(Invalid):
        factories.change(asset, deputy=marketer)
