"""Servers of the standard library, beside the test that asks them."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOOK = 0.01
"""Seconds between two looks at whether to stop: half a second, if it is not said."""


@contextmanager
def in_background(server: socketserver.BaseServer) -> Iterator[None]:
    """Let a server answer until the end."""
    threading.Thread(target=server.serve_forever, args=(LOOK,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
