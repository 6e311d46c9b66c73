"""Starting the web server, and beside it a worker where one machine does both."""

import ctypes
import gc
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from contentlib.app import create_app
from contentlib.core.config import Settings
from contentlib.core.db import reading
from contentlib.core.errors import N_, ContentlibError
from contentlib.prep import shelf
from contentlib.search import Query, SearchError
from contentlib.search.current import current_engine
from contentlib.usage import ledger

log = structlog.get_logger("contentlib.serving")

MOST_CONNECTIONS = 1000
"""Connections of a web process, busy or not: whoever comes then waits until one is closed.

Browsers keep some open for half a minute after a page, so there are far more than requests.
"""


def application() -> Flask:
    """Return the application as a web process holds it.

    What exists once it is built lives as long as the process. The collector need not walk through
    it again and again in the middle of answers: a fifth of the time of a large report.
    """
    app = create_app()
    leave_to_the_process()
    threading.Thread(target=read_ahead, args=(app,), daemon=True).start()
    return app


def leave_to_the_process() -> None:
    """Take what exists now out of what the collector walks through."""
    gc.collect()
    gc.freeze()


def read_ahead(app: Flask) -> None:
    """Read what the first people after a start would wait for; it lives as long as the process."""
    for ahead in (read_index, read_ledger, read_shelf):
        ahead(app)
    leave_to_the_process()


def read_index(app: Flask) -> None:
    """Read the search index and its words, so that the first letter typed need not wait for it."""
    nobody = Query("aa", frozenset({"nobody"}), typing=True, scope="titles")
    with app.app_context():
        try:
            current_engine().search(nobody)
        except SearchError as error:
            # The worker builds it; until then searches say that they are answered without.
            log.warning("search index not read", error=str(error))


def read_ledger(app: Flask) -> None:
    """Read the ledger of use, so that the first report after a start need not wait for it."""
    _ask(app, ledger.counted)


def read_shelf(app: Flask) -> None:
    """Read the published library as call prep knows it, before somebody has two minutes for it."""
    _ask(app, shelf.candidates)


def _ask(app: Flask, question: Callable[[], object]) -> None:
    with app.app_context(), reading():
        try:
            question()
        except SQLAlchemyError as error:
            # The first who asks will try again, and be told.
            log.warning("not read ahead", what=question.__module__, error=str(error))


def local_address(host: str, port: int) -> str:
    """Return where a browser on this machine finds a server that listens so."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - every address of the machine, so also this one
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def refuse_taken(host: str, port: int) -> None:
    """Say so before anything starts, when this address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise ContentlibError(
            N_("%(host)s, port %(port)s, cannot be listened on: %(reason)s."),
            host=host,
            port=port,
            # Python adds the address, which the sentence has said.
            reason=(error.strerror or str(error)).partition(" (while")[0],
        ) from None


def run_server(host: str, port: int, settings: Settings) -> None:
    """Answer requests until interrupted."""
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415 - only this command needs the server

    share_freed_memory()
    Server(
        "contentlib.serving:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.processes,
        blocking_threads=settings.threads,
        backpressure=MOST_CONNECTIONS,
        websockets=False,
        log_access=False,
        # It would say at each start that threads wait for one another; ours wait for the database.
        log_level=LogLevels.error,
    ).serve()


def share_freed_memory() -> None:
    """Have all threads of this process, and of those it forks, use again what one has freed.

    Otherwise glibc keeps it for that thread, and parts of uploads stay in memory as often as there
    are threads. Other systems' libraries have no such setting.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


M_ARENA_MAX = -8
"""As `malloc.h` of glibc names it."""


@contextmanager
def beside_worker() -> Iterator[None]:
    """Run a worker process beside the server, starting it again should it end."""
    stopping = threading.Event()
    children: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not stopping.is_set():
            child = subprocess.Popen([sys.executable, "-m", "contentlib", "worker"])
            children[:] = [child]
            child.wait()
            stopping.wait(1)

    threading.Thread(target=keep, daemon=True).start()
    try:
        yield
    finally:
        stopping.set()
        for child in children:
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=30)
