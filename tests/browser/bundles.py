"""Bundles of the firm, one for each state that their page has."""

import tempfile
from pathlib import Path

from flask import Flask

from contentlib.core.db import db
from contentlib.importing.bundles import looking, service
from contentlib.importing.bundles.sources import Entry
from contentlib.importing.models import ImportRun, State
from contentlib.jobs.worker import Worker
from tests.browser.firm import person_of
from tests.importing.bundled import TEXT, begin, mess, zipped

MOST = 10**9


def bundles(app: Flask) -> dict[str, int]:
    """Begin a bundle for each state and lead it there; the running one waits for a worker."""
    by = person_of("marketer")
    sending = service.begin(name="Drive", size=9, by_id=by.id, source={"source": "sent"})
    looking.write_down(sending, [Entry("Drive/a.txt", 9, None)], most_bytes=MOST)
    runs = {"sending": sending}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("checked", "running", "paused", "done", "undone"):
            files = mess() | {f"Marketing/{name}.txt": f"{name} {TEXT}"}
            path = Path(folder, f"drive-{name}.zip")
            path.write_bytes(zipped(files))
            runs[name] = begin(path, by)
    db.session.commit()
    _work(app)
    for name in ("done", "undone"):
        service.start(runs[name])
    db.session.commit()
    _work(app)
    service.undo(runs["undone"], by_id=by.id)
    db.session.commit()
    _work(app)
    runs["running"].state, runs["paused"].state = State.RUNNING, State.STOPPED
    db.session.commit()
    return {f"bundle_{name}": _number(run) for name, run in runs.items()}


def _work(app: Flask) -> None:
    Worker(app, lease_seconds=60).drain()


def _number(run: ImportRun) -> int:
    return run.id
