"""A way to a server on which something goes wrong: between a client and a real server."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.real.background import in_background

BLOCK = 65_536
BUSY = (
    b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\n\r\n"
    b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
)


@dataclass
class Faults:
    """What goes wrong, set by a test while connections come and go.

    ``hangs`` never answers; ``busy`` answers so many requests by 503; ``cut_after`` resets a
    connection once so many bytes went up, for the next ``cuts`` of them; ``flip_at`` changes that
    byte of what goes up; ``breaks_at`` resets every connection once so many bytes went up over all.
    """

    hangs: bool = False
    busy: int = 0
    cut_after: int = 0
    cuts: int = 0
    flip_at: int = 0
    breaks_at: int = 0
    up: int = 0
    connections: int = 0


@contextmanager
def faulty(endpoint: str) -> Iterator[tuple[str, Faults]]:
    """Give the address of a way to a server, and what is to go wrong on it."""
    faults, target = Faults(), urlsplit(endpoint)

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            faults.connections += 1
            if faults.hangs:
                self.request.recv(BLOCK)
                over.wait()
                return
            if faults.busy > 0:
                faults.busy -= 1
                self.request.recv(BLOCK)
                self.request.sendall(BUSY)
                return
            with socket.create_connection((target.hostname, target.port)) as server:
                back = threading.Thread(target=_pass_on, args=(server, self.request), daemon=True)
                back.start()
                with suppress(OSError):
                    _go_up(self.request, server, faults)
                with suppress(OSError):
                    server.shutdown(socket.SHUT_WR)
                back.join(5)

    over = threading.Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection) as server:
        server.daemon_threads = True
        with in_background(server):
            yield f"http://127.0.0.1:{server.server_address[1]}", faults
            over.set()


def _go_up(client: socket.socket, server: socket.socket, faults: Faults) -> None:
    sent = 0
    while block := client.recv(BLOCK):
        at = faults.flip_at - sent
        if faults.flip_at and 0 <= at < len(block):
            block = block[:at] + bytes([block[at] ^ 1]) + block[at + 1 :]
        server.sendall(block)
        sent += len(block)
        faults.up += len(block)
        broken = 0 < faults.breaks_at <= faults.up
        if broken or (faults.cuts and sent >= faults.cut_after):
            faults.cuts -= not broken
            # Without waiting for what is under way: a reset, as a broken line looks.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.close()
            return


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    with suppress(OSError):
        while block := server.recv(BLOCK):
            client.sendall(block)
    with suppress(OSError):
        client.shutdown(socket.SHUT_WR)
