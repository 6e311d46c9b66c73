"""Taking rows in: each by itself, so that one that fails leaves no trace but its sentence."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, ContentlibError, Invalid
from contentlib.importing import asset_rows, deal_rows, history_rows, people_rows, touch_rows
from contentlib.importing.context import Context
from contentlib.importing.delimited import Record
from contentlib.importing.kinds import KINDS, Kind
from contentlib.importing.models import (
    ImportFinding,
    ImportRow,
    ImportRun,
    Result,
    Severity,
)
from contentlib.importing.values import clean, clean_lines

Take = Callable[[Mapping[str, str], Context], Result]
TAKERS: dict[str, Take] = {
    "users": people_rows.take,
    "assets": asset_rows.take,
    "deals": deal_rows.take,
    "stages": history_rows.take_stage,
    "uses": history_rows.take_use,
    "touches": touch_rows.take,
}
LONGEST_KEY = 120


class _Tried(Exception):
    """Ends a row that is only tried, so that nothing of it is kept."""


def take_rows(run: ImportRun, records: Sequence[Record], context: Context, *, keep: bool) -> None:
    """Take some rows of a run in; without `keep` each is tried in full and then taken back."""
    earlier = _lines_of_keys(run, records)
    if run.kind == "deals":
        context.expect_deals({cells_of(run, record).get("external_id", "") for record in records})
    counts = dict(run.counts)
    written: list[ImportRow | ImportFinding] = []
    for record in records:
        row, *findings = _take_row(run, record, context, earlier, keep=keep)
        counts[row.result] = counts.get(row.result, 0) + 1
        written += row, *findings
    # Written together at the end, which costs a fraction of writing each beside its row.
    db.session.add_all(written)
    run.counts = counts
    if records:
        run.place = {"byte": records[-1].end.byte, "line": records[-1].end.line}
    db.session.flush()


def _take_row(
    run: ImportRun, record: Record, context: Context, earlier: dict[str, int], *, keep: bool
) -> tuple[ImportRow, *tuple[ImportFinding, ...]]:
    kind = KINDS[run.kind]
    cells = cells_of(run, record)
    key = cells.get(kind.key, "")[:LONGEST_KEY]
    context.begin_row()
    try:
        with db.session.begin_nested():
            _refuse_unreadable(kind, record, cells, earlier)
            result: Result | ContentlibError = TAKERS[kind.name](cells, context)
            db.session.flush()
            if not keep:
                raise _Tried
    except _Tried:
        context.steps = []
    except ContentlibError as error:
        result = error
    except IntegrityError:
        result = Conflict(N_("Somebody changed the same thing at this moment; import it again."))
    earlier.setdefault(key, record.line)
    return _write_down(run, record, key, result, context)


def _write_down(
    run: ImportRun,
    record: Record,
    key: str,
    result: Result | ContentlibError,
    context: Context,
) -> tuple[ImportRow, *tuple[ImportFinding, ...]]:
    row = ImportRow(run_id=run.id, line=record.line, key=key, steps=context.steps)
    if isinstance(result, ContentlibError):
        row.steps, row.result, row.cells = [], Result.FAILED, list(record.cells)
        return row, _finding(row, Severity.ERROR, result.message, result.parameters)
    row.result = result
    return row, *(_finding(row, Severity.WARNING, *warning) for warning in context.warnings)


def cells_of(run: ImportRun, record: Record) -> dict[str, str]:
    """Return what a row says for each fact, in this installation's own words where known."""
    by_column = dict(zip(run.header, record.cells, strict=False))
    values: dict[str, dict[str, str]] = run.mapping.get("values", {})
    long = {field.name for field in KINDS[run.kind].fields if field.long}
    told = {
        field: (clean_lines if field in long else clean)(by_column.get(column, ""))
        for field, column in run.mapping["columns"].items()
        if column
    }
    return {field: values.get(field, {}).get(text, text) for field, text in told.items()}


def _refuse_unreadable(
    kind: Kind, record: Record, cells: Mapping[str, str], earlier: Mapping[str, int]
) -> None:
    if record.problem is not None:
        raise Invalid(record.problem)
    for name in kind.filled:
        if not cells.get(name):
            raise Invalid(N_("The cell “%(column)s” is empty."), field=name, column=name)
    key = cells[kind.key]
    if len(key) > LONGEST_KEY:
        raise Invalid(N_("An identifier has at most %(most)s characters."), most=LONGEST_KEY)
    if kind.unique and key in earlier:
        raise Invalid(
            N_("“%(key)s” stands in line %(line)s already."), key=key[:60], line=earlier[key]
        )


def _lines_of_keys(run: ImportRun, records: Sequence[Record]) -> dict[str, int]:
    """Return for keys of these rows the line on which an earlier portion had them."""
    kind = KINDS[run.kind]
    if not kind.unique or not records:
        return {}
    keys = {cells_of(run, record).get(kind.key, "")[:LONGEST_KEY] for record in records}
    found = db.session.execute(
        select(ImportRow.key, func.min(ImportRow.line))
        .where(ImportRow.run_id == run.id, ImportRow.key.in_(keys))
        .group_by(ImportRow.key)
    )
    return {row[0]: row[1] for row in found}


def _finding(
    row: ImportRow, severity: Severity, message: str, parameters: Mapping[str, Any]
) -> ImportFinding:
    return ImportFinding(
        run_id=row.run_id,
        line=row.line,
        severity=severity,
        message=message,
        parameters=json.dumps(parameters, ensure_ascii=False, sort_keys=True, default=str),
    )
