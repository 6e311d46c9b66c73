"""Materials from the rows of a table, known by external id; a repetition changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from contentlib.accounts.models import User
from contentlib.accounts.queries import find_user
from contentlib.core.errors import N_, Invalid
from contentlib.core.folding import fold
from contentlib.library import queries, service, taxonomy
from contentlib.library.care.withheld import waits_for_scan
from contentlib.library.models import Asset, Status
from contentlib.library.taxonomy import AssetType, Persona, Stage
from contentlib.library.uploads import room
from contentlib.library.uploads import service as uploads
from contentlib.receiving import Arrived
from contentlib.storage import Storage

Outcome = Literal["created", "updated", "unchanged"]
T = TypeVar("T", Stage, Persona, AssetType)

# A table names no review date, and nothing is published without one.
FIRST_REVIEW = timedelta(days=180)
LANGUAGES = {
    "pt": "pt",
    "pt-br": "pt",
    "portugues": "pt",
    "portuguese": "pt",
    "en": "en",
    "en-us": "en",
    "ingles": "en",
    "english": "en",
}
STATUSES = {
    "draft": Status.DRAFT,
    "rascunho": Status.DRAFT,
    "published": Status.PUBLISHED,
    "publicado": Status.PUBLISHED,
    "archived": Status.ARCHIVED,
    "arquivado": Status.ARCHIVED,
}


@dataclass(frozen=True)
class Told:
    """What a row says; an empty cell says nothing, so that what is there stays."""

    external_id: str
    title: str
    type: AssetType
    stages: list[Stage]
    personas: list[Persona]
    language: str | None
    owner: User | None
    status: Status | None
    file: Path | None


def import_row(
    row: Mapping[str, str],
    folder: Path,
    *,
    create_missing: bool,
    storage: Storage,
    limit: int,
    today: date,
) -> Outcome:
    """Make a material as a row says, or say what is wrong with the row.

    Files lie in `folder` and have at most `limit` bytes. A trial run gives a store of its own and
    takes the transaction back.
    """
    told = _read(row, folder, create_missing)
    arrived = _take(told.file, storage, limit)
    asset = queries.find_by_external_id(told.external_id)
    if asset is None:
        _create(told, arrived, today)
        return "created"
    before = asset.revision
    _change(asset, told, arrived, today)
    return "unchanged" if asset.revision == before else "updated"


def _read(row: Mapping[str, str], folder: Path, create_missing: bool) -> Told:
    cells = {name: (text or "").strip() for name, text in row.items()}
    external_id, email = cells.get("external_id", ""), cells.get("owner_email", "")
    if not 0 < len(external_id) <= 120:
        raise Invalid(N_("An identifier has between 1 and 120 characters."), field="external_id")
    owner = find_user(email) if email else None
    if email and owner is None:
        raise Invalid(
            N_("There is nobody with the address “%(text)s”."), field="owner_email", text=email[:80]
        )
    return Told(
        external_id=external_id,
        title=service.clean_title(cells.get("title", "")),
        type=_term(AssetType, cells.get("type", ""), "type", create_missing),
        stages=_terms(Stage, cells.get("stages", ""), "stages", create_missing),
        personas=_terms(Persona, cells.get("personas", ""), "personas", create_missing),
        language=_one_of(LANGUAGES, cells.get("language", ""), "language"),
        owner=owner,
        status=_one_of(STATUSES, cells.get("status", ""), "status"),
        file=_inside(folder, cells["file"]) if cells.get("file") else None,
    )


def _term(kind: type[T], text: str, field: str, create_missing: bool) -> T:
    if create_missing and text and taxonomy.find_term(kind, text) is None:
        return taxonomy.add_term(kind, text[:120])
    return taxonomy.get_term(kind, text, field=field)


def _terms(kind: type[T], text: str, field: str, create_missing: bool) -> list[T]:
    names = [name.strip() for name in text.split("|")]
    found = [_term(kind, name, field, create_missing) for name in names if name]
    return list(dict.fromkeys(found))


def _one_of(known: Mapping[str, Any], text: str, field: str) -> Any:
    if not text:
        return None
    if fold(text) not in known:
        raise Invalid(N_("“%(text)s” is not a known value."), field=field, text=text[:60])
    return known[fold(text)]


def _inside(folder: Path, name: str) -> Path:
    """Return a file of the table's folder; a table must not reach for anything else."""
    root = folder.resolve()
    try:
        path = (root / name).resolve()
        fine = path.is_relative_to(root) and path.is_file()
    except (OSError, ValueError):
        fine = False
    if not fine:
        raise Invalid(
            N_("There is no file “%(text)s” in the folder of the table."),
            field="file",
            text=name[:120],
        )
    return path


def _take(file: Path | None, storage: Storage, limit: int) -> Arrived | None:
    if file is None:
        return None
    room.refuse_without_disk(storage, file.stat().st_size)
    with file.open("rb") as stream:
        return uploads.take_in(storage, stream, file.name, limit=limit)


def _create(told: Told, arrived: Arrived | None, today: date) -> None:
    if told.owner is None:
        raise Invalid(N_("Name its owner."), field="owner_email")
    asset = service.create_asset(
        external_id=told.external_id,
        title=told.title,
        type=told.type,
        by=told.owner,
        language=told.language or "pt",
        stages=told.stages,
        personas=told.personas,
        review_due=today + FIRST_REVIEW,
    )
    if arrived is not None:
        uploads.add_version(asset, arrived, by=told.owner)
    _bring_to(asset, told.status or Status.DRAFT, today)


def _change(asset: Asset, told: Told, arrived: Arrived | None, today: date) -> None:
    wanted = {
        "title": told.title,
        "type": told.type,
        "stages": told.stages or asset.stages,
        "personas": told.personas or asset.personas,
        "language": told.language or asset.language,
        "owner": told.owner or asset.owner,
    }
    if any(_differs(getattr(asset, name), value) for name, value in wanted.items()):
        service.change_facts(asset, **(service.facts_of(asset) | wanted))
    latest = asset.latest_version
    if arrived is not None and (latest is None or latest.blob_sha256 != arrived.sha256):
        uploads.add_version(asset, arrived, by=asset.owner)
    _bring_to(asset, told.status or asset.status, today)


def _differs(present: Any, wanted: Any) -> bool:
    """Compare facts; the order of stages and personas is the taxonomy's, not the table's."""
    if isinstance(wanted, list):
        return {term.id for term in present} != {term.id for term in wanted}
    return bool(present != wanted)


def _bring_to(asset: Asset, status: Status, today: date) -> None:
    if status is Status.ARCHIVED and asset.status is not Status.ARCHIVED:
        service.archive(asset)
    if status is Status.PUBLISHED:
        if asset.status is Status.ARCHIVED:
            service.restore(asset)
        latest = asset.latest_version
        on_air = asset.status is Status.PUBLISHED and asset.published_version is latest
        # Its scan begins once the row is there; the next import of the table publishes it.
        if not on_air and not waits_for_scan(latest):
            service.publish(asset, by=asset.owner, today=today)
    if status is Status.DRAFT and asset.status is not Status.DRAFT:
        raise Invalid(
            N_("A material that was published cannot become a draft again; archive it instead."),
            field="status",
        )
