"""Is what keeps files safe well: the virus scanner, and the room there is for more?"""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from contentlib.admin.finding import Finding
from contentlib.antivirus import ScannerDown, Signatures
from contentlib.antivirus.current import current_scanner
from contentlib.core.clock import now
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.core.errors import N_
from contentlib.library.care.verdicts import ScanState
from contentlib.library.models import Blob
from contentlib.receiving import room
from contentlib.storage import open_storage

# Signatures are made every day; a scanner that gets none is blind to what is new.
OLD = timedelta(days=7)


def scanning() -> Iterator[Finding]:
    """Tell whether files are scanned, and whether any waits for a person."""
    scanner = current_scanner()
    counts = _counts()
    if scanner is None:
        yield Finding(N_("Virus scan"), "ok", N_("No scanner is named, so files are not scanned."))
    else:
        try:
            scanner.ready()
            yield _knows(scanner.signatures())
        except ScannerDown:
            waiting = counts.get(ScanState.WAITING, 0)
            yield Finding(
                N_("Virus scan"),
                "bad",
                N_(
                    "The scanner does not answer. Files that wait for it, and that nobody can"
                    " open until then: %(count)s."
                ),
                N_("Start clamd, or correct CONTENTLIB_SCAN_URL; files go on by themselves."),
                {"count": waiting},
            )
    yield from _withheld(counts)


def _knows(signatures: Signatures) -> Finding:
    known = {"label": signatures.label}
    if signatures.made_at is not None and now() - signatures.made_at > OLD:
        return Finding(
            N_("Virus scan"),
            "warn",
            N_("The signatures of %(label)s are more than a week old."),
            N_("Look why freshclam brings no newer ones."),
            known,
        )
    return Finding(N_("Virus scan"), "ok", N_("Files are scanned by %(label)s."), "", known)


def _withheld(counts: dict[ScanState, int]) -> Iterator[Finding]:
    if failed := counts.get(ScanState.FAILED, 0):
        yield Finding(
            N_("Virus scan"),
            "warn",
            N_("Files that could not be scanned: %(count)s. Nobody can open them."),
            N_("Today names them. A file that is too large needs higher limits in clamd.conf."),
            {"count": failed},
        )
    if found := counts.get(ScanState.QUARANTINED, 0):
        sentence = N_("Files in quarantine: %(count)s.")
        yield Finding(N_("Quarantine"), "ok", sentence, "", {"count": found})


def space(settings: Settings) -> Finding:
    """Tell how much room files take, how much they may take, and how much the disk has left."""
    kept, to_come = room.kept_in_all(), room.under_way()
    free = room.free_for_files(open_storage(settings.storage_url).staging, settings)
    quota = settings.quota_mb
    facts = {
        "kept": _megabytes(kept),
        "to_come": _megabytes(to_come),
        "quota": quota,
        "free": max(_megabytes(free), 0),
        "reserve": settings.free_space_mb,
    }
    left = quota * room.MEGABYTE - kept - to_come
    full = free <= 0 or (quota > 0 and left <= 0)
    # A tenth of the quota is left, or less of the disk than one file may have.
    nearly = free < settings.max_upload_mb * room.MEGABYTE
    nearly = nearly or (quota > 0 and left < quota * room.MEGABYTE // 10)
    state = "bad" if full else "warn" if nearly else "ok"
    mend = {
        "ok": "",
        "warn": N_("Remove for good what nobody needs, or give it more room."),
        "bad": N_(
            "New files are refused; all else goes on. Remove for good what nobody needs, enlarge"
            " the disk, or set CONTENTLIB_QUOTA_MB or CONTENTLIB_FREE_SPACE_MB otherwise."
        ),
    }
    sentence = WITHIN_QUOTA if quota else WITHOUT_QUOTA
    return Finding(N_("Room for files"), state, sentence, mend[state], facts)


WITHIN_QUOTA = N_(
    "Files take %(kept)s MB of the %(quota)s MB they may take, %(to_come)s MB are on their way."
    " The disk has %(free)s MB for more, besides %(reserve)s MB that stay free."
)
WITHOUT_QUOTA = N_(
    "Files take %(kept)s MB, %(to_come)s MB are on their way. The disk has %(free)s MB for more,"
    " besides %(reserve)s MB that stay free."
)


def _megabytes(size: int) -> int:
    return round(size / room.MEGABYTE)


def _counts() -> dict[ScanState, int]:
    rows = db.session.execute(select(Blob.scan, func.count()).group_by(Blob.scan))
    return {ScanState(state): count for state, count in rows}
