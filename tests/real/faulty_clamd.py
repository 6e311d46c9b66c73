"""A daemon on which something goes wrong, whatever it is asked."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.real.background import in_background


@dataclass
class Ways:
    """How it answers: to questions, and to a stream once it has read `reads` bytes of it.

    An answer of None hangs until the test is over; an empty one closes the line.
    """

    asked: dict[str, bytes | None] = field(
        default_factory=lambda: {"PING": b"PONG\0", "VERSION": b"ClamAV 9.9/1\0"}
    )
    stream: bytes | None = b"stream: OK\0"
    reads: int | None = None
    took: int = 0
    streams: int = 0


@contextmanager
def faulty_clamd() -> Iterator[tuple[str, Ways]]:
    """Give the address of such a daemon, and its ways."""
    ways, over = Ways(), threading.Event()

    class Connection(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self._answer()

        def _answer(self) -> None:
            command = b""
            while not command.endswith(b"\0"):
                command += self.rfile.read(1)
            name = command[1:-1].decode()
            answer = self._swallowed() if name == "INSTREAM" else ways.asked[name]
            if answer is None:
                over.wait()
            else:
                self.wfile.write(answer)

        def _swallowed(self) -> bytes | None:
            ways.streams += 1
            while length := struct.unpack(">I", self.rfile.read(4))[0]:
                ways.took += len(self.rfile.read(length))
                if ways.reads is not None and ways.took >= ways.reads:
                    break
            return ways.stream

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection) as server:
        server.daemon_threads = True
        with in_background(server):
            yield f"clamd://127.0.0.1:{server.server_address[1]}", ways
            over.set()
