"""Commands that care for files: do rows, objects and index agree, and is any file harmful?"""

import json
import sys
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from contentlib import audit
from contentlib.antivirus.current import current_scanner
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.library.care import fsck, scan_jobs
from contentlib.storage.current import current_storage


@click.group()
def files() -> None:
    """Care for the files of the library."""


@files.command()
@with_appcontext
def rescan() -> None:
    """Have every file scanned for viruses anew, by what the scanner knows now."""
    scanner = current_scanner()
    if scanner is None:
        raise Invalid(N_("No scanner is named: set CONTENTLIB_SCAN_URL."))
    scanner.ready()
    count = scan_jobs.ask_for_everything()
    db.session.commit()
    click.echo(f"{count} files are scanned anew by the worker, with {scanner.signatures().label}")


@click.command("fsck")
@click.option("--deep", is_flag=True, help="Read every file and compare its hash.")
@click.option("--repair", is_flag=True, help="Have made again what can be: pictures, the index.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_appcontext
def check_files(deep: bool, repair: bool, as_json: bool) -> None:
    """Compare rows, files and index; exit status 1 when anything is wrong."""
    examination = fsck.Examination(current_storage())
    faults = list(examination.faults(deep=deep))
    if as_json:
        click.echo(json.dumps([asdict(fault) for fault in faults], indent=2))
    else:
        _print(examination, faults, deep=deep)
    if repair:
        asked = fsck.repair(faults)
        audit.record(audit.Action.FILES_REPAIRED, faults=len(faults), asked=asked)
        db.session.commit()
        click.echo(f"{asked} repairs asked of the worker", err=as_json)
    if any(fault.wrong for fault in faults):
        sys.exit(1)


def _print(examination: fsck.Examination, faults: list[fsck.Fault], *, deep: bool) -> None:
    for fault in faults:
        click.echo(f"{fault.kind:12} {fault.key}  {fault.detail}".rstrip())
    wrong = sum(fault.wrong for fault in faults)
    how = "read and compared" if deep else "looked at"
    click.echo(
        f"{len(examination.rows)} files, {examination.objects} objects {how}; {wrong} faults"
    )
