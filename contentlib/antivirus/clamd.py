"""ClamAV's daemon: bytes are sent to it over its socket, it never opens a file of ours.

A command begins with `z` and ends with a zero byte, and so does its answer. `INSTREAM` is followed
by blocks, each after its length in four bytes, and by a length of zero at the end.
"""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from contentlib.antivirus.errors import NO_ANSWER, NO_VERDICT, TOO_LARGE, NotScanned, ScannerDown
from contentlib.antivirus.scanner import Readable, Signatures, Verdict

BLOCK = 256 * 1024
ANSWERS_WITHIN = 5.0
"""Seconds within which a daemon that is there takes a connection and answers a question."""

SCANS_WITHIN = 180.0
"""Seconds for a verdict after the last byte; the daemon itself gives up after two minutes."""

LONGEST_ANSWER = 4096
LONGEST_NAME = 200
# The daemon says so of what it did not look into, where it is told to (`AlertExceedsMax`).
_NOT_LOOKED_INTO = "Heuristics.Limits.Exceeded"

Address = str | tuple[str, int]


class Clamd:
    """A daemon at a socket of this machine (a path) or of another one (host and port)."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def ready(self) -> None:
        """Ask whether anybody is there."""
        if self._ask("PING") != "PONG":
            raise ScannerDown(NO_ANSWER)

    def signatures(self) -> Signatures:
        """Ask for the version: `ClamAV 1.4.3/27500/Thu Nov 26 08:12:00 2026`."""
        told = self._ask("VERSION")
        parts = told.split("/")
        if not parts[0].startswith("ClamAV"):
            raise ScannerDown(NO_ANSWER)
        return Signatures(_plain("/".join(parts[:2])), _moment(parts[2]) if parts[2:] else None)

    def scan(self, stream: Readable) -> Verdict:
        """Send a stream and wait for the verdict."""
        with self._connected() as line:
            try:
                line.settimeout(SCANS_WITHIN)
                line.sendall(b"zINSTREAM\0")
                while block := stream.read(BLOCK):
                    line.sendall(struct.pack(">I", len(block)))
                    line.sendall(block)
                line.sendall(struct.pack(">I", 0))
            except TimeoutError as error:
                raise NotScanned(NO_VERDICT) from error
            except OSError:
                # A stream that is too long is answered, and then no longer read.
                return _verdict(_rest(line))
            return _verdict(_answer(line, SCANS_WITHIN))

    def _ask(self, command: str) -> str:
        with self._connected() as line:
            try:
                line.sendall(f"z{command}\0".encode())
                return _answer(line, ANSWERS_WITHIN)
            except (OSError, NotScanned) as error:
                raise ScannerDown(NO_ANSWER) from error

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        try:
            line = self._connect()
        except OSError as error:
            raise ScannerDown(NO_ANSWER) from error
        with line:
            yield line

    def _connect(self) -> socket.socket:
        if isinstance(self._address, tuple):
            return socket.create_connection(self._address, timeout=ANSWERS_WITHIN)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(ANSWERS_WITHIN)
            line.connect(self._address)
        except OSError:
            line.close()
            raise
        return line


def _answer(line: socket.socket, within: float) -> str:
    """Read an answer to its zero byte; one that comes by drops is no answer."""
    told, until = b"", time.monotonic() + within
    while not told.endswith(b"\0"):
        left = until - time.monotonic()
        if left <= 0 or len(told) > LONGEST_ANSWER:
            raise NotScanned(NO_VERDICT)
        line.settimeout(left)
        try:
            more = line.recv(LONGEST_ANSWER)
        except OSError as error:
            raise NotScanned(NO_VERDICT) from error
        if not more:
            raise NotScanned(NO_VERDICT)
        told += more
    return told.rstrip(b"\0").decode("utf-8", "replace").strip()


def _rest(line: socket.socket) -> str:
    """Read what was answered before the line was closed."""
    with suppress(NotScanned):
        return _answer(line, ANSWERS_WITHIN)
    return ""


def _verdict(answer: str) -> Verdict:
    """Read `stream: OK` and `stream: NAME FOUND`; whatever else is said is no verdict."""
    if answer == "stream: OK":
        return Verdict("")
    if "size limit exceeded" in answer:
        raise NotScanned(TOO_LARGE)
    name = answer.removeprefix("stream: ").removesuffix(" FOUND")
    if answer != f"stream: {name} FOUND" or not name.strip():
        raise NotScanned(NO_VERDICT)
    if name.startswith(_NOT_LOOKED_INTO):
        raise NotScanned(TOO_LARGE)
    return Verdict(_plain(name))


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isprintable())[:LONGEST_NAME].strip()


def _moment(text: str) -> datetime | None:
    """Read when signatures were made, to the day: the zone is that of who made them."""
    with suppress(ValueError):
        return datetime.strptime(text.strip(), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return None
