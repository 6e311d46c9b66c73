"""Room for files: refused with figures before the first byte, and never promised twice."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib import receiving
from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.library import service, taxonomy
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, AssetVersion, Blob, Status
from contentlib.receiving import room
from contentlib.receiving.models import Upload
from contentlib.storage import StorageFull, open_storage
from contentlib.storage.current import current_storage
from tests import factories
from tests.library.test_importing import take
from tests.library.test_jobs import upload
from tests.library.test_tombstones import apart  # noqa: F401 - a fixture

SignIn = Callable[[User], FlaskClient]
MB = 20_000
"""As large as a megabyte is called in these tests."""

ASKS = {"Accept": "application/json"}


def text(size: int, begins: bytes = b"A") -> bytes:
    return begins + b"n offer. " * (size // 9)


@pytest.fixture(autouse=True)
def small_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MEGABYTE", MB)
    monkeypatch.setattr(receiving, "PART", 2 * MB)


@pytest.fixture
def store(app: Flask, tmp_path: Path) -> Iterator[None]:
    """A store of this test's own."""
    before = current_storage()
    app.extensions["storage"] = open_storage(f"file:{tmp_path}/store")
    taxonomy.seed()
    db.session.commit()
    yield
    app.extensions["storage"] = before


@pytest.fixture
def allow(app: Flask, store: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Change what the installation allows."""

    def change(**settings: int) -> None:
        changed = app.extensions["settings"].model_copy(update=settings)
        monkeypatch.setitem(app.extensions, "settings", changed)

    return change


def begin(browser: FlaskClient, size: int, key: str = "k") -> Any:
    form = {"name": f"{key}.txt", "size": size}
    return browser.post("/uploads", data=form, headers={"Idempotency-Key": key} | ASKS)


def send(browser: FlaskClient, content: bytes, key: str = "k") -> Any:
    """Send a file in parts to its end, or to where it is refused."""
    begun = begin(browser, len(content), key)
    if begun.status_code != 201:
        return begun
    address, at = f"/uploads/{begun.json['id']}", begun.json["offset"]
    while at < len(content):
        part = content[at : at + receiving.PART]
        answer = browser.patch(address, data=part, headers={"Upload-Offset": str(at)})
        assert answer.status_code == 204, answer.text
        at += len(part)
    return browser.post(f"{address}/finish", headers=ASKS)


def versions() -> int:
    return db.session.scalar(select(func.count(AssetVersion.id))) or 0


def test_what_the_quota_has_no_room_for_is_refused_before_its_first_byte(
    allow: Callable[..., None], marketer: User, sign_in: SignIn
) -> None:
    allow(quota_mb=3)
    browser = sign_in(marketer)
    assert send(browser, text(2 * MB)).status_code == 201
    answer = begin(browser, 2 * MB, "more")
    assert answer.status_code == 507
    sentence = answer.json["title"]
    assert "3 MB" in sentence
    assert "2 MB" in sentence
    assert "1 MB" in sentence
    assert db.session.scalar(select(func.count(Upload.id))) == 1
    assert begin(browser, MB // 2, "less").status_code == 201


def test_the_same_bytes_twice_cost_nothing(
    allow: Callable[..., None], marketer: User, sign_in: SignIn
) -> None:
    allow(quota_mb=3)
    content = text(MB + MB // 4)
    for key in ("one", "two", "three", "four"):
        assert send(sign_in(marketer), content, key).status_code == 201
    assert room.kept_in_all() == len(content)


def test_what_is_on_its_way_is_promised_and_given_back_when_it_does_not_come(
    allow: Callable[..., None], marketer: User, sign_in: SignIn
) -> None:
    allow(quota_mb=5)
    browser = sign_in(marketer)
    first = begin(browser, 3 * MB, "first")
    assert first.status_code == 201
    assert begin(browser, 3 * MB, "second").status_code == 507
    assert begin(browser, 3 * MB, "first").status_code == 201
    assert browser.delete(f"/uploads/{first.json['id']}").status_code == 204
    assert begin(browser, 3 * MB, "second").status_code == 201
    with time_machine.travel(now() + timedelta(days=1, minutes=1), tick=False):
        # It stood still for a day, so nobody waits for it.
        assert begin(browser, 3 * MB, "third").status_code == 201


def test_what_arrived_is_asked_about_again_and_comes_in_once_there_is_room(
    allow: Callable[..., None], marketer: User, sign_in: SignIn
) -> None:
    browser, content = sign_in(marketer), text(2 * MB)
    allow(quota_mb=1, max_upload_mb=200)
    allow(quota_mb=3)
    begun = begin(browser, len(content)).json
    allow(quota_mb=1)
    refused = send(browser, content)
    assert refused.status_code == 507
    assert (versions(), room.kept_in_all()) == (0, 0)
    allow(quota_mb=3)
    address = f"/uploads/{begun['id']}/finish"
    assert browser.post(address, headers=ASKS).status_code == 201
    assert (versions(), room.kept_in_all()) == (1, len(content))


def by_form(browser: FlaskClient, content: bytes) -> Any:
    file = {"file": (BytesIO(content), "offer.txt")}
    return browser.post("/assets/upload", data=file, headers={"HX-Request": "true"} | ASKS)


def as_version(browser: FlaskClient, content: bytes) -> Any:
    owner = db.session.scalars(select(User)).first()
    row = factories.draft(owner=owner)
    row.versions[0].kind = "file"
    db.session.commit()
    file = {"file": (BytesIO(content), "offer.txt"), "change": "minor", "then": "save"}
    return browser.post(f"/assets/{row.id}/versions/new", data=file, headers=ASKS)


WAYS: dict[str, Callable[[FlaskClient, bytes], Any]] = {
    "in parts": send,
    "by a form": by_form,
    "as a version": as_version,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("size", [MB // 2 + MB // 4, 3 * MB], ids=["a small one", "a large one"])
def test_no_way_in_leads_around_the_quota(
    allow: Callable[..., None],
    marketer: User,
    sign_in: SignIn,
    way: Callable[[FlaskClient, bytes], Any],
    size: int,
) -> None:
    allow(quota_mb=1)
    upload(text(MB // 2, b"B"), "there.txt", marketer)
    before = room.kept_in_all()
    answer = way(sign_in(marketer), text(size))
    assert answer.status_code in (507, 422), answer.text
    assert "1 MB" in answer.text or "1 MB" in answer.json["title"]
    assert room.kept_in_all() == before
    allow(quota_mb=10)
    assert way(sign_in(marketer), text(size)).status_code in (201, 303)
    assert room.kept_in_all() > before


def test_of_several_files_of_a_form_those_come_in_that_there_is_room_for(
    allow: Callable[..., None], marketer: User, sign_in: SignIn
) -> None:
    allow(quota_mb=3)
    contents = (text(2 * MB - 999), text(3 * MB // 2 - 999, b"B"), text(MB // 2 - 999, b"C"))
    sent = [(BytesIO(content), f"{n}.txt") for n, content in enumerate(contents)]
    browser = sign_in(marketer)
    # Each fits, but not all of them: nothing is on its way yet while the form is looked at.
    answer = browser.post("/assets/upload", data={"file": sent}, follow_redirects=True)
    assert "1.txt" in answer.text
    assert (versions(), room.kept_in_all()) == (2, len(contents[0]) + len(contents[2]))
    assert db.session.scalar(select(func.count(Asset.id))) == 2


def test_a_row_of_a_table_meets_the_quota_and_a_known_file_does_not(
    allow: Callable[..., None], marketer: User, tmp_path: Path
) -> None:
    (tmp_path / "offer.txt").write_bytes(text(MB))
    row = {
        "external_id": "offer",
        "title": "An offer",
        "type": "article",
        "stages": "proposal",
        "personas": "champion",
        "owner_email": marketer.email,
        "status": "draft",
        "file": "offer.txt",
    }
    allow(quota_mb=1)
    upload(text(MB // 2, b"B"), "there.txt", marketer)
    with pytest.raises(StorageFull, match="1 MB"):
        take(row, tmp_path)
    db.session.rollback()
    allow(quota_mb=2)
    assert take(row, tmp_path) == "created"
    db.session.commit()
    allow(quota_mb=1)
    assert take(row, tmp_path) == "unchanged"


class Untouched(BytesIO):
    """A body that must not be read."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise AssertionError("it was read")

    readline = read


def test_a_large_form_is_turned_away_unread(
    allow: Callable[..., None], marketer: User, sign_in: SignIn
) -> None:
    allow(quota_mb=3)
    answer = sign_in(marketer).post(
        "/assets/upload",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(50 * MB), "wsgi.input": Untouched()},
        headers=ASKS,
    )
    assert answer.status_code == 507


def test_a_person_brings_so_much_a_day_and_goes_on_tomorrow(
    allow: Callable[..., None], marketer: User, sign_in: SignIn
) -> None:
    allow(daily_upload_mb=3)
    browser, other = sign_in(marketer), sign_in(factories.user("marketer"))
    assert send(browser, text(2 * MB), "one").status_code == 201
    refused = send(browser, text(2 * MB, b"B"), "two")
    assert refused.status_code == 507
    assert "3 MB" in refused.json["title"]
    # What was there before is none of today's.
    assert send(other, text(2 * MB), "one").status_code == 201
    assert send(other, text(2 * MB, b"C"), "two").status_code == 201
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        assert send(browser, text(2 * MB, b"B"), "two").status_code == 201


def test_the_disk_is_not_promised_twice_either(
    allow: Callable[..., None], marketer: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = type("Disk", (), {"free": 10 * MB})()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: disk)
    allow(free_space_mb=4)
    browser = sign_in(marketer)
    first = begin(browser, 4 * MB, "first")
    assert first.status_code == 201
    refused = begin(browser, 4 * MB, "second")
    assert refused.status_code == 507
    assert "2 MB" in refused.json["title"]
    # What has come of it lies on the disk, and is not counted once more.
    part = text(3 * MB)[: receiving.PART]
    address = f"/uploads/{first.json['id']}"
    assert browser.patch(address, data=part, headers={"Upload-Offset": "0"}).status_code == 204
    disk.free -= len(part)
    assert begin(browser, 2 * MB, "third").status_code == 201
    assert begin(browser, MB, "fourth").status_code == 507


def test_when_it_is_full_all_else_goes_on_and_room_again_is_enough(
    allow: Callable[..., None], marketer: User, seller: User, sign_in: SignIn
) -> None:
    asset = upload(text(MB), "offer.txt", marketer)
    factories.change(asset, **factories.axes())
    db.session.commit()
    allow(quota_mb=1)
    browser = sign_in(marketer)
    assert send(browser, text(MB, b"B")).status_code == 507
    assert browser.post(f"/assets/{asset.id}/publish").status_code == 303
    assert asset.status is Status.PUBLISHED
    for address in ("/", "/search?q=offer", f"/assets/{asset.id}", "/assets"):
        assert sign_in(seller if "search" in address else marketer).get(address).status_code == 200
    with sign_in(seller).get(f"/assets/{asset.id}/file") as answer:
        assert len(answer.data) == len(text(MB))
    written = factories.draft("Words need no room", owner=marketer)
    service.publish(written, by=marketer, today=firm_today())
    db.session.commit()
    allow(quota_mb=5)
    assert send(browser, text(MB, b"B")).status_code == 201


def test_the_health_page_tells_how_much_room_there_is(
    allow: Callable[..., None], admin: User, marketer: User, sign_in: SignIn
) -> None:
    upload(text(2 * MB), "offer.txt", marketer)
    allow(quota_mb=7, free_space_mb=11)
    page = sign_in(admin).get("/admin/health").text
    assert "2 MB dos 7 MB" in page
    assert "11 MB" in page


def test_two_who_begin_at_once_are_not_promised_the_same_room(apart: Flask) -> None:  # noqa: F811
    apart.config.update(WTF_CSRF_ENABLED=False)
    settings = apart.extensions["settings"]
    apart.extensions["settings"] = settings.model_copy(update={"quota_mb": 5})
    with apart.app_context():
        taxonomy.seed()
        people = [factories.user("marketer").id for _ in range(6)]
        db.session.remove()
    together, answers = threading.Barrier(len(people)), []

    def one(person: int) -> None:
        with apart.app_context():
            by = db.session.get_one(User, person)
            db.session.rollback()
            together.wait()
            try:
                receiving.begin(
                    current_storage(),
                    apart.extensions["settings"],
                    by=by,
                    key="k",
                    file_name="a.txt",
                    size=2 * MB,
                    aim={},
                )
                db.session.commit()
                answers.append("promised")
            except StorageFull:
                db.session.rollback()
                answers.append("refused")

    threads = [threading.Thread(target=one, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["promised"] * 2 + ["refused"] * 4


def test_no_blob_is_counted_before_there_is_one(allow: Callable[..., None]) -> None:
    assert db.session.scalar(select(func.count(Blob.sha256))) == 0
    assert room.kept_in_all() == room.under_way() == 0
