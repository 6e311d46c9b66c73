"""Taking files in: the bytes first, then each file's rows by themselves, once whatever happens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, ContentlibError, Invalid
from contentlib.importing.bundles import paths
from contentlib.importing.bundles.describing import AXES
from contentlib.importing.bundles.models import Action, ImportFile, Look
from contentlib.importing.bundles.sources import Source
from contentlib.importing.models import ImportRow, ImportRun, Result
from contentlib.library import importing, queries
from contentlib.library.care import tombstones
from contentlib.library.exporting import find_by_name
from contentlib.library.importing import Told
from contentlib.library.indexing import changed
from contentlib.library.models import Asset, Audience, Status
from contentlib.library.uploads import service as uploads
from contentlib.receiving import Arrived
from contentlib.storage import ObjectMissing, Storage, object_key

PORTION = 50
"""Files taken in by one short writing transaction, fewer where their bytes take long."""

SECONDS = 5.0
LONGEST_KEY = 120
AS_A_DRAFT = N_(
    "It came in as a draft: choose its stages, its personas and an owner to publish it."
)
MEANWHILE = N_("The same file came into the library in the meantime, so nothing was added.")
LIKE_NOTHING = N_("The material that it was to become a version of is gone.")
T = TypeVar("T")


@dataclass(frozen=True)
class Fetched:
    """A file whose bytes are in the store, or why they are not; a row of a table has none."""

    file_id: int
    arrived: Arrived | None = None
    refused: ContentlibError | None = None


def left(run: ImportRun) -> Sequence[ImportFile]:
    """Return the next files that are to be taken in."""
    return db.session.scalars(
        select(ImportFile)
        .where(ImportFile.run_id == run.id, ImportFile.result.is_(None))
        .where(ImportFile.action != Action.SKIP)
        .order_by(ImportFile.number)
        .limit(PORTION)
    ).all()


def fetch(
    files: Sequence[ImportFile], source: Source, storage: Storage, *, most_bytes: int
) -> list[Fetched]:
    """Bring the bytes of some files into the store, as many as there is time for."""
    until, fetched = monotonic() + SECONDS, []
    for file in files:
        fetched.append(_fetch(file, source, storage, most_bytes))
        if monotonic() > until:
            break
    return fetched


def _fetch(file: ImportFile, source: Source, storage: Storage, most_bytes: int) -> Fetched:
    if file.place is None:
        return Fetched(file.id)
    try:
        with source.open(file.place) as stream:
            name = paths.name_of(file.path)
            return Fetched(file.id, uploads.take_in(storage, stream, name, limit=most_bytes))
    except ContentlibError as error:
        return Fetched(file.id, refused=error)


class Taker:
    """Makes materials of one portion's files, each in a savepoint of its own."""

    def __init__(self, run: ImportRun, storage: Storage, today: date) -> None:
        self._run, self._storage, self._today = run, storage, today
        self._by = db.session.get(User, run.by_id) if run.by_id else None
        self._known: dict[tuple[str, Any], Any] = {}

    def take(self, fetched: Sequence[Fetched]) -> None:
        """Take files in; what one of them did before stays what it did."""
        rows, counts = [], dict(self._run.counts)
        for one in fetched:
            file = db.session.get_one(ImportFile, one.file_id)
            if file.result is not None or file.action is Action.SKIP:
                continue
            file.result, steps = self._attempt(file, one)
            counts[file.result] = counts.get(file.result, 0) + 1
            rows.append(
                ImportRow(
                    run_id=self._run.id,
                    line=file.number,
                    key=paths.name_of(file.path)[:LONGEST_KEY],
                    result=file.result,
                    steps=steps,
                )
            )
        db.session.add_all(rows)
        self._run.counts = counts
        db.session.flush()

    def _attempt(self, file: ImportFile, one: Fetched) -> tuple[Result, list[list[Any]]]:
        try:
            if one.refused is not None:
                raise one.refused
            with db.session.begin_nested():
                if one.arrived is not None:
                    self._claim(one.arrived)
                result, steps = self._make(file, one.arrived)
                db.session.flush()
        except ContentlibError as error:
            file.problem, file.parameters = error.message, _plain(error.parameters)
            return Result.FAILED, []
        except IntegrityError:
            file.problem = N_("Somebody changed the same thing at this moment; import it again.")
            file.parameters = {}
            return Result.FAILED, []
        return result, steps

    def _claim(self, arrived: Arrived) -> None:
        """Keep the bytes from being swept until their row is there, and see that they are whole."""
        key = object_key(arrived.sha256)
        tombstones.reclaim(key)
        if self._storage.stat(key) is None:
            raise ObjectMissing(N_("The file did not arrive whole. Send it again."))

    def _make(self, file: ImportFile, arrived: Arrived | None) -> tuple[Result, list[list[Any]]]:
        if file.action is Action.VERSION:
            return self._add_version(file, arrived)
        told = self._told(file)
        known = find_by_name(told.external_id or "")
        if known is not None:
            return self._change(file, known, told, arrived)
        twin = queries.same_bytes(arrived.sha256) if arrived and not told.external_id else None
        if twin is not None and file.look is not Look.SAME:
            file.asset_id, file.problem, file.parameters = twin.id, MEANWHILE, {}
            return Result.SAME, []
        asset = importing.create(told, arrived, today=self._today, by=self._by)
        file.asset_id = asset.id
        if {"title", "language"} & {*file.told, *file.by_hand}:
            # Its own first words would otherwise overwrite what a person said.
            changed(asset)
        self._bring_to(file, asset, told.status or Status.DRAFT)
        return Result.CREATED, [["drafted", asset.id, asset.updated_at.isoformat()]]

    def _bring_to(self, file: ImportFile, asset: Asset, status: Status) -> None:
        """Publish what is complete and may be; everything else stays a draft and says so."""
        if status is Status.PUBLISHED and not file.complete:
            file.problem, file.parameters = AS_A_DRAFT, {}
            return
        try:
            with db.session.begin_nested():
                importing.bring_to(asset, status, self._today, by=self._by)
        except (Invalid, Conflict) as error:
            file.problem, file.parameters = error.message, _plain(error.parameters)

    def _change(
        self, file: ImportFile, asset: Asset, told: Told, arrived: Arrived | None
    ) -> tuple[Result, list[list[Any]]]:
        before, file.asset_id = asset.revision, asset.id
        importing.change(asset, told, arrived, today=self._today, by=self._by)
        if asset.revision == before:
            return Result.SAME, []
        return Result.CHANGED, [["kept"]]

    def _add_version(
        self, file: ImportFile, arrived: Arrived | None
    ) -> tuple[Result, list[list[Any]]]:
        asset = db.session.get(Asset, file.like_asset_id) if file.like_asset_id else None
        if asset is None or arrived is None:
            raise Conflict(LIKE_NOTHING)
        file.asset_id = asset.id
        if any(version.blob_sha256 == arrived.sha256 for version in asset.versions):
            return Result.SAME, []
        uploads.add_version(asset, arrived, by=self._by or asset.owner)
        return Result.CHANGED, [["kept"]]

    def _told(self, file: ImportFile) -> Told:
        facts = file.facts
        return Told(
            external_id=facts.get("external_id"),
            title=facts["title"],
            type=self._term("type", facts["type"]),
            stages=self._terms("stages", facts),
            personas=self._terms("personas", facts),
            tags=self._terms("tags", facts),
            language=facts["language"],
            audience=Audience(facts["audience"]),
            owner=self._person(facts.get("owner")),
            deputy=self._person(facts.get("deputy")),
            status=Status(facts["status"]),
            summary=facts.get("summary", ""),
            review_due=_day(facts.get("review_due")),
            valid_until=_day(facts.get("valid_until")),
        )

    def _terms(self, axis: str, facts: Mapping[str, Any]) -> list[Any]:
        return [self._term(axis, key) for key in facts.get(axis, [])]

    def _term(self, axis: str, key: str) -> Any:
        kind = AXES[axis]
        term = self._remembered(
            axis, key, lambda: db.session.scalars(select(kind).where(kind.key == key)).first()
        )
        if term is None:
            raise Invalid(N_("“%(text)s” is not a known value."), field=axis, text=key[:60])
        return term

    def _person(self, number: int | None) -> User | None:
        return self._remembered("user", number, lambda: db.session.get(User, number))

    def _remembered(self, kind: str, key: Any, find: Callable[[], T | None]) -> T | None:
        if key is None:
            return None
        if (kind, key) not in self._known:
            self._known[kind, key] = find()
        found: T | None = self._known[kind, key]
        return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(parameters: dict[str, object]) -> dict[str, Any]:
    """Return parameters in a form that can be kept."""
    return {
        name: value if isinstance(value, int) else str(value) for name, value in parameters.items()
    }
