"""A folder or an archive of this machine, taken in from the command line by the same steps."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app

from contentlib.accounts.queries import find_user
from contentlib.core.db import db
from contentlib.core.errors import N_, ContentlibError, Invalid
from contentlib.core.lines import one_line
from contentlib.importing.bundles import looking, rules, service, table, taking
from contentlib.importing.bundles.archive import Archive
from contentlib.importing.bundles.cells import Lookup
from contentlib.importing.bundles.jobs import UNPACKED, describer_of, most_bytes
from contentlib.importing.bundles.models import Action, ImportFile, Look
from contentlib.importing.bundles.rules import Rule
from contentlib.importing.bundles.sources import Folder, Source
from contentlib.importing.delimited import open_table, records
from contentlib.importing.models import ImportRun, Result, State
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Status
from contentlib.storage.current import current_storage

EVERYTHING = "*"


def import_bundle(
    path: Path, *, owner: str | None, rules_file: Path | None, publish: bool, dry_run: bool
) -> None:
    """Look at every file, say what was found, and take in what is new; status 1 if any is not."""
    try:
        with _source(path) as source:
            run_id = _begin(path, source, owner, rules_file, publish=publish)
            while _look(run_id, source):
                pass
            trouble = _report(run_id)
            if dry_run:
                _forget(run_id)
            else:
                while _take(run_id, source):
                    pass
                trouble = _sum_up(run_id)
    except ContentlibError as error:
        raise click.ClickException(str(error)) from error
    sys.exit(1 if trouble else 0)


@contextmanager
def _source(path: Path) -> Iterator[Source]:
    if path.is_dir():
        yield Folder(path)
        return
    most = current_app.extensions["settings"].max_bundle_mb * 2**20 * UNPACKED
    with path.open("rb") as stream:
        yield Archive(stream, most_bytes=most)


def _begin(
    path: Path, source: Source, owner: str | None, rules_file: Path | None, *, publish: bool
) -> int:
    person = find_user(owner) if owner else None
    if owner and person is None:
        raise Invalid(N_("There is nobody with the address “%(text)s”."), text=owner[:80])
    size = path.stat().st_size
    run = service.begin(name=path.name, size=size, by_id=None, source={"source": service.LOCAL})
    known = read_rules(rules_file) if rules_file else []
    if publish:
        known.insert(0, Rule(EVERYTHING, {"status": Status.PUBLISHED.value}))
    run.mapping = {"rules": rules.kept(known), "owner": person.id if person else None}
    run.state = State.CHECKING
    looking.write_down(run, source.entries(), most_bytes=most_bytes())
    table.apply(run, source, describer_of(run))
    db.session.commit()
    return run.id


def read_rules(file: Path) -> list[Rule]:
    """Read rules from a table: pattern, then any of type, stages, personas, tags, language …"""
    lookup, found = Lookup("en"), []
    with file.open("rb") as stream:
        header = open_table(stream)
        stream.seek(header.body.byte)
        for record in records(stream, header):
            cells = dict(zip(header.header, map(one_line, record.cells), strict=False))
            says = {name: lookup.read(name, cells[name]) for name in rules.AXES if cells.get(name)}
            if cells.get("pattern") and says:
                found.append(Rule(cells["pattern"], says))
    return found


def _look(run_id: int, source: Source) -> bool:
    run = db.session.get_one(ImportRun, run_id)
    files = looking.waiting(run)
    seen = looking.look_at(files, source, current_storage(), most_bytes=most_bytes())
    looking.settle(run, seen, describer_of(run))
    if not files:
        service.looked(run)
    db.session.commit()
    return bool(files)


def _report(run_id: int) -> bool:
    """Print the table of what was found; tell whether any file cannot be read."""
    run, lookup = db.session.get_one(ImportRun, run_id), Lookup("en")
    counts: Counter[str] = Counter()
    for file in service.files_of(run):
        counts[file.look] += 1
        if file.look is not Look.LEFT_OUT:
            click.echo(_line(file, lookup))
    words = ", ".join(f"{counts[look]} {look.replace('_', ' ')}" for look in Look if counts[look])
    click.echo(f"{run.file_name}: {words or 'nothing'}")
    return bool(counts[Look.UNREADABLE])


def _line(file: ImportFile, lookup: Lookup) -> str:
    """Return a file as a line: what it is, where it lies, what is said of it or against it."""
    if file.problem is not None and file.action is Action.SKIP:
        return f"{file.look:<10} {file.path}: {_sentence(file)}"
    like = (
        f" = {file.like.title}" if file.like else f" = {file.like_path}" if file.like_path else ""
    )
    said = " | ".join(
        lookup.shown(name, file.facts.get(name))
        for name in ("title", "type", "stages", "personas", "language", "owner")
    )
    lacks = "" if file.complete else "  (lacks stage, persona or owner: a draft)"
    return f"{file.look:<10} {file.path}{like}: {said}{lacks}"


def _sentence(file: ImportFile) -> str:
    text = str(file.problem)
    return text % file.parameters if file.parameters else text


def _forget(run_id: int) -> None:
    service.forget(db.session.get_one(ImportRun, run_id))
    db.session.commit()
    click.echo("dry run: nothing was kept")


def _take(run_id: int, source: Source) -> bool:
    run = db.session.get_one(ImportRun, run_id)
    run.state = State.RUNNING
    files = taking.left(run)
    fetched = taking.fetch(files, source, current_storage(), most_bytes=most_bytes())
    taking.Taker(run, current_storage(), firm_today()).take(fetched)
    if not files:
        service.end(run)
    db.session.commit()
    return bool(files)


def _sum_up(run_id: int) -> bool:
    """Print what came of the files; tell whether any was kept out."""
    run = db.session.get_one(ImportRun, run_id)
    unreadable = 0
    for file in service.files_of(run):
        unreadable += file.look is Look.UNREADABLE
        if file.result is not None and file.problem is not None:
            click.echo(f"{file.path}: {_sentence(file)}", err=True)
    counts = run.counts
    failed = counts.get(Result.FAILED, 0) + unreadable
    results = {"created": Result.CREATED, "changed": Result.CHANGED, "unchanged": Result.SAME}
    told = ", ".join(f"{counts.get(result, 0)} {word}" for word, result in results.items())
    click.echo(f"assets: {told}, {failed} failed")
    return bool(failed)
