"""Bytes in a real browser: from elsewhere as from here, and whatever they carry is never run."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, expect
from reportlab.lib.pagesizes import A6
from reportlab.pdfgen.canvas import Canvas

from contentlib.accounts.queries import find_user
from contentlib.core.bytes_host import BytesHost
from contentlib.core.db import db
from contentlib.jobs.worker import Worker
from contentlib.library import service, taxonomy
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.uploads import service as uploads
from contentlib.storage import open_storage
from contentlib.storage.current import current_storage
from tests import factories
from tests.browser.conftest import Open, settle
from tests.real.background import in_background
from tests.real.s3_server import S3Server

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90400000000002c00000000010001000002024401003b"
)


def published(content: bytes, name: str) -> int:
    """Publish a file as the marketer, and let the worker read it."""
    owner = find_user("marketer@firm.example")
    assert owner is not None
    taxonomy.seed()
    arrived = uploads.take_in(current_storage(), BytesIO(content), name, limit=10**7)
    asset: Asset = factories.draft(name, owner=owner)
    uploads.add_version(asset, arrived, by=owner)
    service.publish(asset, by=owner, today=firm_today())
    db.session.commit()
    return asset.id


@contextmanager
def from_bucket(served: Flask, server: S3Server, folder: Path) -> Iterator[None]:
    with served.app_context():
        before = current_storage()
    served.extensions["storage"] = open_storage(server.url(uuid4().hex, staging=str(folder)))
    yield
    served.extensions["storage"] = before


@contextmanager
def from_second_host(served: Flask, address: str) -> Iterator[None]:
    settings, plain = served.extensions["settings"], served.wsgi_app
    origin = address.replace("127.0.0.1", "localhost")
    served.extensions["settings"] = settings.model_copy(update={"content_origin": origin})
    served.wsgi_app = BytesHost(plain, origin)  # type: ignore[method-assign]
    yield
    served.extensions["settings"] = settings
    served.wsgi_app = plain  # type: ignore[method-assign]


@pytest.fixture(params=["here", "bucket", "second host"])
def elsewhere(
    request: pytest.FixtureRequest, served: Flask, address: str, tmp_path: Path
) -> Iterator[str]:
    """Where bytes come from, and what their addresses begin with."""
    if request.param == "here":
        yield address
    elif request.param == "bucket":
        server: S3Server = request.getfixturevalue("s3_server")
        with from_bucket(served, server, tmp_path):
            yield server.endpoint
    else:
        with from_second_host(served, address):
            yield address.replace("127.0.0.1", "localhost")


def test_a_picture_is_seen_and_saved_wherever_it_comes_from(
    open_page: Open, served: Flask, elsewhere: str
) -> None:
    with served.app_context():
        number = published(PIXEL + uuid4().bytes, "Foto ção.png")
    page = open_page("seller", None)
    finished: list[str] = []
    page.on("requestfinished", lambda request: finished.append(request.url))
    page.goto(f"/assets/{number}")
    settle(page)
    picture = page.locator("img.media-view")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    assert [url for url in finished if url.startswith(f"{elsewhere}/") and "/static/" not in url]
    # The button is a form, whose answer leads on to another origin.
    with page.expect_download() as saved:
        page.locator("form[action*='/download'] button").click()
    assert saved.value.suggested_filename == "Foto ção.png"
    assert saved.value.path().read_bytes().startswith(PIXEL)
    assert saved.value.url.startswith(elsewhere)


class Listener(ThreadingHTTPServer):
    """Notes every request that reaches it; what it serves at / calls home when it is run."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.page = b""
        super().__init__(("127.0.0.1", 0), Answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        if self.path != "/":
            self.server.heard.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.server.page if self.path == "/" else b"")

    def log_message(self, *_args: object) -> None:
        """Write nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server, in_background(server):
        yield server


def script(home: str, name: str) -> str:
    """Return what calls home when it is run."""
    return f"new Image().src='{home}/{name}-ran';fetch('{home}/{name}-fetched');alert('{name}')"


def hostile(home: str) -> dict[str, bytes]:
    """Return files that run something wherever a browser takes them for what they are."""
    page = (
        f"<!doctype html><html><body><script>{script(home, 'html')}</script>"
        f"<img src='{home}/html-image'><iframe src='{home}/html-frame'></iframe>"
        f"<svg onload=\"{script(home, 'onload')}\"></svg><link rel=stylesheet href='{home}/css'>"
        f"<meta http-equiv=refresh content='0;url={home}/refresh'></body></html>"
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" onload="{script(home, "svg")}">'
        f"<script>{script(home, 'svg-script')}</script><image href='{home}/svg-image'/>"
        "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' "
        f"src='{home}/svg-frame'/></foreignObject></svg>"
    )
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A6)
    canvas.drawString(20, 20, "PDF")
    canvas.linkURL(f"{home}/pdf-link", (0, 0, 200, 200))
    canvas._doc.Catalog.OpenAction = (
        f"<< /S /JavaScript /JS (app.launchURL('{home}/pdf-js', true); app.alert('pdf')) >>"
    )
    canvas._doc.Catalog.__NoDefault__ = [*canvas._doc.Catalog.__NoDefault__, "OpenAction"]
    canvas.save()
    return {
        "pagina.html": page.encode(),
        "desenho.svg": drawing.encode(),
        "contrato.pdf": buffer.getvalue(),
        "pdf e página.pdf": buffer.getvalue() + page.encode(),
        "figura e página.gif": GIF + page.encode(),
        "figura e página.png": PIXEL + page.encode(),
        "nota.md": f"# Nota\n\n{page}\n\n![x]({home}/md)\n\n[x](javascript:alert(1))".encode(),
        "texto.txt": page.encode(),
        "<img src=x onerror=alert(1)>.txt": page.encode() + b" ",
    }


# Every page that shows a material or its bytes, and pages that show them all.
PLACES = (
    "/assets/{}",
    "/assets/{}?v=1",
    "/assets/{}/view",
    "/assets/{}/file",
    "/assets/{}/pages/1.webp",
    "/assets/{}/pages/1.webp?width=320",
    "/assets/{}/edit",
    "/assets/{}/versions/new",
    "/assets/{}/versions/1",
)
FOR_ALL = (
    "/search?q=pagina+desenho+contrato+figura+nota+texto",
    "/search/suggest?q=pagina",
    "/assets",
    "/assets/upload",
    "/assets/complete",
    "/reports/use",
    "/",
)
# A file that is no picture is not shown as one, and not every file has pages.
PERHAPS_ABSENT = ("/view", "/pages/")


def visit(page: Any, address: str) -> bool:
    """Open an address, give what is there time to run and tell whether there was something.

    What is only saved opens no page, which Chromium calls an error.
    """
    answer = None
    with suppress(Error):
        answer = page.goto(address, timeout=5_000)
    page.wait_for_timeout(100)
    return answer is None or answer.ok


@pytest.fixture
def tempted(
    desktop_chromium: Browser, address: str, signed_in: Callable[[str], Any]
) -> Iterator[tuple[Any, list[str]]]:
    """A marketer's page, and the words of every dialog that a script opened."""
    context = desktop_chromium.new_context(base_url=address, storage_state=signed_in("marketer"))
    page, dialogs = context.new_page(), list[str]()

    def note(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    yield page, dialogs
    context.close()


@pytest.mark.usefixtures("elsewhere")
def test_what_files_carry_is_run_on_no_page(
    served: Flask, listener: Listener, tempted: tuple[Any, list[str]]
) -> None:
    """Whether bytes come from here, from the bucket itself or from a second host."""
    page, dialogs = tempted
    files = hostile(listener.url)
    with served.app_context():
        numbers = [published(content, name) for name, content in files.items()]
    Worker(served, lease_seconds=60).drain()
    addresses = [place.format(number) for number in numbers for place in PLACES]
    absent = [place for place in (*addresses, *FOR_ALL) if not visit(page, place)]
    assert [place for place in absent if not any(part in place for part in PERHAPS_ABSENT)] == []
    assert (listener.heard, dialogs) == ([], [])
    # The same bytes do run where a careless server sends them.
    listener.page = files["pagina.html"]
    visit(page, listener.url)
    assert "/html-ran" in listener.heard
    assert dialogs
