"""Retention dates, legal holds and removal for good: nothing goes early, nor without a trace."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import Conflict, Invalid
from contentlib.jobs.models import Job
from contentlib.library import service, versions
from contentlib.library.care import custody, fsck, holds, removal, removal_jobs, sweeping
from contentlib.library.care.custody import Act, CustodyStep
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, AssetVersion, Blob, BlobPage, Status
from contentlib.library.release import service as releasing
from contentlib.library.uploads import service as uploads
from contentlib.receiving import room
from contentlib.storage import object_key, open_storage
from contentlib.storage.current import current_storage
from contentlib.usage.models import UsageEvent
from tests import factories
from tests.library.prepared import prepare
from tests.library.test_jobs import blob_of, pdf, upload, work
from tests.library.test_quarantine import turn
from tests.library.test_tombstones import do

SignIn = Callable[[User], FlaskClient]
WORDS = pdf("Um caso que ninguém mais quer guardar", "Segunda folha")
SHA256 = hashlib.sha256(WORDS).hexdigest()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def store(app: Flask, tmp_path: Path) -> Iterator[None]:
    """A store of each test's own."""
    before = current_storage()
    app.extensions["storage"] = open_storage(f"file:{tmp_path}/store")
    yield
    app.extensions["storage"] = before


@pytest.fixture
def case(marketer: User, seller: User, sign_in: SignIn) -> Asset:
    """A material with a file that was read and painted, used once, then archived."""
    asset = upload(WORDS, "caso.pdf", marketer)
    factories.change(asset, **factories.axes())
    service.publish(asset, by=marketer, today=firm_today())
    db.session.commit()
    prepare(SHA256)
    with sign_in(seller).post(f"/assets/{asset.id}/download") as answer:
        assert answer.status_code == 303
    service.archive(asset)
    db.session.commit()
    return asset


def ask(asset: Asset, by: User, version: AssetVersion | None = None) -> CustodyStep:
    asked = removal.ask(
        asset,
        version=version,
        by=by,
        reason="Nobody needs it",
        today=firm_today(),
        grace=removal_jobs.grace(),
    )
    db.session.commit()
    return asked


def later(days: float = 0) -> Any:
    """Stand behind the grace of a removal, and so many days after it."""
    return time_machine.travel(now() + removal_jobs.grace() + days * DAY + DAY / 24, tick=False)


def objects() -> set[str]:
    return {item.key.split("/")[0] for item in current_storage().find() if SHA256 in item.key}


def wrong() -> list[fsck.Fault]:
    """Return what does not agree, but for the index, of which there is none here."""
    faults = fsck.Examination(current_storage()).faults(deep=True)
    return [fault for fault in faults if fault.wrong and fault.kind is not fsck.Kind.INDEX]


def acts(asset: Asset) -> list[Act]:
    return [step.act for step in custody.steps_of(asset)]


def test_a_removal_is_asked_for_then_done_and_the_rows_stay(
    case: Asset, marketer: User, admin: User, sign_in: SignIn
) -> None:
    browser = sign_in(admin)
    answer = browser.post(f"/assets/{case.id}/remove", data={"reason": "Nobody needs it"})
    assert answer.status_code == 303
    assert turn(removal.REMOVALS) == 0
    assert blob_of(case).size == len(WORDS)
    page = browser.get(f"/assets/{case.id}").text
    assert "Nobody needs it" in page
    assert case.title in sign_in(marketer).get("/").text
    with later():
        assert turn(removal.REMOVALS) == 1
    version = case.versions[0]
    assert (version.blob, version.removed_by, version.file_name) == (None, admin, "caso.pdf")
    assert version.removed_at is not None
    assert db.session.get(Blob, SHA256) is None
    assert db.session.scalar(select(func.count()).select_from(BlobPage)) == 0
    assert room.kept_in_all() == 0
    (event,) = db.session.scalars(select(UsageEvent))
    assert event.asset_version_id == version.id
    assert acts(case) == [Act.REMOVAL_ASKED, Act.REMOVED, Act.REMOVED]
    for path in ("file", "view", "pages/1.webp", "file?v=1"):
        assert browser.get(f"/assets/{case.id}/{path}").status_code == 404, path
    page = browser.get(f"/assets/{case.id}").text
    assert admin.name in page
    assert "Removido de vez" in page
    assert browser.get(f"/assets/{case.id}/versions/1").status_code == 200
    assert case.title in browser.get("/assets?care=removed").text
    assert browser.post(f"/assets/{case.id}/restore").status_code == 409
    assert browser.post(f"/assets/{case.id}/remove", data={"reason": "x"}).status_code == 409


def test_the_bytes_leave_the_store_by_the_sweeper_and_not_before_a_backup_is_done(
    case: Asset, admin: User
) -> None:
    assert objects() == {"objects", "previews"}
    ask(case, admin)
    with later():
        turn(removal.REMOVALS)
        # A backup that began before may still be copying them.
        assert objects() == {"objects", "previews"}
        do(sweeping.SWEEPING)
        do(sweeping.REMOVING)
        assert objects() == {"objects", "previews"}
        assert wrong() == []
    for days in (2, 4):
        with later(days):
            do(sweeping.SWEEPING)
            do(sweeping.REMOVING)
    assert objects() == set()
    assert wrong() == []


def test_a_removal_can_be_undone_until_it_is_done(
    case: Asset, admin: User, sign_in: SignIn
) -> None:
    asked = ask(case, admin)
    browser, address = sign_in(admin), f"/assets/{case.id}/removals/{asked.id}/undo"
    # It cannot be brought back meanwhile, nor be removed twice.
    assert browser.post(f"/assets/{case.id}/restore").status_code == 409
    assert browser.post(f"/assets/{case.id}/remove", data={"reason": "x"}).status_code == 409
    assert browser.post(address).status_code == 303
    assert browser.post(address).status_code == 409
    with later():
        turn(removal.REMOVALS)
    assert blob_of(case).sha256 == SHA256
    assert acts(case) == [Act.REMOVAL_ASKED, Act.REMOVAL_UNDONE]
    assert browser.post(f"/assets/{case.id}/restore").status_code == 303
    assert case.status is Status.PUBLISHED


def test_only_an_admin_removes_and_only_with_a_reason(
    case: Asset, marketer: User, manager: User, admin: User, sign_in: SignIn
) -> None:
    for person in (marketer, manager):
        for address in ("remove", "versions/1/remove", "removals/1/undo"):
            answer = sign_in(person).post(f"/assets/{case.id}/{address}", data={"reason": "x"})
            assert answer.status_code == 404, address
    assert sign_in(admin).post(f"/assets/{case.id}/remove").status_code == 422
    assert acts(case) == []


def test_what_is_not_archived_is_not_removed(marketer: User, admin: User) -> None:
    asset = upload(WORDS, "caso.pdf", marketer)
    with pytest.raises(Conflict, match="Archive it first"):
        ask(asset, admin)


@pytest.mark.parametrize("days", [0, 1, 400])
def test_nothing_is_removed_before_its_retention_date(
    case: Asset, admin: User, sign_in: SignIn, days: int
) -> None:
    case.retain_until = firm_today() + days * DAY
    db.session.commit()
    for address in ("remove", "versions/1/remove"):
        refused = sign_in(admin).post(f"/assets/{case.id}/{address}", data={"reason": "x"})
        assert refused.status_code == 409
        assert "guardado até" in refused.text
    with time_machine.travel(now() + (days + 1) * DAY, tick=False):
        ask(case, admin)


def test_a_date_that_is_set_later_stops_a_removal_that_was_asked_for(
    case: Asset, admin: User, sign_in: SignIn
) -> None:
    ask(case, admin)
    case.retain_until = firm_today() + 400 * DAY
    db.session.commit()
    with later():
        turn(removal.REMOVALS)
    assert blob_of(case).sha256 == SHA256
    assert acts(case)[-1] is Act.REMOVAL_UNDONE
    assert "guardado até" in sign_in(admin).get(f"/assets/{case.id}").text


def test_a_hold_stops_every_removal_and_several_are_ended_one_by_one(
    case: Asset, marketer: User, admin: User, sign_in: SignIn
) -> None:
    ask(case, admin)
    browser = sign_in(admin)
    for reason in ("Process 12", "Process 13"):
        place = browser.post(f"/assets/{case.id}/hold", data={"reason": reason})
        assert place.status_code == 303
    with later():
        turn(removal.REMOVALS)
    assert blob_of(case).sha256 == SHA256
    page = browser.get(f"/assets/{case.id}").text
    assert "Process 12" in page
    assert "Process 13" in page
    first, second = holds.holds_of(case)
    for address in ("remove", "versions/1/remove"):
        refused = browser.post(f"/assets/{case.id}/{address}", data={"reason": "x"})
        assert refused.status_code == 409
    end = f"/assets/{case.id}/holds/{first.id}/end"
    assert browser.post(end).status_code == 422
    assert browser.post(end, data={"reason": "Won"}).status_code == 303
    assert browser.post(end, data={"reason": "Won"}).status_code == 409
    with pytest.raises(Conflict, match="legal hold"):
        ask(case, admin)
    holds.lift(second, by=admin, reason="Over")
    db.session.commit()
    ask(case, admin)
    with later():
        turn(removal.REMOVALS)
    assert db.session.get(Blob, SHA256) is None


def test_a_manager_holds_what_they_see_and_a_marketer_or_seller_does_not(
    marketer: User, manager: User, seller: User, sign_in: SignIn
) -> None:
    asset = factories.asset(owner=marketer)
    for person in (marketer, seller):
        assert sign_in(person).post(f"/assets/{asset.id}/hold").status_code == 404
    browser = sign_in(manager)
    assert "place-hold" in browser.get(f"/assets/{asset.id}").text
    assert browser.post(f"/assets/{asset.id}/hold", data={"reason": "Law"}).status_code == 303
    (hold,) = holds.holds_of(asset)
    assert "Law" in browser.get(f"/assets/{asset.id}").text
    assert "Law" in sign_in(marketer).get(f"/assets/{asset.id}").text
    assert "Law" not in sign_in(seller).get(f"/assets/{asset.id}").text
    other = factories.asset(owner=marketer)
    elsewhere = f"/assets/{other.id}/holds/{hold.id}/end"
    assert browser.post(elsewhere, data={"reason": "x"}).status_code == 404
    assert holds.holds_of(asset) == [hold]


def test_the_file_of_an_old_version_goes_alone(
    marketer: User, admin: User, sign_in: SignIn
) -> None:
    asset = upload(WORDS, "caso.pdf", marketer)
    factories.change(asset, **factories.axes())
    service.publish(asset, by=marketer, today=firm_today())
    with pytest.raises(Conflict, match="Sellers see this version"):
        ask(asset, admin, asset.versions[0])
    versions.add_link_version(asset, url="https://firm.example/new", by=marketer)
    with pytest.raises(Conflict, match="Only the file"):
        ask(asset, admin, asset.versions[1])
    service.publish(asset, by=marketer, today=firm_today())
    db.session.commit()
    browser = sign_in(admin)
    answer = browser.post(f"/assets/{asset.id}/versions/1/remove", data={"reason": "Old"})
    assert answer.status_code == 303
    assert "Old" in browser.get(f"/assets/{asset.id}/versions/1").text
    # Nor does it come back to sellers meanwhile.
    with pytest.raises(Conflict, match="Undo that first"):
        releasing.roll_back(asset, asset.versions[0], by=marketer, reason="Back")
    db.session.rollback()
    with later():
        turn(removal.REMOVALS)
    assert asset.versions[0].blob is None
    assert asset.versions[1].url is not None
    assert asset.status is Status.PUBLISHED
    with pytest.raises(Conflict, match="removed for good"):
        releasing.roll_back(asset, asset.versions[0], by=marketer, reason="Back")
    db.session.rollback()
    assert browser.get(f"/assets/{asset.id}/versions/1").status_code == 200
    assert browser.get(f"/assets/{asset.id}/versions/2").status_code == 200
    assert browser.get(f"/assets/{asset.id}?v=1").status_code == 200


def test_bytes_that_another_version_has_stay_for_it(
    case: Asset, marketer: User, admin: User, sign_in: SignIn
) -> None:
    other = upload(WORDS, "same.pdf", marketer)
    ask(case, admin)
    with later():
        turn(removal.REMOVALS)
    assert case.versions[0].blob is None
    assert blob_of(other).sha256 == SHA256
    assert db.session.scalar(select(func.count()).select_from(BlobPage)) == 2
    with sign_in(marketer).get(f"/assets/{other.id}/file") as answer:
        assert answer.data == WORDS


def test_the_same_bytes_come_again_after_a_removal(
    case: Asset, marketer: User, admin: User
) -> None:
    ask(case, admin)
    with later():
        turn(removal.REMOVALS)
        again = upload(WORDS, "again.pdf", marketer)
        assert blob_of(again).sha256 == SHA256
        assert case.versions[0].blob is None
        work("library.extract", SHA256)
    with later(3):
        for _ in range(2):
            do(sweeping.SWEEPING)
            do(sweeping.REMOVING)
    with current_storage().open(object_key(SHA256)) as stream:
        assert stream.read() == WORDS
    assert wrong() == []


def test_bytes_that_went_while_somebody_chose_to_keep_them_twice_are_sent_again(
    case: Asset, marketer: User, admin: User
) -> None:
    blob = blob_of(case)
    ask(case, admin)
    with later():
        turn(removal.REMOVALS)
    with pytest.raises(Conflict, match="Send it once more"):
        uploads.adopt(blob, "twice.pdf", by=marketer)


def test_texts_and_links_go_with_their_material(
    marketer: User, admin: User, sign_in: SignIn
) -> None:
    asset = factories.draft(owner=marketer)
    versions.add_objection_version(asset, by=marketer, **factories.OBJECTION)
    service.archive(asset)
    db.session.commit()
    ask(asset, admin)
    with later():
        turn(removal.REMOVALS)
    assert {(one.url, one.body) for one in asset.versions} == {(None, None)}
    for number in (1, 2):
        assert sign_in(admin).get(f"/assets/{asset.id}?v={number}").status_code == 200
        assert sign_in(admin).get(f"/assets/{asset.id}/versions/{number}").status_code == 200


def test_a_draft_that_must_be_kept_is_archived_where_another_would_be_discarded(
    marketer: User, admin: User
) -> None:
    held, dated, free = (upload(pdf(str(n)), f"{n}.pdf", marketer) for n in range(3))
    holds.lift(holds.place(held, by=admin, reason="Law"), by=admin, reason="Over")
    dated.retain_until = firm_today() + DAY
    db.session.commit()
    ids = [held.id, dated.id, free.id]
    for draft in (held, dated, free):
        service.discard(draft)
    db.session.commit()
    assert [db.session.get(Asset, one) is None for one in ids] == [False, False, True]
    assert held.status is dated.status is Status.ARCHIVED


def test_nothing_is_removed_by_itself_unless_a_setting_says_so(
    app: Flask, case: Asset, marketer: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = factories.asset("Held", owner=marketer)
    service.archive(held)
    holds.place(held, by=admin, reason="Law")
    db.session.commit()
    with time_machine.travel(now() + 3000 * DAY, tick=False):
        db.session.add(Job(kind=removal_jobs.RETIRING, key="daily", payload={}))
        db.session.commit()
        turn(removal_jobs.RETIRING)
        assert acts(case) == []
        settings = app.extensions["settings"].model_copy(update={"archive_days": 365})
        monkeypatch.setitem(app.extensions, "settings", settings)
        db.session.add(Job(kind=removal_jobs.RETIRING, key="daily", payload={}))
        db.session.commit()
        turn(removal_jobs.RETIRING)
        (asked,) = custody.steps_of(case)
        assert (asked.act, asked.by) == (Act.REMOVAL_ASKED, None)
        assert acts(held) == [Act.HELD]
        with later():
            turn(removal.REMOVALS)
    assert case.versions[0].removed_at is not None
    assert held.versions[0].removed_at is None


def test_the_list_and_its_csv_say_how_each_is_kept(
    case: Asset, marketer: User, admin: User, sign_in: SignIn
) -> None:
    held = factories.asset("=HYPERLINK(1)", owner=marketer, retain_until=firm_today() + DAY)
    for reason in ("one", "two"):
        holds.place(held, by=admin, reason=reason)
    ask(case, admin)
    browser = sign_in(marketer)
    for care, shown, hidden in (
        ("held", held, case),
        ("kept", held, case),
        ("removing", case, held),
    ):
        link = f'href="/assets/{shown.id}"'
        page = browser.get(f"/assets?care={care}").text
        assert link in page, care
        assert f'href="/assets/{hidden.id}"' not in page, care
    table = browser.get("/assets.csv?care=held")
    lines = table.text.splitlines()
    assert len(lines) == 2
    assert "'=HYPERLINK(1)" in lines[1]
    assert f",{held.retain_until},2," in lines[1]
    assert len(browser.get("/assets.csv").text.splitlines()) == 3
    assert sign_in(factories.user("seller")).get("/assets.csv").status_code == 404


def test_a_reason_must_say_something(case: Asset, admin: User) -> None:
    with pytest.raises(Invalid):
        holds.place(case, by=admin, reason="\u200b ")


def test_a_reason_with_signs_of_a_format_breaks_no_page(
    case: Asset, admin: User, sign_in: SignIn
) -> None:
    ask(case, admin)
    holds.place(case, by=admin, reason="100% sure %(name)s %s <b>")
    db.session.commit()
    browser = sign_in(admin)
    for address in (f"/assets/{case.id}", f"/assets/{case.id}/versions/1", "/", "/assets"):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert "<b>" not in answer.text


def test_a_file_in_quarantine_can_be_removed(case: Asset, marketer: User, admin: User) -> None:
    asset = upload(pdf("outro"), "outro.pdf", marketer)
    blob_of(asset).scan = "quarantined"
    db.session.commit()
    ask(asset, admin, asset.versions[0])
    with later():
        turn(removal.REMOVALS)
    assert asset.versions[0].blob is None
