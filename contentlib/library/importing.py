"""Materials from the rows of a table, known by external id; a repetition changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from contentlib.accounts.models import User
from contentlib.accounts.queries import find_user
from contentlib.core.errors import N_, Invalid
from contentlib.core.folding import fold
from contentlib.core.lines import one_line
from contentlib.library import service, taxonomy
from contentlib.library.care.withheld import waits_for_scan
from contentlib.library.exporting import find_by_name
from contentlib.library.models import Asset, Audience, Status
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag
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


AUDIENCES = {
    "internal": Audience.INTERNAL,
    "interno": Audience.INTERNAL,
    "shareable": Audience.SHAREABLE,
    "compartilhavel": Audience.SHAREABLE,
}


# What a row can change of a material that is here.
TOLD = (
    "title",
    "type",
    "stages",
    "personas",
    "tags",
    "language",
    "audience",
    "summary",
    "owner",
    "deputy",
    "review_due",
    "valid_until",
)


@dataclass(frozen=True)
class Told:
    """What a row says; an empty cell says nothing, so that what is there stays."""

    external_id: str | None
    title: str
    type: AssetType
    stages: list[Stage]
    personas: list[Persona]
    language: str | None
    owner: User | None
    status: Status | None
    tags: list[Tag] = field(default_factory=list)
    audience: Audience | None = None
    summary: str = ""
    deputy: User | None = None
    review_due: date | None = None
    valid_until: date | None = None


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
    told = read(row, create_missing)
    name = row.get("file", "").strip()
    arrived = _take(_inside(folder, name), storage, limit) if name else None
    asset = find_by_name(told.external_id or "")
    if asset is None:
        bring_to(create(told, arrived, today=today), told.status or Status.DRAFT, today)
        return "created"
    before = asset.revision
    change(asset, told, arrived, today=today)
    return "unchanged" if asset.revision == before else "updated"


def read(row: Mapping[str, str], create_missing: bool) -> Told:
    """Read what a row says of a material, or say what is wrong with it."""
    cells = {name: (text or "").strip() for name, text in row.items()}
    external_id = cells.get("external_id", "")
    if not 0 < len(external_id) <= 120:
        raise Invalid(N_("An identifier has between 1 and 120 characters."), field="external_id")
    return Told(
        external_id=external_id,
        title=service.clean_title(cells.get("title", "")),
        type=_term(AssetType, cells.get("type", ""), "type", create_missing),
        stages=_terms(Stage, cells.get("stages", ""), "stages", create_missing),
        personas=_terms(Persona, cells.get("personas", ""), "personas", create_missing),
        language=_one_of(LANGUAGES, cells.get("language", ""), "language"),
        owner=_person(cells.get("owner_email", ""), "owner_email"),
        status=_one_of(STATUSES, cells.get("status", ""), "status"),
        tags=_tags(cells.get("tags", "")),
        audience=_one_of(AUDIENCES, cells.get("audience", ""), "audience"),
        summary=cells.get("summary", ""),
        deputy=_person(cells.get("deputy_email", ""), "deputy_email"),
        review_due=_day(cells.get("review_due", ""), "review_due"),
        valid_until=_day(cells.get("valid_until", ""), "valid_until"),
    )


def _person(email: str, field: str) -> User | None:
    person = find_user(email) if email else None
    if email and person is None:
        raise Invalid(
            N_("There is nobody with the address “%(text)s”."), field=field, text=email[:80]
        )
    return person


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        sentence = N_("“%(text)s” is not a day that exists; write it as 2025-12-31.")
        raise Invalid(sentence, field=field, text=text[:40]) from None


def _tags(text: str) -> list[Tag]:
    """Return the tags of a cell; a free word that is new is added, as on any page."""
    names = [one_line(name)[:120] for name in text.split("|")]
    found = [
        taxonomy.find_term(Tag, name) or taxonomy.add_term(Tag, name) for name in names if name
    ]
    return list(dict.fromkeys(found))


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


def _take(file: Path, storage: Storage, limit: int) -> Arrived:
    room.refuse_without_disk(storage, file.stat().st_size)
    with file.open("rb") as stream:
        return uploads.take_in(storage, stream, file.name, limit=limit)


def create(told: Told, arrived: Arrived | None, *, today: date, by: User | None = None) -> Asset:
    """Make a draft as it is told, in the name of who brings it or else of its owner."""
    if told.owner is None:
        raise Invalid(N_("Name its owner."), field="owner_email")
    asset = service.create_asset(
        external_id=told.external_id,
        title=told.title,
        type=told.type,
        by=by or told.owner,
        owner=told.owner,
        deputy=told.deputy,
        language=told.language or "pt",
        audience=told.audience or Audience.INTERNAL,
        summary=told.summary,
        stages=told.stages,
        personas=told.personas,
        tags=told.tags,
        review_due=told.review_due or today + FIRST_REVIEW,
        valid_until=told.valid_until,
    )
    if arrived is not None:
        uploads.add_version(asset, arrived, by=by or told.owner)
    return asset


def change(
    asset: Asset, told: Told, arrived: Arrived | None, *, today: date, by: User | None = None
) -> None:
    """Change what is told otherwise, and add a version where the bytes are others.

    A row that says nothing of the status leaves a version that waits where it is.
    """
    present = service.facts_of(asset)
    wanted = {name: getattr(told, name) or present[name] for name in TOLD}
    if any(_differs(present[name], value) for name, value in wanted.items()):
        service.change_facts(asset, **(present | wanted))
    latest = asset.latest_version
    is_new = arrived is not None and (latest is None or latest.blob_sha256 != arrived.sha256)
    if arrived is not None and is_new:
        uploads.add_version(asset, arrived, by=by or asset.owner)
    if is_new or told.status is not None:
        bring_to(asset, told.status or asset.status, today, by=by)


def _differs(present: Any, wanted: Any) -> bool:
    """Compare facts; the order of stages and personas is the taxonomy's, not the table's."""
    if isinstance(wanted, list):
        return {term.id for term in present} != {term.id for term in wanted}
    return bool(present != wanted)


def bring_to(asset: Asset, status: Status, today: date, *, by: User | None = None) -> None:
    """Publish or archive a material as it is told, under the rules that hold for people."""
    if status is Status.ARCHIVED and asset.status is not Status.ARCHIVED:
        service.archive(asset)
    if status is Status.PUBLISHED:
        if asset.status is Status.ARCHIVED:
            service.restore(asset)
        latest = asset.latest_version
        on_air = asset.status is Status.PUBLISHED and asset.published_version is latest
        # Its scan begins once the row is there; the next import of the table publishes it.
        if not on_air and not waits_for_scan(latest):
            service.publish(asset, by=by or asset.owner, today=today)
    if status is Status.DRAFT and asset.status is not Status.DRAFT:
        raise Invalid(
            N_("A material that was published cannot become a draft again; archive it instead."),
            field="status",
        )
