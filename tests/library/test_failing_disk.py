"""A disk that fails or is full while files come in: refused in words, lost by nothing."""

import errno
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib import receiving
from tests.library.dying import (
    PART,
    Told,
    answered,
    browser_of,
    content,
    failing,
    faults,
    installation,
    send,
)

CALLS = ("pwrite", "fsync", "ftruncate", "replace", "open")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "PART", PART)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An installation of its own for all the ways in which its disk fails."""
    return installation(tmp_path_factory.mktemp("failing"))


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return browser_of(app)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["full", "broken"])
@pytest.mark.parametrize("name", CALLS)
def test_whichever_call_fails_the_sender_is_told_and_goes_on(
    app: Flask, browser: FlaskClient, name: str, error: int
) -> None:
    told, failed = Told(), 0
    for at in range(1, 40):
        file = f"{name}-{error}-{at}"
        with failing(name, at, error) as calls:
            status = answered(browser, file, told)
        failed += status is not None
        # A sentence, not a crash.
        assert status in (None, 503, 507)
        assert list(faults(app, told)) == []
        assert answered(browser, file, told) is None
        assert list(faults(app, told)) == []
        if calls() < at:
            break
    assert failed or calls() == 0, "no call was made to fail"
    assert len(told.kept) == at


def test_on_a_full_disk_reading_goes_on_and_room_again_is_enough(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Told()
    send(browser, "before", lambda line: kept.kept.add(line.split()[1]))
    with monkeypatch.context() as patch:

        def full(*_given: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patch.setattr(os, "pwrite", full)
        form = {"name": "during.pdf", "size": len(content("during"))}
        begun = browser.post("/uploads", data=form, headers={"Idempotency-Key": "during"})
        part = content("during")[:PART]
        address = f"/uploads/{begun.json['id']}"
        refused = browser.patch(address, data=part, headers={"Upload-Offset": "0"})
        assert refused.status_code == 507
        assert browser.get("/assets/upload").status_code == 200
    send(browser, "during", lambda line: kept.kept.add(line.split()[1]))
    assert kept.kept == {"before", "during"}
    assert list(faults(app, kept)) == []


def test_the_folder_for_parts_may_be_taken_away_meanwhile(
    app: Flask, browser: FlaskClient, tmp_path: Path
) -> None:
    form = {"name": "gone.pdf", "size": len(content("gone"))}
    upload = browser.post("/uploads", data=form, headers={"Idempotency-Key": "gone"}).json
    staging = Path(app.extensions["storage"].staging)
    staging.rename(tmp_path / "elsewhere")
    part = content("gone")[:PART]
    answer = browser.patch(f"/uploads/{upload['id']}", data=part, headers={"Upload-Offset": "0"})
    assert answer.status_code in (404, 503)
    (tmp_path / "elsewhere").rename(staging)
    told = Told()
    send(browser, "gone", lambda line: told.kept.add(line.split()[1]))
    assert told.kept == {"gone"}
