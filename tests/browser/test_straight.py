"""Files that a real browser sends straight to a real S3 server, over a line that breaks."""

import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect
from sqlalchemy import select

from contentlib.core.db import db
from contentlib.library import taxonomy
from contentlib.receiving.models import Upload, UploadState, Way
from contentlib.storage import object_key, s3_direct
from contentlib.storage.current import current_storage
from contentlib.storage.s3 import ATTEMPTS
from tests.browser.conftest import Open, answering, door, installation
from tests.library.test_jobs import pdf
from tests.real.faulty import Faults, faulty
from tests.real.s3_server import S3Server
from tests.real.swift import swift

PART = 5 * 2**20
SMALL_TALK = 20_000
"""More bytes than all that the application is told about a file, and far fewer than a part."""

Line = tuple[str, Faults]


@pytest.fixture(scope="module")
def way(s3_server: S3Server) -> Iterator[Line]:
    """The line on which the browser reaches the server; its signatures name this host."""
    with faulty(s3_server.endpoint) as found:
        yield found


@pytest.fixture(scope="module")
def served(
    s3_server: S3Server, way: Line, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("straight")
    url = s3_server.url(prefix="browser", staging=f"{folder}/receiving", browsers=way[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(s3_direct, "PART", PART)
        yield ready(installation(folder, url))


@pytest.fixture(scope="module")
def address(served: Flask) -> Iterator[str]:
    with answering(served) as found:
        yield found


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, address: str) -> Callable[[str], Any]:
    return door(chromium, address)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A PDF of three parts, other bytes for each test."""
    path = tmp_path / "Caso do atraso.pdf"
    name = tmp_path.name
    path.write_bytes(pdf(f"A conta de {name}") + random.Random(name).randbytes(2 * PART + 9))
    return path


def ready(app: Flask) -> Flask:
    with app.app_context():
        taxonomy.seed()
        db.session.commit()
    return app


def choose(page: Page, path: Path) -> None:
    page.locator("[data-uploader] input[type=file]").set_input_files([path])


def listen(page: Page) -> tuple[list[int], list[int]]:
    """Hear the numbers of the parts that go to the store, and how much the application is told."""
    parts: list[int] = []
    told: list[int] = []

    def hear(request: Request) -> None:
        if request.method == "PUT":
            parts.append(int(parse_qs(urlsplit(request.url).query)["partNumber"][0]))
        elif request.method != "OPTIONS":
            told.append(len(request.post_data_buffer or b""))

    page.on("request", hear)
    return parts, told


def is_kept_whole(served: Flask, file: Path) -> bool:
    with served.app_context():
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        with current_storage().open(object_key(sha256)) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256


def test_a_large_file_goes_to_the_bucket_though_the_line_breaks_in_the_middle(
    open_page: Open, served: Flask, way: Line, file: Path
) -> None:
    way[1].cut_after, way[1].cuts = PART + PART // 2, 1
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    parts, told = listen(page)
    choose(page, file)
    row = page.locator("#uploads .upload-row")
    expect(row).to_have_attribute("data-upload", "done")
    expect(row).to_contain_text("Caso do atraso")
    assert way[1].cuts == 0
    assert (sorted(set(parts)), parts.count(1)) == ([1, 2, 3], 1)
    assert sum(told) < SMALL_TALK
    assert is_kept_whole(served, file)


def test_after_a_restart_the_browser_goes_on_with_what_the_bucket_lacks(
    open_page: Open, served: Flask, way: Line, file: Path
) -> None:
    way[1].breaks_at = way[1].up + PART + PART // 2
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    _, told_before = listen(page)
    choose(page, file)
    expect(page.locator("#uploads .upload-row")).to_have_attribute("data-upload", "offline")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(".card", has_text="Interrompidos")).to_contain_text(file.name)
    way[1].breaks_at = 0
    parts, told = listen(page)
    choose(page, file)
    expect(page.locator("#uploads .upload-row")).to_have_attribute("data-upload", "done")
    assert parts == [2, 3]
    assert sum(told_before + told) < SMALL_TALK
    assert is_kept_whole(served, file)


def test_a_pause_stops_the_sending_and_it_goes_on_where_it_was(
    open_page: Open, served: Flask, way: Line, file: Path
) -> None:
    way[1].breaks_at = way[1].up + PART + PART // 2
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    choose(page, file)
    row = page.locator("#uploads .upload-row")
    expect(row).to_have_attribute("data-upload", "offline")
    row.get_by_role("button", name="Pausar").click()
    expect(row).to_have_attribute("data-upload", "paused")
    way[1].breaks_at = 0
    parts, _ = listen(page)
    row.get_by_role("button", name="Continuar").click()
    expect(row).to_have_attribute("data-upload", "done")
    assert parts == [2, 3]
    assert is_kept_whole(served, file)


def test_what_is_cancelled_is_gone_from_the_bucket(
    open_page: Open, served: Flask, way: Line, file: Path
) -> None:
    way[1].breaks_at = way[1].up + PART + PART // 2
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    choose(page, file)
    expect(page.locator("#uploads .upload-row")).to_have_attribute("data-upload", "offline")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="Cancelar envio").click()
    way[1].breaks_at = 0
    with served.app_context():
        direct = current_storage().direct
        assert direct is not None
        assert list(direct.begun("incoming/")) == []


def test_where_the_bucket_takes_no_parts_the_application_takes_the_file(
    chromium: Browser,
    s3_server: S3Server,
    tmp_path: Path,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(s3_direct, "PART", PART)
    with faulty(s3_server.endpoint) as (way, wrong):
        url = S3Server(way).url(prefix=tmp_path.name, staging=f"{tmp_path}/receiving")
        app = ready(installation(tmp_path, url))
        with answering(app) as address, own_page(chromium, address) as page:
            # Twice as often as the application tries by itself before it says so.
            wrong.busy = 2 * ATTEMPTS
            parts, _ = listen(page)
            choose(page, file)
            expect(page.locator("#uploads .upload-row")).to_have_attribute("data-upload", "done")
            assert (parts, wrong.busy) == ([], 0)
        assert is_kept_whole(app, file)


@contextmanager
def own_page(chromium: Browser, address: str) -> Iterator[Page]:
    """Open the upload page of another installation, where the browser may complain."""
    state = door(chromium, address)("marketer")
    context = chromium.new_context(base_url=address, storage_state=state, locale="pt-BR")
    page = context.new_page()
    page.goto("/assets/upload")
    yield page
    context.close()


def test_where_the_bucket_lets_no_browser_in_the_application_takes_the_file(
    chromium: Browser,
    s3_server: S3Server,
    tmp_path: Path,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(s3_direct, "PART", PART)
    with swift(tmp_path / "s3", lets_in="https://other.example.com") as server:
        app = ready(installation(tmp_path, server.url(staging=f"{tmp_path}/receiving")))
        with answering(app) as address, own_page(chromium, address) as page:
            choose(page, file)
            row = page.locator("#uploads .upload-row")
            expect(row).to_have_attribute("data-upload", "done")
            # The next file of this page does not try again.
            parts, _ = listen(page)
            other = tmp_path / "Outro.pdf"
            other.write_bytes(file.read_bytes() + b"%")
            choose(page, other)
            expect(page.locator("#uploads [data-upload=done]")).to_have_count(2)
            assert parts == []
        assert is_kept_whole(app, file)
        with app.app_context():
            rows = db.session.execute(select(Upload.state, Upload.way).order_by(Upload.created_at))
            assert list(rows) == [
                (UploadState.DONE, Way.DIVERTED),
                (UploadState.DONE, Way.APPLICATION),
            ]
