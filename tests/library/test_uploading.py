"""Files sent in parts: carried on, checked, refused with a reason, made one draft of."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib import receiving
from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.library import taxonomy
from contentlib.library.models import Asset, Blob
from contentlib.receiving import protocol
from contentlib.receiving.models import Upload, UploadState
from contentlib.storage import object_key
from contentlib.storage.current import current_storage
from tests import factories

SignIn = Callable[[User], FlaskClient]
PART = 1000
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n" + b"%" * 3300 + b"\ntrailer<<>>\n%%EOF\n"
ANSWERS = {"Accept": "application/json"}


@pytest.fixture
def browser(
    sign_in: SignIn, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FlaskClient]:
    taxonomy.seed()
    db.session.commit()
    monkeypatch.setattr(receiving, "PART", PART)
    yield sign_in(marketer)
    for left in current_storage().staging.iterdir():
        left.unlink()


def begin(browser: FlaskClient, key: str = "k", **form: Any) -> dict[str, Any]:
    form = {"name": "caso.pdf", "size": len(PDF), **form}
    answer = browser.post("/uploads", data=form, headers={"Idempotency-Key": key} | ANSWERS)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def digest(part: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(part).digest()).decode()}:"


def send(browser: FlaskClient, upload: dict[str, Any], content: bytes, at: int, **headers: str):
    part = content[at : at + PART]
    told = {"Upload-Offset": str(at), "Content-Digest": digest(part)} | headers
    return browser.patch(f"/uploads/{upload['id']}", data=part, headers=told)


def send_all(browser: FlaskClient, upload: dict[str, Any], content: bytes = PDF) -> None:
    at = upload["offset"]
    while at < len(content):
        answer = send(browser, upload, content, at)
        assert answer.status_code == 204, answer.text
        at = int(answer.headers["Upload-Offset"])


def finish(browser: FlaskClient, upload: dict[str, Any]):
    return browser.post(f"/uploads/{upload['id']}/finish", headers={"HX-Request": "true"})


def counts() -> tuple[int, int]:
    return db.session.scalar(select(func.count(Asset.id))), db.session.scalar(
        select(func.count(Blob.sha256))
    )


def test_a_file_in_parts_becomes_a_draft_with_its_bytes(browser: FlaskClient) -> None:
    upload = begin(browser)
    assert (upload["offset"], upload["part"]) == (0, PART)
    send_all(browser, upload)
    answer = finish(browser, upload)
    assert answer.status_code == 201
    assert "Caso" in answer.text
    with current_storage().open(object_key(hashlib.sha256(PDF).hexdigest())) as stream:
        assert stream.read() == PDF
    assert counts() == (1, 1)
    assert db.session.scalars(select(Upload.state)).one() is UploadState.DONE
    assert list(current_storage().staging.glob(f"{upload['id']}*")) == []


def test_what_was_answered_is_never_asked_for_again(browser: FlaskClient) -> None:
    upload = begin(browser)
    send(browser, upload, PDF, 0)
    send(browser, upload, PDF, PART)
    again = begin(browser)
    assert (again["id"], again["offset"]) == (upload["id"], 2 * PART)
    send_all(browser, again)
    assert finish(browser, again).status_code == 201
    assert counts() == (1, 1)


@pytest.mark.parametrize("at", [0, 2 * PART, 1, -5])
def test_a_part_at_another_place_is_told_where_to_go_on(browser: FlaskClient, at: int) -> None:
    upload = begin(browser)
    send(browser, upload, PDF, 0)
    answer = send(browser, upload, PDF, at)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, str(PART))


def test_half_a_part_that_was_left_behind_is_written_over(browser: FlaskClient) -> None:
    upload = begin(browser)
    send(browser, upload, PDF, 0)
    path = current_storage().staging / f"{upload['id']}.part"
    path.write_bytes(path.read_bytes() + b"half of the next part")
    send_all(browser, begin(browser))
    assert finish(browser, upload).status_code == 201
    assert current_storage().stat(object_key(hashlib.sha256(PDF).hexdigest())) is not None


def test_on_a_machine_without_the_parts_the_file_is_sent_anew(browser: FlaskClient) -> None:
    upload = begin(browser)
    send(browser, upload, PDF, 0)
    (current_storage().staging / f"{upload['id']}.part").unlink()
    answer = send(browser, upload, PDF, PART)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    send_all(browser, begin(browser))
    assert finish(browser, upload).status_code == 201


def test_a_part_that_changed_on_its_way_is_not_taken(browser: FlaskClient) -> None:
    upload = begin(browser)
    answer = send(browser, upload, PDF, 0, **{"Content-Digest": digest(b"another")})
    assert answer.status_code == 422
    assert begin(browser)["offset"] == 0


@pytest.mark.parametrize("told", ["sha-256=:AAAA:", "md5=:AAAA:", "sha-256", "sha-256=:é:"])
def test_a_checksum_that_cannot_be_read_is_refused(browser: FlaskClient, told: str) -> None:
    answer = send(browser, begin(browser), PDF, 0, **{"Content-Digest": told})
    assert answer.status_code == 422


def test_it_cannot_be_finished_before_all_has_come(browser: FlaskClient) -> None:
    upload = begin(browser)
    send(browser, upload, PDF, 0)
    answer = finish(browser, upload)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, str(PART))
    assert counts() == (0, 0)


def test_finishing_twice_makes_one_draft(browser: FlaskClient) -> None:
    upload = begin(browser)
    send_all(browser, upload)
    first, second = finish(browser, upload), finish(browser, upload)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.text == second.text
    assert counts() == (1, 1)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"size": 0}, 415),
        ({"size": -1}, 415),
        ({"size": "many"}, 415),
        ({"size": 10**13}, 413),
        ({"name": "programa.exe"}, 415),
        ({"name": "pasta.zip"}, 415),
    ],
)
def test_what_will_be_refused_is_refused_before_its_first_byte(
    browser: FlaskClient, form: dict[str, Any], status: int
) -> None:
    form = {"name": "caso.pdf", "size": 10, **form}
    assert browser.post("/uploads", data=form, headers=ANSWERS).status_code == status
    assert db.session.scalar(select(func.count(Upload.id))) == 0


def test_without_room_nothing_is_begun(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = protocol.refuse_without_room.__globals__["shutil"]
    monkeypatch.setattr(usage, "disk_usage", lambda _path: type("Disk", (), {"free": 2**20})())
    answer = browser.post("/uploads", data={"name": "caso.pdf", "size": 10}, headers=ANSWERS)
    assert answer.status_code == 507


def test_a_file_that_is_not_what_its_name_says_is_refused_once_and_for_all(
    browser: FlaskClient,
) -> None:
    program = b"MZ\x90\x00" + b"\x00" * 3000
    upload = begin(browser, size=len(program))
    send_all(browser, upload, program)
    assert finish(browser, upload).status_code == 415
    assert finish(browser, upload).status_code == 409
    assert counts() == (0, 0)
    assert list(current_storage().staging.glob(f"{upload['id']}*")) == []


def test_the_same_key_is_for_the_same_file(browser: FlaskClient) -> None:
    begin(browser)
    form = {"name": "caso.pdf", "size": len(PDF) + 1}
    headers = {"Idempotency-Key": "k"} | ANSWERS
    assert browser.post("/uploads", data=form, headers=headers).status_code == 422


def test_more_than_a_part_or_than_the_file_is_not_taken(browser: FlaskClient) -> None:
    upload = begin(browser, size=PART + 10)
    headers = {"Upload-Offset": "0"}
    address = f"/uploads/{upload['id']}"
    assert browser.patch(address, data=b"x" * (PART + 1), headers=headers).status_code == 413
    assert browser.patch(address, data=b"", headers=headers).status_code == 422
    assert browser.patch(address, data=b"x" * PART, headers=headers).status_code == 204
    headers = {"Upload-Offset": str(PART)}
    assert browser.patch(address, data=b"x" * 11, headers=headers).status_code == 422


def test_an_upload_is_its_senders_alone(
    browser: FlaskClient, sign_in: SignIn, admin: User, seller: User
) -> None:
    upload = begin(browser)
    for person in (admin, seller):
        other = sign_in(person)
        assert other.get(f"/uploads/{upload['id']}").status_code == 404
        assert send(other, upload, PDF, 0).status_code == 404
        assert finish(other, upload).status_code == 404
        assert other.delete(f"/uploads/{upload['id']}").status_code == 404
    assert list(current_storage().staging.glob(f"{upload['id']}*")) == []
    assert browser.get(f"/uploads/{upload['id']}").json["offset"] == 0


def test_what_is_not_wanted_any_more_is_forgotten(browser: FlaskClient) -> None:
    upload = begin(browser)
    send(browser, upload, PDF, 0)
    assert "caso.pdf" in browser.get("/assets/upload").text
    assert browser.delete(f"/uploads/{upload['id']}").status_code == 204
    assert db.session.scalar(select(func.count(Upload.id))) == 0
    assert list(current_storage().staging.glob(f"{upload['id']}*")) == []
    assert "caso.pdf" not in browser.get("/assets/upload").text


def test_what_has_arrived_cannot_be_taken_back_by_cancelling(browser: FlaskClient) -> None:
    upload = begin(browser)
    send_all(browser, upload)
    finish(browser, upload)
    assert browser.delete(f"/uploads/{upload['id']}").status_code == 409
    assert send(browser, upload, PDF, 0).status_code == 409


def test_a_file_can_become_a_new_version(browser: FlaskClient, marketer: User) -> None:
    asset = factories.asset(owner=marketer)
    db.session.commit()
    before = len(asset.versions)
    upload = begin(browser, asset=asset.id, note="novos números")
    send_all(browser, upload)
    assert finish(browser, upload).status_code == 201
    assert finish(browser, upload).status_code == 201
    db.session.refresh(asset)
    assert len(asset.versions) == before + 1
    assert asset.versions[-1].change_note == "novos números"


def test_another_window_that_sends_the_same_is_told_so(browser: FlaskClient) -> None:
    upload = begin(browser)
    with receiving.alone(current_storage(), upload["id"]):
        answer = send(browser, upload, PDF, 0)
    assert answer.status_code == 409
    assert "Upload-Offset" not in answer.headers
    send_all(browser, upload)
    assert finish(browser, upload).status_code == 201
