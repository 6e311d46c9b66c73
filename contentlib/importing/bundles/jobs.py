"""The worker's part of a bundle: a portion at a time, its bytes first, then a short transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import select

from contentlib import jobs
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.core.failpoints import reached
from contentlib.importing.bundles import looking, service, taking
from contentlib.importing.bundles.archive import Archive
from contentlib.importing.bundles.describing import Describer
from contentlib.importing.bundles.looking import Seen
from contentlib.importing.bundles.sources import Sent, Source, stored_file
from contentlib.importing.bundles.taking import Fetched, Taker
from contentlib.importing.models import ImportRun, State
from contentlib.jobs.registry import Apply, Payload
from contentlib.library.firm_day import firm_today
from contentlib.storage.current import current_storage

# How much more than itself an archive may hold unpacked.
UNPACKED = 4


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def most_bytes() -> int:
    """Return how large one file of a bundle may be."""
    return _settings().max_upload_mb * 2**20


def describer_of(run: ImportRun) -> Describer:
    """Return who says what counts of a run's files."""
    return Describer(run, language=_settings().default_language)


@contextmanager
def source_of(run: ImportRun) -> Iterator[Source]:
    """Lend the files of a run that came over the web."""
    if run.storage_key is None:
        yield Sent(current_storage())
        return
    with stored_file(current_storage(), run.storage_key, run.size) as stream:
        yield Archive(stream, most_bytes=_settings().max_bundle_mb * 2**20 * UNPACKED)


@jobs.handler("importing.look", rank=0)
def look(payloads: Sequence[Payload]) -> Apply | None:
    """Look at the next files of a run; first of all, write down which there are."""
    run = db.session.get(ImportRun, payloads[0]["run"])
    if run is None or run.state is not State.CHECKING:
        return None
    run_id = run.id
    with source_of(run) as source:
        files = looking.waiting(run)
        seen = looking.look_at(files, source, current_storage(), most_bytes=most_bytes())
    return lambda: _settle(run_id, seen)


def _settle(run_id: int, seen: Sequence[Seen]) -> None:
    run = db.session.get_one(ImportRun, run_id)
    if run.state is not State.CHECKING:
        return
    settle(run, seen)


def settle(run: ImportRun, seen: Sequence[Seen]) -> None:
    """Write down what was seen, and ask for more or say that all is seen."""
    looking.settle(run, seen, describer_of(run))
    if looking.waiting(run):
        service.go_on(run)
    else:
        looking.miss_the_rest(run)
        service.looked(run)


@jobs.handler("importing.files", rank=0)
def fetch(payloads: Sequence[Payload]) -> Apply | None:
    """Bring the bytes of the next files into the store; their rows are the outcome."""
    run = db.session.get(ImportRun, payloads[0]["run"])
    if run is None or run.state is not State.RUNNING:
        return None
    run_id, files = run.id, taking.left(run)
    with source_of(run) as source:
        fetched = taking.fetch(files, source, current_storage(), most_bytes=most_bytes())
    reached("bundle.fetched")
    return lambda: _take(run_id, fetched)


def _take(run_id: int, fetched: Sequence[Fetched]) -> None:
    # Two workers may think that the portion is theirs; the second one waits, and finds it done.
    db.session.execute(select(ImportRun.id).where(ImportRun.id == run_id).with_for_update())
    run = db.session.get_one(ImportRun, run_id)
    if run.state is not State.RUNNING:
        return
    Taker(run, current_storage(), firm_today()).take(fetched)
    reached("bundle.taken")
    if taking.left(run):
        service.go_on(run)
    else:
        service.end(run)


@jobs.handler("importing.clear")
def clear(payloads: Sequence[Payload]) -> Apply | None:
    """Remove what was sent for a bundle and is needed no more."""
    for key in payloads[0]["keys"]:
        current_storage().delete(key)
    return None
