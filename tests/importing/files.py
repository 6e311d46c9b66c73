"""Taking a table in as the command line and the worker do, portion by portion."""

import io
import json

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.deals import outcomes
from contentlib.importing import service, undoing
from contentlib.importing.context import Context
from contentlib.importing.delimited import Place, Table, records
from contentlib.importing.kinds import KINDS
from contentlib.importing.models import ImportFinding, ImportRun, Severity
from contentlib.library import taxonomy

ZONE = "America/Sao_Paulo"


def take(
    kind: str,
    text: str,
    *,
    keep: bool = True,
    create_missing: bool = False,
    brazilian: bool = False,
) -> ImportRun:
    """Take a table with documented columns in."""
    taxonomy.seed()
    outcomes.seed()
    stream = io.BytesIO(text.encode())
    run = service.begin_exact(
        KINDS[kind],
        stream,
        file_name="table.csv",
        size=len(text),
        create_missing=create_missing,
        checking=not keep,
    )
    table = Table(run.encoding, run.delimiter, tuple(run.header), Place(**run.body))
    terms = service.terms_of(run, zone=ZONE, currency="BRL", brazilian=brazilian)
    stream.seek(table.body.byte)
    rows = list(records(stream, table))
    for start in range(0, len(rows) + 1, service.PORTION):
        service.take_portion(run, rows[start : start + service.PORTION], Context(terms))
    db.session.commit()
    return run


def take_back(run: ImportRun) -> None:
    """Undo a run."""
    service.undo(run, by_id=None)
    while undoing.take_back_portion(run):
        pass
    db.session.commit()


def findings(run: ImportRun, severity: Severity = Severity.ERROR) -> list[tuple[int, str]]:
    """Return the lines and sentences of what was found."""
    rows = db.session.scalars(
        select(ImportFinding)
        .where(ImportFinding.run_id == run.id, ImportFinding.severity == severity)
        .order_by(ImportFinding.id)
    )
    return [(row.line, row.message % json.loads(row.parameters)) for row in rows]
