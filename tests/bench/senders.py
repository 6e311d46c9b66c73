"""Sends files into a served installation: as a program does, or in a browser as a person does."""

import base64
import hashlib
import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.bench import pages
from tests.bench.quiet_chromium import quiet_chromium
from tests.real.putting import put

MIB = 2**20
HEAD = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"
KEPT = """[...document.querySelectorAll("#uploads [data-upload=done]")].some(
    (row) => row.textContent.toLowerCase().includes("{name}"))"""


@dataclass(frozen=True, slots=True)
class Sent:
    """What its sender knows of a file: the seconds until it was kept, and its hash."""

    seconds: float
    sha256: str


def content(number: int, size: int, block: int) -> Iterator[bytes]:
    """Give the blocks of a file that begins as a video does, other ones for each number."""
    repeated = random.Random(number).randbytes(block)
    for place, at in enumerate(range(0, size, block)):
        head = HEAD if place == 0 else place.to_bytes(8)
        yield (head + repeated[len(head) :])[: size - at]


def by_programs(base: str, numbers: Sequence[int], size: int, *, straight: bool) -> list[Sent]:
    """Send files of so many bytes at once, each as a program does."""
    cookie = _signed_in(base).cookie
    programs = [_Program(base, cookie, n, size, straight=straight) for n in numbers]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    return [Sent(program.seconds, program.sha256) for program in programs]


def by_browser(base: str, numbers: Sequence[int], size: int, folder: Path) -> list[Sent]:
    """Choose files of so many bytes in the upload field, and wait until they are kept.

    The field sends two of them at a time; the seconds of each count from the choice.
    """
    files = {folder / f"video{number}.mp4": number for number in numbers}
    hashes = []
    for path, number in files.items():
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for block in content(number, size, 4 * MIB):
                digest.update(block)
                file.write(block)
        hashes.append(digest.hexdigest())
    with quiet_chromium(folder / "profile") as page:
        page.open(f"{base}/assets/upload", _signed_in(base).cookies)
        began, seconds = time.perf_counter(), []
        page.choose("[data-uploader] input[type=file]", list(files))
        for path in files:
            page.wait_for(KEPT.format(name=path.stem))
            seconds.append(time.perf_counter() - began)
    for path in files:
        path.unlink()
    return list(map(Sent, seconds, hashes))


def _signed_in(base: str) -> pages.Browser:
    browser = pages.Browser(base)
    browser.sign_in("marketer")
    return browser


class _Program(threading.Thread):
    """Sends one file by the steps of the protocol."""

    def __init__(self, base: str, cookie: str, number: int, size: int, *, straight: bool) -> None:
        super().__init__()
        self.base, self.number, self.size, self.straight = base, number, size, straight
        self.headers = {"Cookie": cookie, "Accept": "application/json"}
        self.seconds = 0.0
        self.sha256 = ""

    def run(self) -> None:
        """Send the whole file and keep the time from the first step to the answer of the last."""
        connection = HTTPConnection(urlsplit(self.base).netloc, timeout=120)
        page = self._ask(connection, "GET", "/assets/upload")
        token = page.partition(b'name="csrf_token" value="')[2].partition(b'"')[0].decode()
        headers = {"X-CSRFToken": token}
        began = time.perf_counter()
        facts = {"name": f"video{self.number}.mp4", "size": self.size}
        form = urlencode(facts | {"direct": "1" if self.straight else ""})
        as_form = {"Content-Type": "application/x-www-form-urlencoded"}
        told = self._ask(connection, "POST", "/uploads", form.encode(), headers | as_form)
        upload, digest, at = json.loads(told), hashlib.sha256(), 0
        address = f"/uploads/{upload['id']}"
        for part in content(self.number, self.size, upload["part"]):
            digest.update(part)
            checksum = base64.b64encode(hashlib.sha256(part).digest()).decode()
            place = {"Upload-Offset": str(at), "Content-Digest": f"sha-256=:{checksum}:"}
            if upload["way"] == "store":
                told = self._ask(connection, "POST", f"{address}/address", b"", headers | place)
                self._put(part, **json.loads(told))
            else:
                self._ask(connection, "PATCH", address, part, headers | place)
            at += len(part)
        self._ask(connection, "POST", f"{address}/finish", b"", headers)
        self.seconds = time.perf_counter() - began
        self.sha256 = digest.hexdigest()

    def _put(self, part: bytes, address: str, headers: dict[str, str]) -> None:
        status = put(address, headers, part)
        if status != 200:
            raise SystemExit(f"the store answered {status}")

    def _ask(
        self,
        connection: HTTPConnection,
        method: str,
        address: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        connection.request(method, address, body, self.headers | (headers or {}))
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {address}: {answer.status} {text[:300]!r}")
        return text
