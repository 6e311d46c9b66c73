"""The worker's part: one portion of a run at a time, each in a short transaction."""

from collections.abc import Sequence

from flask import current_app

from contentlib import jobs
from contentlib.core.db import db
from contentlib.core.surroundings import working
from contentlib.importing import service, undoing
from contentlib.importing.context import Context
from contentlib.importing.delimited import Place, Record, Table, records
from contentlib.importing.models import ImportRun, State
from contentlib.jobs.registry import Apply, Payload
from contentlib.storage.current import current_storage


@jobs.handler("importing.portion")
def read_portion(payloads: Sequence[Payload]) -> Apply | None:
    """Read the next rows of a run from its file; the writing of them is the outcome."""
    run = db.session.get(ImportRun, payloads[0]["run"])
    if run is None or run.storage_key is None:
        return None
    place = dict(run.place)
    table = Table(run.encoding, run.delimiter, tuple(run.header), Place(**run.body))
    with current_storage().open(run.storage_key, start=place["byte"]) as stream:
        reader = records(stream, table, Place(**place))
        rows = [row for _number, row in zip(range(service.PORTION), reader, strict=False)]
    run_id = run.id
    return lambda: _take_portion(run_id, place, rows)


def _take_portion(run_id: int, place: dict[str, int], rows: Sequence[Record]) -> None:
    run = db.session.get_one(ImportRun, run_id)
    if run.place != place:
        # Another run of this job was faster.
        return
    settings = current_app.extensions["settings"]
    terms = service.terms_of(
        run, zone=settings.timezone, currency=settings.currency, brazilian=True
    )
    with working(person_id=run.by_id):
        service.take_portion(run, rows, Context(terms))
    if run.state in (State.CHECKING, State.RUNNING):
        service.go_on(run)


@jobs.handler("importing.undo")
def take_back(payloads: Sequence[Payload]) -> Apply | None:
    """Take back the next rows of a run."""
    run_id = payloads[0]["run"]
    return lambda: _take_back(run_id)


def _take_back(run_id: int) -> None:
    run = db.session.get_one(ImportRun, run_id)
    with working(person_id=run.undone_by_id):
        if run.state is State.UNDOING and undoing.take_back_portion(run):
            service.go_on(run)
