"""Is this installation well? Each check says what is wrong and how to mend it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from contentlib import extraction, search, storage
from contentlib.admin.file_health import scanning, space
from contentlib.admin.finding import Finding
from contentlib.admin.mail_health import mail
from contentlib.audit.models import AuditEnd
from contentlib.core.clock import now
from contentlib.core.complaints import sentences
from contentlib.core.config import LOOPBACK, Settings
from contentlib.core.db import db
from contentlib.core.errors import N_, ContentlibError
from contentlib.jobs.models import Job, JobState
from contentlib.receiving.models import Upload, Way
from contentlib.search.current import current_engine


def addresses(settings: Settings) -> Finding:
    """Tell whether people reach the installation as they should; wrong settings never get here."""
    host = urlsplit(settings.base_url).hostname
    if not settings.https and host not in LOOPBACK:
        return Finding(
            N_("Settings"),
            "warn",
            N_("People reach this installation without encryption; passwords can be overheard."),
            N_("Put it behind HTTPS and name that address in CONTENTLIB_BASE_URL."),
        )
    return Finding(N_("Settings"), "ok", N_("They fit together."))


def database(migrations: Path) -> Finding:
    """Tell whether the database answers and knows every table of this version."""
    heads = set(ScriptDirectory(str(migrations)).get_heads())
    if {revision()} != heads:
        return Finding(
            N_("Database"),
            "bad",
            N_("The database is not at this version's state."),
            N_("Run: contentlib db upgrade"),
        )
    return Finding(N_("Database"), "ok", N_("Answers and is up to date."))


def revision() -> str | None:
    """Return the version of the database's tables."""
    return MigrationContext.configure(db.session.connection()).get_current_revision()


def files(url: str) -> Finding:
    """Tell whether the file store keeps and gives back bytes."""
    store = storage.open_storage(url)
    storage.put_stream(store, PROBE, BytesIO(b"probe"))
    with store.open(PROBE) as stream:
        same = stream.read() == b"probe"
    store.delete(PROBE)
    if not same:
        return Finding(
            N_("Files"),
            "bad",
            N_("The store gave back other bytes than it was given."),
            N_("Check the disk behind CONTENTLIB_STORAGE_URL."),
        )
    return Finding(N_("Files"), "ok", N_("Keeps and gives back bytes."))


PROBE = "health/probe"


def straight(settings: Settings) -> Iterator[Finding]:
    """Tell whether browsers can send files straight to the store, where it takes them so."""
    direct = storage.open_storage(settings.storage_url).direct
    if direct is None:
        return
    site = urlsplit(settings.base_url)
    try:
        lets_in = direct.lets_in(f"{site.scheme}://{site.netloc}")
    except storage.StorageError:
        yield Finding(
            N_("Uploads"),
            "warn",
            N_("Nobody answers where browsers are to send; files come through the application."),
            N_("Correct `browsers` in CONTENTLIB_STORAGE_URL, or set direct=no."),
        )
        return
    if not lets_in:
        yield Finding(
            N_("Uploads"),
            "warn",
            N_("The store lets no browser send to it; files come through the application."),
            N_("Give the bucket the CORS rule of docs/files.md, or set direct=no."),
        )
        return
    yield from diverted()
    yield Finding(N_("Uploads"), "ok", N_("Browsers send files straight to the store."))


def diverted() -> Iterator[Finding]:
    """Tell whether files came through the application that were meant for the store."""
    lately = Upload.moved_at > now() - timedelta(days=7)
    if db.session.scalar(select(func.count(Upload.id)).where(Upload.way == Way.DIVERTED, lately)):
        yield Finding(
            N_("Uploads"),
            "warn",
            N_("Some browsers did not reach the store this week and sent through the application."),
            N_("Look whether people's networks let them reach the address of the store."),
        )


def index() -> Finding:
    """Tell whether the search index can be read."""
    try:
        current_engine().stats()
    except search.NoIndex:
        return Finding(
            N_("Search index"),
            "warn",
            N_("There is none yet; until the worker has made it, searching is simpler and slower."),
            N_("Start a worker: contentlib worker"),
        )
    except search.SearchError:
        return Finding(
            N_("Search index"),
            "bad",
            N_("The index cannot be read; until it is made anew, searching is simpler and slower."),
            N_("Run: contentlib search rebuild"),
        )
    return Finding(N_("Search index"), "ok", N_("Can be read."))


def sandbox() -> Iterator[Finding]:
    """Tell how well the reading of foreign files is fenced in: one finding for each gap."""
    isolation = extraction.isolation()
    state = {"full": "ok", "none": "bad"}.get(isolation.level, "warn")
    for sentence in isolation.details:
        yield Finding(N_("Sandbox"), state, sentence)


def office() -> Finding:
    """Tell whether Office files get page images."""
    if extraction.office_program() is None:
        return Finding(
            N_("LibreOffice"),
            "warn",
            N_("Not installed: Office files show their text, not their pages."),
            N_("Install LibreOffice (Impress, Writer, Calc) where the worker runs."),
        )
    return Finding(N_("LibreOffice"), "ok", N_("Office files get page images."))


def fonts() -> Finding:
    """Tell whether page images of Office files look as their authors saw them."""
    if extraction.missing_fonts():
        return Finding(
            N_("Fonts"),
            "warn",
            N_("Some fonts are missing that stand in for those of Office, so page images differ."),
            N_(
                "Install where the worker runs (Debian): fonts-crosextra-carlito, "
                "fonts-crosextra-caladea, fonts-liberation and fonts-open-sans."
            ),
        )
    return Finding(N_("Fonts"), "ok", N_("Page images look as authors saw them."))


def ocr() -> Finding:
    """Tell whether words in scanned pages are found."""
    found = extraction.ocr_program()
    mend = N_("Install Tesseract with Portuguese and English where the worker runs.")
    if found is None:
        return Finding(
            "OCR", "warn", N_("Not installed: words in scanned pages stay unread."), mend
        )
    if found.languages != "por+eng":
        return Finding("OCR", "warn", N_("It does not know both Portuguese and English."), mend)
    return Finding("OCR", "ok", N_("Words in scanned pages are found."))


def work() -> Finding:
    """Tell whether jobs are being done and none waits for a person."""
    dead = db.session.scalar(select(func.count(Job.id)).where(Job.state == JobState.DEAD))
    if dead:
        return Finding(
            N_("Jobs"),
            "bad",
            N_("Some jobs failed for good."),
            N_("Look at them on the health page and let them be tried again."),
        )
    oldest = db.session.scalar(select(func.min(Job.run_after)).where(Job.state == JobState.QUEUED))
    if oldest is not None and (now() - oldest).total_seconds() > STALE_SECONDS:
        return Finding(
            N_("Jobs"),
            "bad",
            N_("Work has been waiting for more than five minutes."),
            N_("Start a worker: contentlib worker"),
        )
    return Finding(N_("Jobs"), "ok", N_("Done as they come."))


STALE_SECONDS = 300


Check = Callable[[], Finding | Iterator[Finding]]


def audit_chain() -> Finding:
    """Tell whether the audit chain was whole when it was last looked over, and when that was."""
    end = db.session.scalars(select(AuditEnd)).one()
    name, look = N_("Audit chain"), N_("Run: contentlib audit verify")
    if end.fault:
        return Finding(name, "bad", N_("Somebody changed what had been written down."), look)
    if end.verified_at is None or now() - end.verified_at > LOOKED_OVER:
        return Finding(name, "warn", N_("It has not been looked over for two days."), look)
    return Finding(name, "ok", N_("Whole when it was last looked over."))


LOOKED_OVER = timedelta(days=2)


def checks(settings: Settings, migrations: Path) -> Iterator[Finding]:
    """Run every check; what a check cannot finish is itself a finding."""
    yield from _guarded(N_("Settings"), lambda: addresses(settings))
    (state_of_database,) = _guarded(N_("Database"), lambda: database(migrations))
    yield state_of_database
    yield from _guarded(N_("Files"), lambda: files(settings.storage_url))
    if state_of_database.state == "ok":
        yield from _guarded(N_("Uploads"), lambda: straight(settings))
    yield from _guarded(N_("Search index"), index)
    yield from _guarded(N_("Sandbox"), sandbox)
    yield from _guarded(N_("LibreOffice"), office)
    yield from _guarded(N_("Fonts"), fonts)
    yield from _guarded("OCR", ocr)
    later: tuple[tuple[str, Check], ...] = (
        (N_("Room for files"), lambda: space(settings)),
        (N_("Virus scan"), scanning),
        (N_("E-mail"), mail),
        (N_("Jobs"), work),
        (N_("Audit chain"), audit_chain),
    )
    for name, check in later:
        if state_of_database.state == "ok":
            yield from _guarded(name, check)
        else:
            sentence = N_("Nothing can be told of it while the database is not in order.")
            yield Finding(name, "bad", sentence, state_of_database.mend)


def _guarded(name: str, check: Check) -> list[Finding]:
    try:
        found = check()
        return [found] if isinstance(found, Finding) else list(found)
    except (ContentlibError, SQLAlchemyError, OSError, RuntimeError, LookupError) as error:
        db.session.rollback()
        return [Finding(name, "bad", " ".join(sentences(error)) or type(error).__name__)]
