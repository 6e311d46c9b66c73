"""The doctor tells what is wrong and how to mend it, and does not cry wolf."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.admin import health
from contentlib.cli import main
from contentlib.core.clock import now
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.extraction import isolation
from contentlib.receiving.models import Upload, Way
from tests.real.faulty_clamd import faulty_clamd
from tests.real.s3_server import S3Server
from tests.real.smtp import smtp
from tests.real.swift import swift
from tests.throwaway import KEY

Findings = dict[str, dict[str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run commands on an installation in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONTENTLIB_DATABASE_URL", "sqlite:///db")
    monkeypatch.setenv("CONTENTLIB_STORAGE_URL", "file:files")
    monkeypatch.setenv("CONTENTLIB_SEARCH_URL", "whoosh:index")
    monkeypatch.setenv("CONTENTLIB_SECRET_KEY", KEY)
    return lambda *words: CliRunner().invoke(main, list(words))


def findings(result: Result) -> Findings:
    return {finding["name"]: finding for finding in json.loads(result.output)}


def test_a_database_without_tables_is_told_by_what_mends_it(run: Callable[..., Result]) -> None:
    told = run("doctor")
    assert told.exit_code == 1
    bad = [line for line in told.output.splitlines() if line.startswith("bad ")]
    assert told.output.count("→ Run: contentlib db upgrade") == len(bad) >= 2
    assert "SELECT" not in told.output


def test_a_fresh_installation_is_well_though_its_index_is_still_to_be_made(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    assert run("db", "upgrade").exit_code == 0
    fresh = run("doctor", "--json")
    assert fresh.exit_code == 0
    assert findings(fresh)["Search index"]["state"] == "warn"
    assert "contentlib worker" in findings(fresh)["Search index"]["mend"]
    assert run("worker", "--once").exit_code == 0
    assert findings(run("doctor", "--json"))["Search index"]["state"] == "ok"
    assert not (tmp_path / "var").exists()


def test_a_damaged_index_is_bad(run: Callable[..., Result], tmp_path: Path) -> None:
    run("db", "upgrade")
    run("worker", "--once")
    version = (tmp_path / "index" / "current").read_text().strip()
    for toc in (tmp_path / "index" / version).glob("*.toc"):
        toc.write_bytes(b"nonsense")
    told = run("doctor", "--json")
    assert told.exit_code == 1
    assert findings(told)["Search index"]["state"] == "bad"


def test_the_doctor_says_what_the_sandbox_really_does() -> None:
    assert tuple(finding.sentence for finding in health.sandbox()) == isolation().details


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("http://127.0.0.1:9001", "ok"),
        ("https://content.example", "ok"),
        ("http://content.example", "warn"),
    ],
)
def test_an_address_without_encryption_is_told(address: str, state: str) -> None:
    assert health.addresses(Settings(_env_file=None, base_url=address)).state == state


def test_an_admin_reads_the_same_on_the_page(
    sign_in: Callable[[User], FlaskClient], admin: User
) -> None:
    page = sign_in(admin).get("/admin/health").text
    for name in ("Banco de dados", "Índice de busca", "Isolamento"):
        assert name in page


def test_whether_browsers_may_send_to_the_store_is_told(
    app: Flask, settings: Settings, s3_server: S3Server, tmp_path: Path
) -> None:
    def told(server: S3Server, **options: str) -> list[tuple[str, str]]:
        url = server.url(staging=f"{tmp_path}/receiving", **options)
        found = health.straight(settings.model_copy(update={"storage_url": url}))
        return [(finding.state, finding.sentence) for finding in found]

    assert told(s3_server, direct="no") == []
    assert told(s3_server) == [("ok", "Browsers send files straight to the store.")]
    ((state, sentence),) = told(s3_server, browsers="http://127.0.0.1:9")
    assert (state, "Nobody answers" in sentence) == ("warn", True)
    with swift(tmp_path / "s3", lets_in="https://other.example.com") as strict:
        ((state, sentence),) = told(strict)
    assert (state, "lets no browser send" in sentence) == ("warn", True)


def test_a_browser_that_did_not_reach_the_store_is_told_of(app: Flask, marketer: User) -> None:
    assert list(health.diverted()) == []
    upload = Upload(
        id="1",
        user_id=marketer.id,
        key="k",
        file_name="caso.pdf",
        size=1,
        way=Way.DIVERTED,
        moved_at=now() - timedelta(days=6),
    )
    db.session.add(upload)
    assert [found.state for found in health.diverted()] == ["warn"]
    upload.moved_at = now() - timedelta(days=8)
    assert list(health.diverted()) == []


def test_a_scanner_that_is_named_and_silent_is_bad(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "upgrade")
    assert findings(run("doctor", "--json"))["Virus scan"]["state"] == "ok"
    monkeypatch.setenv("CONTENTLIB_SCAN_URL", "clamd:/nowhere/clamd.sock")
    told = run("doctor", "--json")
    assert told.exit_code == 1
    scan = findings(told)["Virus scan"]
    assert scan["state"] == "bad"
    assert scan["sentence"].endswith("until then: 0.")
    assert "CONTENTLIB_SCAN_URL" in scan["mend"]


@pytest.mark.parametrize("url", ["clamav", "clamd:here", "http://127.0.0.1:3310"])
def test_a_setting_that_names_no_scanner_is_refused_at_the_start(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("CONTENTLIB_SCAN_URL", url)
    told = run("doctor")
    assert told.exit_code == 1
    assert "SCAN_URL" in told.output


def test_a_scanner_with_old_signatures_is_told(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "upgrade")
    with faulty_clamd() as (url, ways):
        monkeypatch.setenv("CONTENTLIB_SCAN_URL", url)
        ways.asked["VERSION"] = b"ClamAV 1.4.3/27500/Thu Nov 26 08:12:00 2020\0"
        scan = findings(run("doctor", "--json"))["Virus scan"]
        assert (scan["state"], "ClamAV 1.4.3/27500" in scan["sentence"]) == ("warn", True)


def test_rescanning_asks_the_worker_and_only_where_a_scanner_answers(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "upgrade")
    assert "CONTENTLIB_SCAN_URL" in run("files", "rescan").output
    monkeypatch.setenv("CONTENTLIB_SCAN_URL", "clamd:/nowhere/clamd.sock")
    assert run("files", "rescan").exit_code == 1
    with faulty_clamd() as (url, _ways):
        monkeypatch.setenv("CONTENTLIB_SCAN_URL", url)
        assert "0 files are scanned anew by the worker" in run("files", "rescan").output


def test_a_mail_server_that_is_named_and_silent_is_bad(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "upgrade")
    assert "nobody is told by e-mail" in findings(run("doctor", "--json"))["E-mail"]["sentence"]
    monkeypatch.setenv("CONTENTLIB_MAIL_FROM", "content@firm.example")
    monkeypatch.setenv("CONTENTLIB_MAIL_URL", "smtp://127.0.0.1:1?tls=no")
    told = run("doctor", "--json")
    assert told.exit_code == 1
    mail = findings(told)["E-mail"]
    assert (mail["state"], "CONTENTLIB_MAIL_URL" in mail["mend"]) == ("bad", True)
    with smtp() as (port, ways):
        monkeypatch.setenv("CONTENTLIB_MAIL_URL", f"smtp://127.0.0.1:{port}?tls=no")
        assert findings(run("doctor", "--json"))["E-mail"]["state"] == "ok"
        assert ways.came == []


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("smtp://", "a@firm.example"),
        ("imap://mail.firm.example", "a@firm.example"),
        ("smtp://user:hidden-word@mail.firm.example?tls=no", "a@firm.example"),
        ("smtp://user:hidden-word@mail.firm.example", ""),
        ("smtp://user:hidden-word@mail.firm.example", "the firm"),
    ],
)
def test_a_setting_that_names_no_way_for_letters_is_refused_without_telling_the_password(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, url: str, sender: str
) -> None:
    monkeypatch.setenv("CONTENTLIB_MAIL_URL", url)
    monkeypatch.setenv("CONTENTLIB_MAIL_FROM", sender)
    told = run("doctor")
    assert told.exit_code == 1
    assert "CONTENTLIB_MAIL_" in told.output
    assert "hidden-word" not in told.output
