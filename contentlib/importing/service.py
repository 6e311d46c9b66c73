"""A run from its file to its end: mapped, checked, taken in by portions, and taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import delete

from contentlib import audit, jobs
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.lines import one_line
from contentlib.importing.context import Context, Terms
from contentlib.importing.delimited import Record, Table, open_table, records
from contentlib.importing.kinds import Kind, exact_columns, guess_columns, lacking
from contentlib.importing.models import ImportFinding, ImportRow, ImportRun, State
from contentlib.importing.rows import take_rows
from contentlib.importing.survey import Survey

# So many rows are one short writing transaction, which keeps nobody waiting.
PORTION = 200
_PASSES = (State.CHECKING, State.RUNNING)


def begin(
    kind: Kind,
    stream: BinaryIO,
    *,
    file_name: str,
    size: int,
    storage_key: str,
    by_id: int | None,
) -> ImportRun:
    """Look over a file and begin a run with the likeliest mapping of its columns."""
    table = open_table(stream)
    stream.seek(table.body.byte)
    survey = Survey(table.header)
    survey.add(records(stream, table))
    if survey.rows == 0:
        raise Invalid(N_("This file has a header, but no rows."), field="file")
    run = _begin(kind, table, file_name=file_name, size=size, by_id=by_id)
    run.storage_key, run.survey = storage_key, survey.result()
    run.mapping = {"columns": guess_columns(kind, table.header)}
    return run


def begin_exact(
    kind: Kind, stream: BinaryIO, *, file_name: str, size: int, create_missing: bool, checking: bool
) -> ImportRun:
    """Begin a run for a file whose columns are named as documented."""
    table = open_table(stream)
    run = _begin(kind, table, file_name=file_name, size=size, by_id=None)
    run.mapping = {"columns": dict(exact_columns(kind, table.header))}
    _refuse_lacking(kind, run.mapping["columns"])
    run.create_missing = create_missing
    run.state = State.CHECKING if checking else State.RUNNING
    if not checking:
        audit.record(Action.IMPORT_STARTED, subject=run, **_told(run))
    return run


def _begin(kind: Kind, table: Table, *, file_name: str, size: int, by_id: int | None) -> ImportRun:
    body = {"byte": table.body.byte, "line": table.body.line}
    run = ImportRun(
        kind=kind.name,
        state=State.MAPPING,
        file_name=one_line(file_name)[:255],
        size=size,
        encoding=table.encoding,
        delimiter=table.delimiter,
        header=list(table.header),
        body=body,
        place=body,
        by_id=by_id,
    )
    db.session.add(run)
    db.session.flush()
    return run


def _refuse_lacking(kind: Kind, columns: Mapping[str, str]) -> None:
    missing = [field.name for field in lacking(kind, columns)]
    if missing:
        raise Invalid(N_("The file lacks these columns: %(columns)s."), columns=", ".join(missing))


def map_columns(
    run: ImportRun,
    kind: Kind,
    *,
    columns: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]],
    currency: str,
    create_missing: bool,
) -> None:
    """Say which column gives which fact, and what its closed values mean here."""
    if run.state not in (State.MAPPING, State.CHECKED):
        raise Conflict(N_("This import is under way; its columns are settled."))
    _refuse_lacking(kind, columns)
    run.mapping = {
        "columns": dict(columns),
        "values": {field: dict(known) for field, known in values.items()},
        "currency": currency,
    }
    run.create_missing = create_missing


def check(run: ImportRun) -> None:
    """Ask the worker to try every row without keeping anything."""
    if run.state not in (State.MAPPING, State.CHECKED):
        raise Conflict(N_("This import is under way."))
    _start(run, State.CHECKING)


def start(run: ImportRun) -> None:
    """Ask the worker to take the rows in."""
    if run.state is not State.CHECKED:
        raise Conflict(N_("Check this import before it runs."))
    _start(run, State.RUNNING)
    audit.record(Action.IMPORT_STARTED, subject=run, **_told(run))


def _told(run: ImportRun) -> dict[str, Any]:
    return {"kind": run.kind, "name": run.file_name, "bytes": run.size}


def _start(run: ImportRun, state: State) -> None:
    db.session.execute(delete(ImportRow).where(ImportRow.run_id == run.id))
    db.session.execute(delete(ImportFinding).where(ImportFinding.run_id == run.id))
    run.state, run.place, run.counts, run.finished_at = state, run.body, {}, None
    db.session.flush()
    go_on(run)


def go_on(run: ImportRun) -> None:
    """Ask the worker for the next portion; also after it gave one up."""
    kind = "importing.undo" if run.state is State.UNDOING else "importing.portion"
    jobs.enqueue(kind, f"run:{run.id}", {"run": run.id})


def undo(run: ImportRun, *, by_id: int | None) -> None:
    """Ask the worker to take back what a run did, in the name of who asks."""
    if run.state is not State.DONE:
        raise Conflict(N_("Only an import that has run can be undone."))
    run.state, run.undone_by_id = State.UNDOING, by_id
    audit.record(Action.IMPORT_UNDONE, subject=run, name=run.file_name)
    db.session.flush()
    go_on(run)


def terms_of(run: ImportRun, *, zone: str, currency: str, **more: Any) -> Terms:
    """Return under which terms a run's rows are read."""
    return Terms(
        zone=zone,
        currency=run.mapping.get("currency") or currency,
        create_missing=run.create_missing,
        **more,
    )


def take_portion(run: ImportRun, rows: Sequence[Record], context: Context) -> None:
    """Take a portion in, or try it, as the run's state says; fewer rows than one end the pass."""
    if run.state not in _PASSES:
        return
    take_rows(run, rows, context, keep=run.state is State.RUNNING)
    if len(rows) < PORTION:
        _end(run, now())


def _end(run: ImportRun, moment: datetime) -> None:
    if run.state is State.RUNNING:
        run.state = State.DONE
        audit.record(Action.IMPORT_FINISHED, subject=run, **_told(run), rows=run.counts)
    else:
        run.state = State.CHECKED
    run.finished_at = moment
    db.session.flush()


def forget(run: ImportRun) -> None:
    """Remove every trace of a run that took nothing in."""
    if run.state not in (State.MAPPING, State.CHECKED):
        raise Conflict(N_("This import is under way or has run; it can only be undone."))
    db.session.delete(run)
    db.session.flush()
