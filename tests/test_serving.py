"""`contentlib serve` says where it answers, and answers there."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask import Flask
from sqlalchemy import text
from structlog.testing import capture_logs

from contentlib.core.db import db
from contentlib.core.errors import ContentlibError
from contentlib.prep import shelf
from contentlib.serving import local_address, read_ahead, read_ledger, refuse_taken
from contentlib.usage import ledger

HOME = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:9001"),
        ("0.0.0.0", "http://127.0.0.1:9001"),
        ("::1", "http://[::1]:9001"),
        ("library.example", "http://library.example:9001"),
    ],
)
def test_the_address_is_one_that_a_browser_can_open(host: str, address: str) -> None:
    assert local_address(host, 9001) == address


def test_a_port_that_is_taken_is_told_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ContentlibError, match=f"{port}.*in use\\.$"):
            refuse_taken("127.0.0.1", port)
    refuse_taken("127.0.0.1", port)


def test_ledger_and_shelf_are_read_before_anybody_asks_for_them(app: Flask) -> None:
    read_ahead(app)
    assert ledger.KEPT in app.extensions
    assert shelf.KEPT in app.extensions


def test_a_server_starts_before_its_database_is_there(app: Flask) -> None:
    db.session.execute(text("ALTER TABLE usage_retraction RENAME TO not_yet_there"))
    with capture_logs() as told:
        read_ledger(app)
    assert [(line["event"], line["what"]) for line in told] == [
        ("not read ahead", "contentlib.usage.ledger")
    ]


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def command(folder: Path, *words: str, **settings: str) -> subprocess.Popen[str]:
    """Start the command in an empty folder of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "contentlib", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(HOME)} | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def first_lines(server: subprocess.Popen[str]) -> Iterator[str]:
    """Yield what a server prints, up to the line that says where it answers."""
    assert server.stdout is not None
    for line in server.stdout:
        yield line
        if "contentlib answers at" in line:
            return


@pytest.mark.slow
def test_the_first_start_and_the_next_print_the_address_that_answers(
    tmp_path: Path, port: int
) -> None:
    command(tmp_path, "db", "upgrade").communicate()
    for settings in ({}, {"CONTENTLIB_BASE_URL": "https://library.example/"}):
        server = command(tmp_path, "serve", "--port", str(port), **settings)
        try:
            *_, link, last = first_lines(server)
            # The first admin's link is for people; the page is asked for where the server listens.
            base = "https://library.example" if settings else f"http://127.0.0.1:{port}"
            assert last.startswith(f"contentlib answers at {base} (")
            assert link.strip().startswith(f"{base}/sign-in/reset/")
            assert (f"from http://127.0.0.1:{port};" in last) == bool(settings)
            assert re.search("<h1>", page_at(f"http://127.0.0.1:{port}/sign-in"))
        finally:
            server.terminate()
            server.communicate(timeout=30)


def page_at(address: str) -> str:
    """Ask for a page until the server that is starting answers."""
    for _ in range(100):
        try:
            with urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    raise AssertionError(address)


@pytest.mark.slow
def test_browsers_that_keep_connections_open_keep_nobody_out(tmp_path: Path, port: int) -> None:
    command(tmp_path, "db", "upgrade").communicate()
    server = command(tmp_path, "serve", "--port", str(port), CONTENTLIB_THREADS="1")
    held: list[HTTPConnection] = []
    try:
        page_at(f"http://127.0.0.1:{port}/sign-in")
        for _ in range(40):
            held.append(HTTPConnection("127.0.0.1", port, timeout=5))
            held[-1].request("GET", "/sign-in")
            assert held[-1].getresponse().read()
    finally:
        for connection in held:
            connection.close()
        server.terminate()
        server.communicate(timeout=30)
