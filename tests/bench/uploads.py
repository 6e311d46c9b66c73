"""Measures large uploads as users get them: make bench-uploads.

Serves the demo firm and sends files of 1 GiB in parts over HTTP, one alone and then four at once:
how long each takes, how much memory the server's processes grow by, and whether the bytes that are
kept are those that were sent. With --s3 the store is a real S3 server on this machine, and files go
there through the application, then straight. Ends with status 1 where a promise was broken.
"""

import argparse
import base64
import hashlib
import json
import os
import platform
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from http.client import HTTPConnection
from pathlib import Path
from unittest import mock
from urllib.parse import urlencode, urlsplit

from contentlib.storage import object_key, open_storage
from tests.bench import pages
from tests.real.putting import put
from tests.real.swift import ACCESS_KEY, SECRET, swift

MIB = 2**20
SLOWEST, MOST_GROWTH = 60.0, 64
"""What is promised: seconds for each of four files of 1 GiB, and MiB that a process grows by."""

HEAD = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"


class Sender(threading.Thread):
    """Sends one file as the upload field does."""

    def __init__(self, base: str, cookie: str, number: int, size: int, *, straight: bool) -> None:
        super().__init__()
        self.base, self.number, self.size, self.straight = base, number, size, straight
        self.headers = {"Cookie": cookie, "Accept": "application/json"}
        self.seconds = 0.0
        self.sha256 = ""
        self.answers: list[str] = []

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
        for part in self.parts(upload["part"]):
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

    def parts(self, size: int) -> Iterator[bytes]:
        """Give the bytes of a file that begins as a video does, other ones for each sender."""
        block = random.Random(self.number).randbytes(size)
        for number, at in enumerate(range(0, self.size, size)):
            head = HEAD if number == 0 else number.to_bytes(8)
            yield (head + block[len(head) :])[: self.size - at]

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


class Memory(threading.Thread):
    """Watches how much memory a process and its children hold, in MiB."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.start_mib = self.most = self.now()
        self.over = threading.Event()

    def run(self) -> None:
        """Look every twentieth of a second."""
        while not self.over.wait(0.05):
            self.most = max(self.most, self.now())

    def now(self) -> float:
        """Return what is held now, without mapped files."""
        return sum(map(_anonymous, _family(self.process)))


def _family(process: int) -> Iterator[int]:
    yield process
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        for child in path.read_text().split():
            yield from _family(int(child))


def _anonymous(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return 0.0
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


def main() -> None:
    """Measure one file alone, then four at once."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.uploads")
    parser.add_argument("--mib", type=int, default=1024, help="size of each file")
    parser.add_argument("--s3", action="store_true", help="keep them with an S3 server")
    chosen = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    os.environ["CONTENTLIB_MAX_UPLOAD_MB"] = str(chosen.mib)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()}.")
    with tempfile.TemporaryDirectory(prefix="contentlib-bench-") as name:
        folder = Path(name)
        with swift(folder / "s3") if chosen.s3 else nullcontext() as server:
            port = pages.free_port()
            env = pages.environment(port, folder)
            if server is not None:
                env["CONTENTLIB_STORAGE_URL"] = server.url(staging=f"{folder}/receiving")
            pages.contentlib("demo", env=env)
            kept = []
            for straight in (False, True) if chosen.s3 else (False,):
                # Fresh processes each time, whose memory has seen nothing yet.
                with mock.patch.dict(os.environ, env), pages.server(env, port) as process:
                    kept += [
                        measure(process, count, chosen.mib, env, straight=straight)
                        for count in (1, 4)
                    ]
    sys.exit(not all(kept))


def measure(process: int, count: int, mib: int, env: dict[str, str], *, straight: bool) -> bool:
    """Send some files at once, print what came of it and tell whether the promises were kept."""
    base = env["CONTENTLIB_BASE_URL"]
    browser = pages.Browser(base)
    browser.sign_in("marketer")
    memory = Memory(process)
    memory.start()
    first = count * 10 + straight * 100
    senders = [
        Sender(base, browser.cookie, first + n, mib * MIB, straight=straight) for n in range(count)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    memory.over.set()
    storage, same = open_storage(env["CONTENTLIB_STORAGE_URL"]), True
    for sender in senders:
        with storage.open(object_key(sender.sha256)) as stream:
            same = same and hashlib.file_digest(stream, "sha256").hexdigest() == sender.sha256
    slowest, growth = max(sender.seconds for sender in senders), memory.most - memory.start_mib
    kept = same and slowest <= SLOWEST and growth <= MOST_GROWTH
    way = ", straight" if straight else ""
    print(
        f"{count} × {mib} MiB{way}: slowest {slowest:.1f} s, memory +{growth:.0f} MiB, "
        f"sha256 {'equal' if same else 'DIFFERENT'}  {'' if kept else 'OVER'}",
        flush=True,
    )
    return kept


if __name__ == "__main__":
    main()
