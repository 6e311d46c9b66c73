"""Measures large uploads as users get them: make bench-uploads.

Serves the demo firm and sends files of 1 GiB in parts over HTTP, one alone and then four at once,
as a program does, and then chosen in the upload field of Chromium: how long each takes, how much
memory the server's processes grow by, and whether the bytes that are kept are those that were sent.
With --s3 swift (or minio, where its program is named) the store is that S3 server on this machine,
and files go there through the application, then straight. Ends with status 1 where a promise was
broken.
"""

import argparse
import hashlib
import os
import platform
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from unittest import mock

from contentlib.storage import object_key, open_storage
from tests.bench import pages
from tests.bench.senders import MIB, Sent, by_browser, by_programs
from tests.real.minio import PROGRAM as MINIO
from tests.real.minio import minio
from tests.real.s3_server import ACCESS_KEY, SECRET
from tests.real.swift import swift

SLOWEST, MOST_GROWTH = 60.0, 64
"""What is promised: seconds for each of four files of 1 GiB, and MiB that a process grows by."""

SERVERS = {"swift": swift, "minio": minio} if MINIO else {"swift": swift}
TOGETHER = (1, 4)
SMALL = 3 * MIB


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
    # A process that has ended and waits for its parent holds nothing.
    return int((status.partition("RssAnon:")[2].split() or ["0"])[0]) / 1024


def main() -> None:
    """Measure each way, one file alone and four at once."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.uploads")
    parser.add_argument("--mib", type=int, default=1024, help="size of each file")
    parser.add_argument("--s3", choices=SERVERS, help="keep them with this S3 server")
    parser.add_argument("--only", help="one way: program, straight or Chromium")
    chosen = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    os.environ["CONTENTLIB_MAX_UPLOAD_MB"] = str(chosen.mib)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()}.")
    with tempfile.TemporaryDirectory(prefix="contentlib-bench-") as name:
        folder = Path(name)
        ways: dict[str, Callable[..., list[Sent]]] = {
            "program": partial(by_programs, straight=False),
            "straight": partial(by_programs, straight=True),
            "Chromium": partial(by_browser, folder=folder),
        }
        if not chosen.s3:
            del ways["straight"]
        started = SERVERS[chosen.s3](folder / "s3") if chosen.s3 else nullcontext()
        with started as server:
            port = pages.free_port()
            env = pages.environment(port, folder)
            if server is not None:
                env["CONTENTLIB_STORAGE_URL"] = server.url(staging=f"{folder}/receiving")
            pages.contentlib("demo", env=env)
            kept = []
            for turn, (way, send) in enumerate(ways.items()):
                if chosen.only not in (None, way):
                    continue
                # Fresh processes each time, whose memory has seen no large file yet.
                with mock.patch.dict(os.environ, env), pages.server(env, port) as process:
                    base = env["CONTENTLIB_BASE_URL"]
                    # What pages need in memory is no growth by a file, so a small one goes first.
                    send(base, range(turn * 100, turn * 100 + 1), SMALL)
                    for count in TOGETHER:
                        numbers = range(turn * 100 + count * 10, turn * 100 + count * 11)
                        print(f"{count} × {chosen.mib} MiB, {way}: ", end="", flush=True)
                        sending = partial(send, base, numbers, chosen.mib * MIB)
                        kept.append(measure(process, sending, env["CONTENTLIB_STORAGE_URL"]))
    sys.exit(not all(kept))


def measure(process: int, send: Callable[[], list[Sent]], storage_url: str) -> bool:
    """Send files, print what came of it and tell whether the promises were kept."""
    memory = Memory(process)
    memory.start()
    files = send()
    memory.over.set()
    storage, same = open_storage(storage_url), True
    for file in files:
        with storage.open(object_key(file.sha256)) as stream:
            same = same and hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
    slowest, growth = max(file.seconds for file in files), memory.most - memory.start_mib
    kept = same and slowest <= SLOWEST and growth <= MOST_GROWTH
    print(
        f"slowest {slowest:.1f} s, memory +{growth:.0f} MiB, "
        f"sha256 {'equal' if same else 'DIFFERENT'}  {'' if kept else 'OVER'}",
        flush=True,
    )
    return kept


if __name__ == "__main__":
    main()
