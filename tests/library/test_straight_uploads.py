"""Files sent straight to the bucket: what the application takes of them, and what it does not."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.core.db import db
from contentlib.library.models import Asset, Blob
from contentlib.receiving.landing import key_of
from contentlib.receiving.models import Upload, UploadState, Way
from contentlib.storage import Storage, object_key, s3_direct
from contentlib.storage.current import current_storage
from tests import factories
from tests.extraction.files import pptx
from tests.library.dying import announcing, browser_of, installation
from tests.real.putting import put
from tests.real.s3_server import S3Server

PART = 5 * 2**20
PDF = b"%PDF-1.4\n" + bytes(range(256)) * (PART // 256) + b"the rest\n%%EOF\n"
SHA256 = hashlib.sha256(PDF).hexdigest()
ANSWERS = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def served(s3_server: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("straight")
    return installation(folder, s3_server.url(prefix="straight", staging=f"{folder}/receiving"))


@pytest.fixture
def browser(served: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setattr(s3_direct, "PART", PART)
    yield browser_of(served)
    with served.app_context():
        storage = current_storage()
        for item in list(storage.find()):
            storage.delete(item.key)
        assert list(storage.staging.iterdir()) == []


def begin(browser: FlaskClient, key: str, size: int = len(PDF), **form: Any) -> dict[str, Any]:
    form = {"name": "caso.pdf", "size": size, "direct": "1", **form}
    answer = browser.post("/uploads", data=form, headers={"Idempotency-Key": key} | ANSWERS)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def address(browser: FlaskClient, upload: dict[str, Any], content: bytes, at: int) -> Any:
    part = content[at : at + upload["part"]] if 0 <= at <= len(content) else b""
    return browser.post(f"/uploads/{upload['id']}/address", headers=announcing(part, at) | ANSWERS)


def send(browser: FlaskClient, upload: dict[str, Any], content: bytes, at: int) -> int:
    signed = address(browser, upload, content, at)
    assert signed.status_code == 200, signed.text
    part = content[at : at + upload["part"]]
    return put(signed.json["address"], signed.json["headers"], part)


def send_all(browser: FlaskClient, upload: dict[str, Any], content: bytes = PDF) -> None:
    for at in range(upload["offset"], len(content), upload["part"]):
        assert send(browser, upload, content, at) == 200


def finish(browser: FlaskClient, upload: dict[str, Any]) -> Any:
    return browser.post(f"/uploads/{upload['id']}/finish", headers={"HX-Request": "true"})


def drafts(served: Flask, sha256: str = SHA256) -> int:
    with served.app_context():
        count = select(func.count(Asset.id)).where(
            Asset.versions.any(blob_sha256=sha256),
        )
        return db.session.scalar(count) or 0


def in_bucket(served: Flask, what: str = "incoming/") -> list[str]:
    with served.app_context():
        storage = current_storage()
        assert storage.direct is not None
        begun = [key for key, _ in storage.direct.begun(what)]
        return [*begun, *(item.key for item in storage.find(what))]


def storage_of(served: Flask) -> Storage:
    with served.app_context():
        return current_storage()


def test_a_file_sent_to_the_bucket_becomes_a_draft_with_its_bytes(
    served: Flask, browser: FlaskClient
) -> None:
    upload, before = begin(browser, "whole"), drafts(served)
    assert (upload["way"], upload["offset"], upload["part"]) == ("store", 0, PART)
    send_all(browser, upload)
    assert in_bucket(served, "objects/") == []
    answer = finish(browser, upload)
    assert (answer.status_code, "Caso" in answer.text) == (201, True)
    with storage_of(served).open(object_key(SHA256)) as stream:
        assert stream.read() == PDF
    assert drafts(served) == before + 1
    assert in_bucket(served) == []
    # The same again is answered the same.
    assert finish(browser, upload).text == answer.text
    assert drafts(served) == before + 1


def test_of_an_office_file_the_end_is_read_too(
    served: Flask, browser: FlaskClient, tmp_path: Path
) -> None:
    path = pptx(tmp_path / "deck.pptx")
    with ZipFile(path, "a") as deck:
        deck.writestr("ppt/media/film.bin", random.Random(1).randbytes(PART))
    content = path.read_bytes()
    upload = begin(browser, "deck", len(content), name="deck.pptx")
    assert upload["way"] == "store"
    send_all(browser, upload, content)
    assert finish(browser, upload).status_code == 201
    assert drafts(served, hashlib.sha256(content).hexdigest()) == 1


def test_what_came_is_known_by_asking_the_bucket(served: Flask, browser: FlaskClient) -> None:
    upload = begin(browser, "resumed")
    assert send(browser, upload, PDF, 0) == 200
    # The part came, its sender died before it heard so.
    again = begin(browser, "resumed")
    assert (again["id"], again["offset"]) == (upload["id"], PART)
    assert address(browser, again, PDF, PART).status_code == 200
    assert "caso.pdf" in browser.get("/assets/upload").text
    send_all(browser, again)
    assert finish(browser, again).status_code == 201


def test_what_did_not_come_whole_is_not_finished(served: Flask, browser: FlaskClient) -> None:
    upload = begin(browser, "half")
    for came in (0, PART):
        answer = finish(browser, upload)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, str(came))
        assert send(browser, upload, PDF, came) == 200
    assert finish(browser, upload).status_code == 201


@pytest.mark.parametrize("at", [-1, 1, PART - 1, 2 * PART, 10**12])
def test_an_address_is_for_a_part_that_the_file_has(browser: FlaskClient, at: int) -> None:
    upload = begin(browser, f"place {at}")
    answer = address(browser, upload, PDF, at)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    browser.delete(f"/uploads/{upload['id']}")


@pytest.mark.parametrize("told", ["", "sha-256=:AAAA:", "md5=:AAAA:"])
def test_without_a_checksum_there_is_no_address(browser: FlaskClient, told: str) -> None:
    upload = begin(browser, f"checksum {told}")
    headers = {"Upload-Offset": "0", "Content-Digest": told} | ANSWERS
    answer = browser.post(f"/uploads/{upload['id']}/address", headers=headers)
    assert answer.status_code == 422
    browser.delete(f"/uploads/{upload['id']}")


def test_what_is_too_small_or_not_asked_for_comes_through_the_application(
    served: Flask, browser: FlaskClient
) -> None:
    for key, facts in {"small": {"size": PART}, "program": {"direct": ""}}.items():
        upload = begin(browser, key, **facts)
        assert upload["way"] == "application"
        assert address(browser, upload, PDF, 0).status_code == 422
    assert in_bucket(served) == []


def test_a_part_for_the_bucket_is_not_taken_by_the_application(browser: FlaskClient) -> None:
    upload = begin(browser, "the other way")
    headers = announcing(PDF[:1000], 0) | ANSWERS
    answer = browser.patch(f"/uploads/{upload['id']}", data=PDF[:1000], headers=headers)
    assert answer.status_code == 422
    browser.delete(f"/uploads/{upload['id']}")


def test_who_cannot_reach_the_bucket_sends_through_the_application(
    served: Flask, browser: FlaskClient
) -> None:
    upload = begin(browser, "diverted")
    send(browser, upload, PDF, 0)
    diverted = begin(browser, "diverted", direct="")
    assert (diverted["id"], diverted["way"], diverted["offset"]) == (
        upload["id"],
        "application",
        0,
    )
    # Whoever has it in hand for the bucket is told so.
    assert address(browser, upload, PDF, PART).status_code == 422
    at = 0
    while at < len(PDF):
        part = PDF[at : at + diverted["part"]]
        headers = announcing(part, at)
        assert (
            browser.patch(f"/uploads/{upload['id']}", data=part, headers=headers).status_code < 300
        )
        at += len(part)
    assert finish(browser, upload).status_code == 201
    assert in_bucket(served) == []
    with served.app_context():
        row = db.session.get_one(Upload, upload["id"])
        assert (row.state, row.way) == (UploadState.DONE, Way.DIVERTED)


def test_a_program_is_found_out_and_leaves_nothing(served: Flask, browser: FlaskClient) -> None:
    program = b"MZ\x90\x00" + bytes(PART)
    upload = begin(browser, "program.pdf", size=len(program))
    send_all(browser, upload, program)
    assert finish(browser, upload).status_code == 415
    assert finish(browser, upload).status_code == 409
    assert in_bucket(served, "") == []
    assert drafts(served, hashlib.sha256(program).hexdigest()) == 0


def test_what_is_not_wanted_any_more_is_gone_from_the_bucket(
    served: Flask, browser: FlaskClient
) -> None:
    upload = begin(browser, "cancelled")
    send(browser, upload, PDF, 0)
    assert in_bucket(served) == [key_of(upload["id"])]
    assert browser.delete(f"/uploads/{upload['id']}").status_code == 204
    assert in_bucket(served) == []


def test_other_bytes_than_were_announced_are_sent_anew(served: Flask, browser: FlaskClient) -> None:
    """What a server makes of a part that it did not compare, or compared and then changed."""
    upload, before = begin(browser, "changed"), drafts(served)
    send_all(browser, upload)
    with served.app_context():
        row = db.session.get_one(Upload, upload["id"])
        row.checksums = row.checksums | {"2": hashlib.sha256(b"announced").hexdigest()}
        db.session.commit()
    answer = finish(browser, upload)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    assert drafts(served) == before
    assert in_bucket(served, "") == []
    send_all(browser, begin(browser, "changed"))
    assert finish(browser, upload).status_code == 201


def test_no_object_is_taken_that_was_not_sent_for_this_upload(
    served: Flask, browser: FlaskClient, tmp_path: Path
) -> None:
    mine, other = begin(browser, "mine"), begin(browser, "other")
    send_all(browser, other)
    answer = finish(browser, mine)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    # Even something of the right size where this upload would lie is no file that was announced.
    assert address(browser, mine, PDF, 0).status_code == 200
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"%PDF" + bytes(len(PDF) - 4))
    storage_of(served).put(key_of(mine["id"]), foreign)
    answer = finish(browser, mine)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    assert in_bucket(served, "objects/") == []
    for upload in (mine, other):
        browser.delete(f"/uploads/{upload['id']}")
    assert in_bucket(served) == []


def test_an_upload_is_its_senders_alone(served: Flask, browser: FlaskClient) -> None:
    upload = begin(browser, "alone")
    with served.app_context():
        admin = factories.user("admin", name="Other")
        db.session.commit()
        other = served.test_client()
        with other.session_transaction() as session:
            session["_user_id"], session["_fresh"] = admin.fs_uniquifier, True
    assert address(other, upload, PDF, 0).status_code == 404
    assert finish(other, upload).status_code == 404
    assert address(served.test_client(), upload, PDF, 0).status_code in (302, 401, 404)
    assert in_bucket(served) == []
    browser.delete(f"/uploads/{upload['id']}")


def test_what_is_there_already_is_not_copied_once_more(served: Flask, browser: FlaskClient) -> None:
    for key in ("first", "second"):
        upload = begin(browser, key)
        send_all(browser, upload)
        assert finish(browser, upload).status_code == 201
    assert in_bucket(served, "objects/") == [object_key(SHA256)]
    with served.app_context():
        assert db.session.scalar(select(func.count()).where(Blob.sha256 == SHA256)) == 1


def test_the_page_that_sends_may_reach_the_bucket_and_no_other_may(
    served: Flask, browser: FlaskClient
) -> None:
    origin = storage_of(served).origin
    policy = browser.get("/assets/upload").headers["Content-Security-Policy"]
    assert f"connect-src 'self' {origin};" in policy
    for path in ("/assets", "/today"):
        assert "connect-src 'self';" in browser.get(path).headers["Content-Security-Policy"]
