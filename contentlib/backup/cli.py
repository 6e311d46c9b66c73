"""Taking a backup and bringing it back."""

import json
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from contentlib.backup import making, restoring
from contentlib.backup.manifest import Manifest
from contentlib.core.db import db
from contentlib.core.paths import resource
from contentlib.library.care.fsck import Examination
from contentlib.search.jobs import rebuild_index
from contentlib.storage.current import current_storage

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("dest", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@with_appcontext
def backup(dest: Path, as_json: bool) -> None:
    """Write everything into the new folder DEST, and verify it; people go on working meanwhile."""
    manifest = making.make(db.engine, current_storage(), dest, _tell)
    _summary("backed up and verified", manifest, as_json)


@click.command()
@click.argument("src", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@with_appcontext
def restore(src: Path, as_json: bool) -> None:
    """Bring a backup back into this installation, which nobody uses yet."""
    manifest = restoring.restore(db.engine, current_storage(), src, _upgrade, _tell)
    documents = rebuild_index()
    _summary("restored", manifest, as_json, documents)
    faults = [fault for fault in Examination(current_storage()).faults(deep=False) if fault.wrong]
    for fault in faults:
        click.echo(f"{fault.kind}: {fault.key} {fault.detail}".rstrip(), err=True)
    if faults:
        sys.exit(1)


def _upgrade(revision: str) -> None:
    upgrade(directory=str(resource("migrations")), revision=revision)


def _tell(name: str, count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{name}: {count}", nl=False, err=True)


def _summary(done: str, manifest: Manifest, as_json: bool, documents: int | None = None) -> None:
    facts = {
        "made_at": manifest.made_at,
        "revision": manifest.revision,
        "tables": len(manifest.tables),
        "rows": sum(table["rows"] for table in manifest.tables.values()),
        "objects": manifest.objects,
        "object_bytes": manifest.object_bytes,
    }
    if documents is not None:
        facts["documents"] = documents
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    _tell(done, 0)
    click.echo(
        f"{done}: {facts['rows']:,} rows of {facts['tables']} tables, {manifest.objects:,} files "
        f"of {manifest.object_bytes / 1e6:,.1f} MB, as of {manifest.made_at}"
    )
    if documents is not None:
        click.echo(f"{documents} documents indexed")
