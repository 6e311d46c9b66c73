"""The command that takes tables in from files with documented columns."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from zipfile import is_zipfile

import click
from flask import current_app
from flask.cli import with_appcontext

from contentlib.core.db import db
from contentlib.importing import queries, service
from contentlib.importing.bundles.bundle_cli import import_bundle
from contentlib.importing.context import Context, Shelf, Terms
from contentlib.importing.delimited import Place, Record, Table, records
from contentlib.importing.kinds import KINDS
from contentlib.importing.models import ImportRun, Result, Severity
from contentlib.storage import open_storage
from contentlib.storage.current import current_storage

HELP = """Import a table: CSV with a header, UTF-8, dates as 2025-12-31 (ISO 8601).

\b
users   email,name,role,team
assets  external_id,title,type,stages,personas,language,owner_email,status,file,
        tags,audience,summary,deputy_email,review_due,valid_until
deals   external_id,title,company,seller_email,team,pipeline,amount,currency,
        opened_at,closed_at,outcome,loss_reason,size_band
stages  deal_external_id,stage,entered_at
uses    deal_external_id,asset_external_id,user_email,occurred_at,action,
        channel,recorded_at
touches external_id,source,email,person,kind,title,occurred_at

Stages, types and the like are given by key or name; lists are separated by |, files are named
relative to the table. A row that is known already is corrected, and one that cannot be taken in
is reported by its line while the others go on; then the exit status is 1.

Materials may also be a folder or a ZIP file: each file in it becomes a draft, described by folders,
names, the table of --rules, and an assets.csv beside them. What is in the library already is left
alone, so the same folder can be imported again.
"""

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
WORDS = {
    Result.CREATED: "created",
    Result.CHANGED: "changed",
    Result.SAME: "unchanged",
    Result.FAILED: "failed",
}


@click.command("import", help=HELP, short_help="Import people, materials, deals, uses and touches.")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Try every row and keep nothing.")
@click.option("--create-missing", is_flag=True, help="Add stages, types and reasons not known.")
@click.option("--owner", help="Who owns the files of a folder or ZIP, by address.")
@click.option("--rules", type=EXISTING, help="CSV: pattern,type,stages,personas,tags,language, …")
@click.option("--publish", is_flag=True, help="Publish files of a folder or ZIP that are complete.")
@with_appcontext
def import_table(
    kind: str,
    file: Path,
    *,
    dry_run: bool,
    create_missing: bool,
    owner: str | None,
    rules: Path | None,
    publish: bool,
) -> None:
    """Take a table, or a folder or archive of materials, in and report what became of it."""
    if file.is_dir() or is_zipfile(file):
        if kind != "assets" or create_missing:
            raise click.UsageError("a folder or a ZIP file can only be imported as assets")
        import_bundle(file, owner=owner, rules_file=rules, publish=publish, dry_run=dry_run)
    if owner or rules or publish:
        raise click.UsageError("--owner, --rules and --publish are for a folder or a ZIP file")
    _import_table(kind, file, dry_run=dry_run, create_missing=create_missing)


def _import_table(kind: str, file: Path, *, dry_run: bool, create_missing: bool) -> None:
    warnings: Counter[str] = Counter()
    with file.open("rb") as stream, _shelf(file.parent, dry_run) as shelf:
        run = _begin(kind, file, stream, create_missing=create_missing, checking=dry_run)
        settings = current_app.extensions["settings"]
        terms = service.terms_of(
            run, zone=settings.timezone, currency=settings.currency, shelf=shelf
        )
        for rows in _portions(stream, run):
            _take(run, rows, terms)
            _report(run, rows, warnings)
    counts = dict(run.counts)
    _close(run, dry_run)
    for sentence, number in warnings.most_common():
        click.echo(f"{number} rows: {sentence}", err=True)
    total = ", ".join(f"{counts.get(result, 0)} {word}" for result, word in WORDS.items())
    click.echo(f"{kind}: {total}" + (" (dry run: nothing was kept)" if dry_run else ""))
    sys.exit(1 if counts.get(Result.FAILED) else 0)


@contextmanager
def _shelf(folder: Path, dry_run: bool) -> Iterator[Shelf]:
    """Lend the store for files; a trial gets one that is gone afterwards."""
    largest = current_app.extensions["settings"].max_upload_mb * 2**20
    if not dry_run:
        yield Shelf(folder, current_storage(), largest)
        return
    with TemporaryDirectory(prefix="contentlib-import-") as store:
        yield Shelf(folder, open_storage(f"file:{store}"), largest)


def _begin(
    kind: str, file: Path, stream: BinaryIO, *, create_missing: bool, checking: bool
) -> ImportRun:
    run = service.begin_exact(
        KINDS[kind],
        stream,
        file_name=file.name,
        size=file.stat().st_size,
        create_missing=create_missing,
        checking=checking,
    )
    stream.seek(run.body["byte"])
    db.session.commit()
    return run


def _portions(stream: BinaryIO, run: ImportRun) -> Iterator[Sequence[Record]]:
    """Yield the rows in portions; the last one is shorter than the others, perhaps empty."""
    table = Table(run.encoding, run.delimiter, tuple(run.header), Place(**run.body))
    rows = records(stream, table)
    while True:
        portion = list(islice(rows, service.PORTION))
        yield portion
        if len(portion) < service.PORTION:
            return


def _take(run: ImportRun, rows: Sequence[Record], terms: Terms) -> None:
    service.take_portion(run, rows, Context(terms))
    db.session.commit()


def _report(run: ImportRun, rows: Sequence[Record], warnings: Counter[str]) -> None:
    for finding in queries.findings_on(run, [row.line for row in rows]):
        sentence = queries.sentence_of(finding)
        if finding.severity is Severity.ERROR:
            click.echo(f"line {finding.line}: {sentence}", err=True)
        else:
            warnings[sentence] += 1


def _close(run: ImportRun, dry_run: bool) -> None:
    if dry_run:
        service.forget(run)
    db.session.commit()
