"""Taking a backup and bringing it back."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from contentlib import audit
from contentlib.audit import sealing
from contentlib.audit.verifying import verify
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
    audit.record(audit.Action.BACKUP_MADE, **_told(manifest))
    db.session.commit()
    _summary("backed up and verified", manifest, as_json)


@click.command()
@click.argument("src", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@with_appcontext
def restore(src: Path, as_json: bool) -> None:
    """Bring a backup back into this installation, which nobody uses yet."""
    manifest = restoring.restore(db.engine, current_storage(), src, _upgrade, _tell)
    documents = rebuild_index()
    # Under this installation's key; the one that made the backup may have had another.
    audit.record(audit.Action.BACKUP_RESTORED, **_told(manifest))
    sealing.accept()
    db.session.commit()
    _summary("restored", manifest, as_json, documents)
    faults = [fault for fault in Examination(current_storage()).faults(deep=False) if fault.wrong]
    for fault in faults:
        click.echo(f"{fault.kind}: {fault.key} {fault.detail}".rstrip(), err=True)
    broken = verify().fault
    if broken:
        click.echo(f"audit chain: {broken.sentence}", err=True)
    if faults or broken:
        sys.exit(1)


def _told(manifest: Manifest) -> dict[str, Any]:
    rows = sum(table["rows"] for table in manifest.tables.values())
    return {"made_at": manifest.made_at, "rows": rows, "files": manifest.objects}


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
