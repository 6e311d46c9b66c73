"""Files before the virus scanner: nobody gets one without a verdict, nor one that harms."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db, reading
from contentlib.core.errors import Conflict, Invalid
from contentlib.jobs.models import Job, JobState
from contentlib.jobs.registry import handler_of
from contentlib.library import service, versions
from contentlib.library.care import custody, quarantine, scan_jobs
from contentlib.library.care.custody import Act, CustodyStep
from contentlib.library.care.verdicts import ScanState
from contentlib.library.documents import document_of
from contentlib.library.files import sending, tickets
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, BlobPage, Status
from contentlib.library.release import service as releasing
from contentlib.library.release.history import state_of
from contentlib.library.release.rules import State
from contentlib.library.uploads import service as uploads
from contentlib.storage import object_key
from contentlib.storage.current import current_storage
from tests import factories
from tests.library.test_bytes import PAGE, published
from tests.library.test_bytes_elsewhere import in_bucket  # noqa: F401 - a fixture
from tests.library.test_jobs import blob_of, upload
from tests.real.clamd import KNOWN, WORD, Clamd
from tests.real.faulty_clamd import Ways, faulty_clamd

SignIn = Callable[[User], FlaskClient]
REAL = pytest.mark.real_part("clamd")
HARMFUL = b"Proposta comercial da Serra Azul.\n" + WORD + b"\nBoa leitura."
HARMLESS = b"Proposta comercial da Serra Azul, sem nada de mal.\n"


def use_scanner(app: Flask, patch: pytest.MonkeyPatch, url: str) -> None:
    settings = app.extensions["settings"]
    patch.setitem(app.extensions, "settings", settings.model_copy(update={"scan_url": url}))


@pytest.fixture
def scanned(app: Flask, monkeypatch: pytest.MonkeyPatch, clamd: Clamd) -> Iterator[Clamd]:
    """Have files scanned by a real daemon, which knows the usual two things."""
    use_scanner(app, monkeypatch, clamd.socket)
    yield clamd
    if clamd.process is None or (clamd.folder / "db" / "own.ndb").read_text().count("\n") != 2:
        clamd.stop()
        clamd.know(*KNOWN)
        clamd.start()


@pytest.fixture
def faulty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ways]:
    """Have files "scanned" by what answers as a test says."""
    with faulty_clamd() as (url, ways):
        use_scanner(app, monkeypatch, url)
        yield ways


def taken(browser: FlaskClient, address: str) -> tuple[int, bytes]:
    """Take what is at an address, to its end."""
    with browser.get(address) as answer:
        return answer.status_code, answer.data


def turn(kind: str) -> int:
    """Do all jobs of a kind that are due, as the worker does; count them."""
    due = select(Job).where(Job.kind == kind, Job.state == JobState.QUEUED, Job.run_after <= now())
    jobs = db.session.scalars(due.order_by(Job.id)).all()
    if not jobs:
        return 0
    payloads = list({job.key: job.payload for job in jobs}.values())
    ids = [job.id for job in jobs]
    handler = handler_of(kind)
    assert handler is not None
    with reading():
        apply = handler.work(payloads)
        db.session.rollback()
    if apply is not None:
        apply()
    for job in db.session.scalars(select(Job).where(Job.id.in_(ids))):
        job.state = JobState.DONE
    db.session.commit()
    return len(jobs)


def asked(kind: str) -> int:
    waiting = select(func.count(Job.id)).where(Job.kind == kind, Job.state == JobState.QUEUED)
    return db.session.scalar(waiting) or 0


def state(asset: Asset) -> ScanState:
    blob = blob_of(asset)
    db.session.refresh(blob)
    return blob.scan


def infect_later(clamd: Clamd, content: bytes) -> None:
    """Teach the scanner that something harms which it passed before."""
    clamd.stop()
    clamd.know(*KNOWN, ("Test.Later", content))
    clamd.start()


def test_without_a_scanner_a_file_is_read_at_once_and_given_to_everybody(
    marketer: User, seller: User, sign_in: SignIn
) -> None:
    asset = published(PAGE, "case.png", marketer)
    assert state(asset) is ScanState.NONE
    assert asked("library.extract") == 1
    assert asked(quarantine.SCANNING) == 0
    assert taken(sign_in(seller), f"/assets/{asset.id}/view") == (200, PAGE)
    page = sign_in(marketer).get(f"/assets/{asset.id}").text
    assert "Antivírus" not in page


@REAL
def test_a_file_is_scanned_before_anything_reads_it(scanned: Clamd, marketer: User) -> None:
    asset = upload(HARMLESS, "offer.txt", marketer)
    assert state(asset) is ScanState.WAITING
    assert asked("library.extract") == asked("library.preview") == 0
    turn(quarantine.SCANNING)
    assert state(asset) is ScanState.CLEAN
    assert blob_of(asset).scan_signatures.startswith("ClamAV")
    assert asked("library.extract") == asked("library.preview") == 1


@REAL
def test_nobody_gets_a_file_before_its_verdict(
    scanned: Clamd, marketer: User, sign_in: SignIn
) -> None:
    asset = upload(PAGE, "case.png", marketer)
    browser = sign_in(marketer)
    for path in ("file", "view", "pages/1.webp"):
        assert browser.get(f"/assets/{asset.id}/{path}").status_code in (404, 409), path
    turn(quarantine.SCANNING)
    assert taken(browser, f"/assets/{asset.id}/file") == (200, PAGE)


@REAL
def test_a_version_is_not_published_before_its_verdict(scanned: Clamd, marketer: User) -> None:
    with pytest.raises(Conflict, match="virus scan"):
        published(HARMLESS, "offer.txt", marketer)


@REAL
def test_what_came_before_there_was_a_scanner_is_scanned_before_it_is_published(
    app: Flask, monkeypatch: pytest.MonkeyPatch, clamd: Clamd, marketer: User
) -> None:
    asset = factories.draft(owner=marketer)
    arrived = uploads.take_in(current_storage(), BytesIO(HARMLESS), "offer.txt", limit=10**6)
    uploads.add_version(asset, arrived, by=marketer)
    db.session.commit()
    use_scanner(app, monkeypatch, clamd.socket)
    with pytest.raises(Conflict, match="virus scan"):
        service.publish(asset, by=marketer, today=firm_today())
    db.session.rollback()
    scan_jobs.ask_for_everything()
    db.session.commit()
    turn(scan_jobs.AGAIN)
    service.publish(asset, by=marketer, today=firm_today())
    assert asset.status is Status.PUBLISHED


@REAL
def test_a_harmful_file_is_in_quarantine_on_every_path(
    scanned: Clamd, marketer: User, admin: User, sign_in: SignIn
) -> None:
    asset = upload(HARMFUL, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    blob = blob_of(asset)
    assert (blob.scan, blob.scan_detail) == (ScanState.QUARANTINED, "Test.Word.UNOFFICIAL")
    assert asked("library.extract") == asked("library.preview") == 0
    for person in (marketer, admin):
        for path in ("file", "file?v=1", "view", "pages/1.webp"):
            answer = sign_in(person).get(f"/assets/{asset.id}/{path}")
            assert answer.status_code in (404, 409), path
            assert WORD not in answer.data
    with pytest.raises(Conflict, match=r"Test\.Word"):
        service.publish(asset, by=marketer, today=firm_today())
    with pytest.raises(Conflict):
        quarantine.read(blob)
    # What had been asked before the verdict came reads nothing either.
    for kind in ("library.extract", "library.preview", "library.pages", "library.scans"):
        handler = handler_of(kind)
        assert handler is not None
        assert handler.work([{"sha256": blob.sha256, "pages": [1], "missed": 0}]) is None
    # It is kept all the same: only a person decides what becomes of it.
    assert current_storage().stat(object_key(blob.sha256)) is not None


@REAL
def test_the_page_says_what_was_found_and_offers_no_download(
    scanned: Clamd, marketer: User, admin: User, sign_in: SignIn
) -> None:
    asset = upload(HARMFUL, "offer.txt", marketer)
    waiting = sign_in(marketer).get(f"/assets/{asset.id}").text
    assert "aguarda a verificação" in waiting
    turn(quarantine.SCANNING)
    page = sign_in(marketer).get(f"/assets/{asset.id}").text
    assert "Test.Word.UNOFFICIAL" in page
    assert f"/assets/{asset.id}/download" not in page
    assert "release-file" not in page
    assert "release-file" in sign_in(admin).get(f"/assets/{asset.id}").text
    for person in (marketer, admin):
        assert "Test.Word.UNOFFICIAL" in sign_in(person).get("/").text
    assert asset.title in sign_in(marketer).get("/assets?care=withheld").text
    assert sign_in(marketer).get(f"/assets/{asset.id}/versions/1").status_code == 200


@REAL
def test_the_same_bytes_meet_the_same_verdict(scanned: Clamd, marketer: User) -> None:
    upload(HARMFUL, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    again = upload(HARMFUL, "another name.txt", marketer)
    assert state(again) is ScanState.QUARANTINED
    assert asked(quarantine.SCANNING) == 0


@REAL
def test_what_turns_out_harmful_is_withdrawn_from_sellers_at_once(
    scanned: Clamd, marketer: User, seller: User, sign_in: SignIn
) -> None:
    asset = upload(HARMLESS, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    for kind in ("library.extract", "library.preview"):
        turn(kind)
    factories.change(asset, **factories.axes())
    service.publish(asset, by=marketer, today=firm_today())
    db.session.commit()
    sha256 = blob_of(asset).sha256
    assert taken(sign_in(seller), f"/assets/{asset.id}/file") == (200, HARMLESS)
    infect_later(scanned, b"sem nada de mal")
    scan_jobs.ask_for_everything()
    db.session.commit()
    turn(scan_jobs.AGAIN)
    assert state(asset) is ScanState.QUARANTINED
    assert (asset.status, asset.published_version) == (Status.DRAFT, None)
    assert state_of(asset.versions[0]) is State.WITHDRAWN
    for path in ("", "/file", "/view"):
        assert sign_in(seller).get(f"/assets/{asset.id}{path}").status_code == 404
    assert db.session.scalars(select(BlobPage).where(BlobPage.sha256 == sha256)).all() == []
    assert "Test.Later" in sign_in(marketer).get("/").text
    page = sign_in(marketer).get(f"/assets/{asset.id}").text
    assert "Test.Later" in page
    assert "Serra Azul" not in page
    assert document_of(asset, {}).access == ("staff",)


@REAL
def test_a_newer_version_takes_the_place_of_what_was_withdrawn(
    scanned: Clamd, marketer: User
) -> None:
    asset = upload(HARMFUL, "offer.txt", marketer)
    asset.published_version, asset.status = asset.versions[0], Status.PUBLISHED
    factories.change(asset, **factories.axes())
    db.session.commit()
    turn(quarantine.SCANNING)
    assert asset.status is Status.DRAFT
    versions.add_link_version(asset, url="https://firm.example/clean", by=marketer)
    service.publish(asset, by=marketer, today=firm_today())
    assert asset.published_version is asset.versions[1]
    with pytest.raises(Conflict, match="quarantine"):
        releasing.roll_back(asset, asset.versions[0], by=marketer, reason="The old one")


@REAL
def test_an_admin_releases_a_false_alarm_and_it_stays_released(
    scanned: Clamd, marketer: User, admin: User, sign_in: SignIn
) -> None:
    asset = upload(HARMFUL, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    blob, address = blob_of(asset), f"/assets/{asset.id}/versions/1/release-file"
    assert sign_in(marketer).post(address, data={"reason": "I know"}).status_code == 404
    assert sign_in(admin).post(address, data={"reason": "  "}).status_code == 422
    assert state(asset) is ScanState.QUARANTINED
    assert sign_in(admin).post(address, data={"reason": "A test word"}).status_code == 303
    assert state(asset) is ScanState.RELEASED
    assert sign_in(admin).post(address, data={"reason": "Again"}).status_code == 409
    step = custody.last_of(blob.sha256, Act.RELEASED)
    assert step is not None
    assert (step.by, step.note) == (admin, "A test word")
    assert asked("library.extract") == 1
    assert taken(sign_in(marketer), f"/assets/{asset.id}/file") == (200, HARMFUL)
    assert "A test word" in sign_in(marketer).get(f"/assets/{asset.id}").text
    scan_jobs.ask_for_everything()
    db.session.commit()
    turn(scan_jobs.AGAIN)
    assert state(asset) is ScanState.RELEASED
    infect_later(scanned, b"Proposta comercial")
    quarantine.judge(blob.sha256, "Something.Else", "ClamAV")
    assert state(asset) is ScanState.QUARANTINED


@REAL
def test_an_alarm_that_the_scanner_takes_back_ends_the_quarantine(
    scanned: Clamd, marketer: User
) -> None:
    asset = upload(HARMFUL, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    quarantine.judge(blob_of(asset).sha256, "", "ClamAV 1/2")
    assert state(asset) is ScanState.CLEAN
    assert asked("library.extract") == 1
    step = custody.last_of(blob_of(asset).sha256, Act.RELEASED)
    assert step is not None
    assert (step.by, step.note) == (None, "ClamAV 1/2")


@REAL
def test_files_wait_for_a_scanner_that_is_down_and_go_on_by_themselves(
    scanned: Clamd, marketer: User, sign_in: SignIn, admin: User
) -> None:
    scanned.stop()
    first, second = (
        upload(content, f"offer-{len(content)}.txt", marketer) for content in (HARMLESS, HARMFUL)
    )
    turn(quarantine.SCANNING)
    assert state(first) is state(second) is ScanState.WAITING
    assert asked(scan_jobs.WAITING) == 1
    health = sign_in(admin).get("/admin/health").text
    assert "não responde" in health
    with time_machine.travel(now() + scan_jobs.PAUSE, tick=False):
        assert turn(scan_jobs.WAITING) == 1
        assert state(first) is ScanState.WAITING
        scanned.start()
    with time_machine.travel(now() + 3 * scan_jobs.PAUSE, tick=False):
        turn(scan_jobs.WAITING)
        turn(quarantine.SCANNING)
    assert state(first) is ScanState.CLEAN
    assert state(second) is ScanState.QUARANTINED


@pytest.mark.parametrize(
    ("answer", "reads", "why"),
    [
        (b"", None, "no verdict"),
        (b"garbage\0", None, "no verdict"),
        (b"INSTREAM size limit exceeded. ERROR\0", 1, "larger"),
    ],
    ids=["closes", "garbage", "too large"],
)
def test_a_file_without_a_verdict_says_so_and_can_be_tried_again(
    faulty: Ways,
    marketer: User,
    sign_in: SignIn,
    answer: bytes,
    reads: int | None,
    why: str,
) -> None:
    faulty.stream, faulty.reads = answer, reads
    asset = upload(HARMLESS, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    assert state(asset) is ScanState.FAILED
    assert why in (blob_of(asset).scan_detail or "")
    assert asked("library.extract") == 0
    browser, retry = sign_in(marketer), f"/assets/{asset.id}/versions/1/scan-again"
    assert browser.get(f"/assets/{asset.id}/file").status_code == 409
    assert retry in browser.get(f"/assets/{asset.id}").text
    assert asset.title in browser.get("/").text
    faulty.stream, faulty.reads = b"stream: OK\0", None
    assert browser.post(retry).status_code == 303
    assert browser.post(retry).status_code == 409
    turn(quarantine.SCANNING)
    assert state(asset) is ScanState.CLEAN


def test_a_scan_that_fails_later_takes_no_verdict_away(faulty: Ways, marketer: User) -> None:
    asset = upload(HARMLESS, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    faulty.stream = b""
    scan_jobs.ask_for_everything()
    db.session.commit()
    turn(scan_jobs.AGAIN)
    assert state(asset) is ScanState.CLEAN


def test_every_file_is_scanned_again_after_a_week_and_each_once(
    faulty: Ways, marketer: User
) -> None:
    assets = [upload(HARMLESS + bytes([65 + n]), f"{n}.txt", marketer) for n in range(3)]
    while turn(quarantine.SCANNING):
        pass
    assert faulty.streams == 3
    handler = handler_of(scan_jobs.AGAIN)
    assert handler is not None
    assert handler.work([{}]) is None
    with time_machine.travel(now() + scan_jobs.GOOD_FOR + timedelta(minutes=1), tick=False):
        db.session.add(Job(kind=scan_jobs.AGAIN, key="daily", payload={}))
        db.session.commit()
        while turn(scan_jobs.AGAIN):
            pass
    assert faulty.streams == 6
    assert {state(asset) for asset in assets} == {ScanState.CLEAN}


def test_when_no_scanner_is_named_any_more_what_waited_is_read(
    app: Flask, faulty: Ways, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = upload(HARMLESS, "offer.txt", marketer)
    use_scanner(app, monkeypatch, "")
    turn(quarantine.SCANNING)
    assert state(asset) is ScanState.NONE
    assert asked("library.extract") == 1


def test_what_was_found_stays_found_when_no_scanner_is_named_any_more(
    app: Flask, faulty: Ways, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty.stream = b"stream: Bad FOUND\0"
    asset = upload(HARMLESS, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    use_scanner(app, monkeypatch, "")
    db.session.add(Job(kind=scan_jobs.AGAIN, key="daily", payload={}))
    db.session.commit()
    turn(scan_jobs.AGAIN)
    assert state(asset) is ScanState.QUARANTINED


def test_an_address_given_out_before_the_verdict_leads_nowhere_after(
    app: Flask, faulty: Ways, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = upload(PAGE, "case.png", marketer)
    turn(quarantine.SCANNING)
    ticket = tickets.Ticket(marketer.id, asset.id, 1, "inline")
    assert tickets.version_for(ticket, firm_today()) is asset.versions[0]
    quarantine.judge(blob_of(asset).sha256, "Bad", "ClamAV")
    with pytest.raises(Exception, match="does not exist"):
        tickets.version_for(ticket, firm_today())


def test_the_history_of_a_quarantine_cannot_be_changed(faulty: Ways, marketer: User) -> None:
    faulty.stream = b"stream: Bad FOUND\0"
    upload(HARMLESS, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    step = db.session.scalars(select(CustodyStep)).one()
    assert (step.act, step.note, step.by) == (Act.QUARANTINED, "Bad", None)
    step.note = "nothing"
    with pytest.raises(Exception, match="append-only"):
        db.session.flush()
    db.session.rollback()


def test_a_release_needs_a_reason(faulty: Ways, marketer: User, admin: User) -> None:
    faulty.stream = b"stream: Bad FOUND\0"
    asset = upload(HARMLESS, "offer.txt", marketer)
    turn(quarantine.SCANNING)
    with pytest.raises(Invalid):
        quarantine.release(blob_of(asset), by=admin, reason=" \u200b ")


def test_the_bucket_is_no_way_around_a_quarantine(
    faulty: Ways,
    in_bucket: None,  # noqa: F811 - the fixture
    marketer: User,
    sign_in: SignIn,
) -> None:
    asset = upload(PAGE, "case.png", marketer)
    turn(quarantine.SCANNING)
    browser = sign_in(marketer)
    for path in ("file", "view"):
        assert browser.get(f"/assets/{asset.id}/{path}").status_code == 302
    quarantine.judge(blob_of(asset).sha256, "Bad", "ClamAV")
    db.session.commit()
    for path in ("file", "view"):
        for method in ("GET", "HEAD"):
            answer = browser.open(f"/assets/{asset.id}/{path}", method=method)
            assert (answer.status_code, answer.headers.get("Location")) == (409, None)


def test_each_way_to_bytes_refuses_by_itself(faulty: Ways, marketer: User, sign_in: SignIn) -> None:
    asset = upload(PAGE, "case.png", marketer)
    turn(quarantine.SCANNING)
    turn("library.preview")
    blob = blob_of(asset)
    browser, picture = sign_in(marketer), f"/assets/{asset.id}/pages/1.webp"
    assert taken(browser, picture)[0] == 200
    assert sending.of_version(asset.versions[0], "inline").size == len(PAGE)
    for unfit in (ScanState.WAITING, ScanState.FAILED, ScanState.QUARANTINED):
        blob.scan = unfit
        db.session.commit()
        assert browser.get(picture).status_code == 409
        with pytest.raises(Conflict):
            sending.of_version(asset.versions[0], "inline")
