"""The first look at the files of a bundle: what each is, whether it is here already, what it says.

Nothing is kept but what is found: the bytes are read and thrown away, one file at a time.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update

from contentlib.core.db import db
from contentlib.core.errors import N_, ContentlibError
from contentlib.extraction import Kind, extract, refuse_by_name, sniff
from contentlib.extraction.errors import EMPTY
from contentlib.importing.bundles import paths
from contentlib.importing.bundles.describing import Describer
from contentlib.importing.bundles.likeness import Names
from contentlib.importing.bundles.models import Action, ImportFile, Look
from contentlib.importing.bundles.sources import Entry, Source
from contentlib.importing.models import ImportRun
from contentlib.library.models import Asset, AssetVersion, Status
from contentlib.library.uploads.detected import beginning_of, guess_language, usable_title
from contentlib.storage import Storage, UploadTooLarge
from contentlib.storage.receive import Readable

PORTION = 200
"""Files looked at in one turn, unless its time is over before."""

SECONDS = 5.0
_BLOCK = 2**20
_BEGINNING = 64 * 1024
_TOO_LARGE = N_("This file is larger than the %(megabytes)d MB allowed for one file.")
NEVER_CAME = N_("This file never arrived. Choose the folder again to send it.")


@dataclass(frozen=True)
class Seen:
    """What a look at one file found."""

    file_id: int
    sha256: str | None = None
    kind: str | None = None
    heard: Mapping[str, Any] = field(default_factory=dict)
    refused: ContentlibError | None = None


def write_down(run: ImportRun, entries: Iterable[Entry], *, most_bytes: int) -> int:
    """Make a row of every file of a bundle; what its name alone tells is said at once."""
    rows = [_row(run, number, entry, most_bytes) for number, entry in enumerate(entries, start=1)]
    # By one statement: thousands of rows are written while everybody else waits.
    if rows:
        db.session.execute(insert(ImportFile), rows)
    return len(rows)


def _row(run: ImportRun, number: int, entry: Entry, most_bytes: int) -> dict[str, Any]:
    file = ImportFile(run_id=run.id, number=number, path=entry.path, size=entry.size)
    file.place, file.look, file.action = entry.place, Look.WAITING, Action.CREATE
    file.problem, file.parameters = None, {}
    _judge_by_name(file, entry.problem, most_bytes)
    columns = [column.key for column in ImportFile.__table__.columns]
    return {name: vars(file)[name] for name in columns if name in vars(file)}


def _judge_by_name(file: ImportFile, problem: str | None, most_bytes: int) -> None:
    """Set aside what its name or size tells is not taken, before its bytes are read."""
    if paths.is_noise(file.path):
        set_aside(file, Look.LEFT_OUT, paths.NOISE)
    elif problem is not None:
        set_aside(file, Look.UNREADABLE, problem)
    elif file.size == 0:
        set_aside(file, Look.UNREADABLE, EMPTY)
    elif file.size > most_bytes:
        set_aside(file, Look.UNREADABLE, _TOO_LARGE, megabytes=most_bytes // 2**20)
    else:
        try:
            refuse_by_name(paths.name_of(file.path))
        except ContentlibError as error:
            set_aside(file, Look.UNREADABLE, error.message, **error.parameters)


def set_aside(file: ImportFile, look: Look, problem: str, **parameters: Any) -> None:
    """Say why a file is not taken."""
    file.look, file.action = look, Action.SKIP
    file.problem, file.parameters = problem, parameters


def waiting(run: ImportRun) -> Sequence[ImportFile]:
    """Return the next files to look at."""
    return db.session.scalars(
        select(ImportFile)
        .where(ImportFile.run_id == run.id, ImportFile.look == Look.WAITING)
        .where(ImportFile.place.is_not(None))
        .order_by(ImportFile.number)
        .limit(PORTION)
    ).all()


def look_at(
    files: Sequence[ImportFile], source: Source, storage: Storage, *, most_bytes: int
) -> list[Seen]:
    """Read some files, as many as there is time for; the database is not touched."""
    until, seen = monotonic() + SECONDS, []
    for file in files:
        seen.append(_look(file, source, storage, most_bytes))
        if monotonic() > until:
            break
    return seen


def _look(file: ImportFile, source: Source, storage: Storage, most_bytes: int) -> Seen:
    scratch = storage.staging / f"{uuid4().hex}.look"
    try:
        with source.open(str(file.place)) as stream:
            sha256 = _copy(stream, scratch, most_bytes)
        kind = sniff(scratch, paths.name_of(file.path))
        return Seen(file.id, sha256, kind.name, _hear(scratch, kind))
    except ContentlibError as error:
        return Seen(file.id, refused=error)
    finally:
        scratch.unlink(missing_ok=True)


def _copy(stream: Readable, scratch: Path, most_bytes: int) -> str:
    """Write a file where it can be opened, and return the hash of its bytes."""
    digest, size = hashlib.sha256(), 0
    with scratch.open("xb") as target:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > most_bytes:
                raise UploadTooLarge(_TOO_LARGE, megabytes=most_bytes // 2**20)
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def _hear(scratch: Path, kind: Kind) -> dict[str, Any]:
    """Return what a file says of itself: its language, and its title where one is written."""
    title = ""
    if kind.family == "text":
        with scratch.open("rb") as stream:
            text = stream.read(_BEGINNING).decode("utf-8", "replace")
    elif kind.family in ("pdf", "office"):
        found = extract(scratch, kind)
        text = " ".join(page.text for page in found.pages[:20])
        beginning = beginning_of(found.pages)
        title = usable_title(str(found.meta.get("title", "")), beginning) or ""
    else:
        return {}
    heard = {"title": title, "language": guess_language(text)}
    return {name: value for name, value in heard.items() if value}


def settle(run: ImportRun, seen: Sequence[Seen], describer: Describer) -> None:
    """Write down what was seen: what is new, what is here already, what looks like something."""
    files = {file.id: file for file in _files_of(seen)}
    twins = _same_bytes({one.sha256 for one in seen if one.sha256})
    earlier = _same_here(run, {one.sha256 for one in seen if one.sha256})
    like_asset, like_path = _library_names(), _names_here(run)
    for one in seen:
        file = files[one.file_id]
        if file.look is not Look.WAITING:
            continue
        if one.refused is not None:
            set_aside(file, Look.UNREADABLE, one.refused.message, **one.refused.parameters)
            continue
        file.sha256, file.kind, file.heard = one.sha256, one.kind, dict(one.heard)
        _compare(file, twins, earlier, like_asset.like, like_path.like)
        describer.describe(file)
        earlier.setdefault(str(one.sha256), file.path)
        like_path.add(file.path, file.path)
    db.session.flush()


def miss_the_rest(run: ImportRun) -> None:
    """Say of files that never came that they did not."""
    db.session.execute(
        update(ImportFile)
        .where(ImportFile.run_id == run.id, ImportFile.look == Look.WAITING)
        .values(look=Look.UNREADABLE, action=Action.SKIP, problem=NEVER_CAME, parameters={})
    )


def _compare(
    file: ImportFile,
    twins: Mapping[str, int],
    earlier: Mapping[str, str],
    like_asset: Callable[[str], int | None],
    like_path: Callable[[str], str | None],
) -> None:
    sha256 = str(file.sha256)
    # A table that names a material by its identifier knows which one it means.
    named = "external_id" in file.told
    if sha256 in twins and not named:
        file.look, file.action, file.like_asset_id = Look.SAME, Action.SKIP, twins[sha256]
    elif sha256 in earlier:
        file.look, file.action, file.like_path = Look.SAME, Action.SKIP, earlier[sha256]
    else:
        file.look = Look.NEW
        names = [] if named else list(filter(None, (file.path, file.heard.get("title"))))
        file.like_asset_id = next(filter(None, map(like_asset, names)), None)
        if file.like_asset_id is None:
            file.like_path = next(filter(None, map(like_path, names)), None)
        if file.like_asset_id or file.like_path:
            file.look = Look.NEAR


def _files_of(seen: Sequence[Seen]) -> Sequence[ImportFile]:
    ids = [one.file_id for one in seen]
    return db.session.scalars(select(ImportFile).where(ImportFile.id.in_(ids))).all()


def _same_bytes(hashes: set[str]) -> dict[str, int]:
    """Return the material of each hash that is in the library, those on air before others."""
    rows = db.session.execute(
        select(AssetVersion.blob_sha256, Asset.id)
        .join(Asset, AssetVersion.asset_id == Asset.id)
        .where(AssetVersion.blob_sha256.in_(hashes))
        .order_by((Asset.status == Status.PUBLISHED), Asset.id.desc())
    )
    return {str(sha256): asset_id for sha256, asset_id in rows}


def _same_here(run: ImportRun, hashes: set[str]) -> dict[str, str]:
    rows = db.session.execute(
        select(ImportFile.sha256, ImportFile.path)
        .where(ImportFile.run_id == run.id, ImportFile.sha256.in_(hashes))
        .order_by(ImportFile.number.desc())
    )
    return {sha256: path for sha256, path in rows if sha256}


def _library_names() -> Names[int]:
    rows = db.session.execute(
        select(Asset.title, AssetVersion.file_name, Asset.id)
        .outerjoin(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(Asset.status != Status.ARCHIVED)
        .order_by(Asset.id)
    )
    return Names(
        (name.replace("/", " "), asset_id)
        for title, file_name, asset_id in rows
        for name in filter(None, (file_name, title))
    )


def _names_here(run: ImportRun) -> Names[str]:
    rows = db.session.scalars(
        select(ImportFile.path)
        .where(ImportFile.run_id == run.id, ImportFile.look.in_((Look.NEW, Look.NEAR)))
        .order_by(ImportFile.number)
    )
    return Names((path, path) for path in rows)
