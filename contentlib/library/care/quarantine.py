"""What becomes of a file by a scanner's word, and by that of a person who knows better."""

from sqlalchemy import delete, select

from contentlib import jobs
from contentlib.accounts.models import User
from contentlib.antivirus.current import current_scanner
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.lines import visible
from contentlib.library import indexing
from contentlib.library.care import custody
from contentlib.library.care.custody import Act
from contentlib.library.care.verdicts import HANDED_OUT, WITHHELD, ScanState
from contentlib.library.care.withheld import locked
from contentlib.library.models import Asset, AssetVersion, Blob, BlobPage, ExtractionState, Status
from contentlib.library.release import service as releasing

SCANNING = "library.antivirus"
LONGEST_REASON = 2000


def begin(blob: Blob) -> None:
    """Decide what happens first with bytes that have just come: they are scanned, or read."""
    if current_scanner() is None:
        read(blob)
    else:
        ask(blob)


def ask(blob: Blob) -> None:
    """Have a file scanned; nobody gets it before the verdict."""
    blob.scan, blob.scan_detail = ScanState.WAITING, None
    jobs.enqueue(SCANNING, blob.sha256, {"sha256": blob.sha256})


def read(blob: Blob) -> None:
    """Ask the worker to read a file's words and to paint its pages, as if it were new."""
    if blob.is_withheld:
        raise Conflict(WITHHELD[blob.scan])
    blob.extraction = blob.preview_state = ExtractionState.PENDING
    blob.extraction_detail = None
    for kind in ("library.extract", "library.preview"):
        jobs.enqueue(kind, blob.sha256, {"sha256": blob.sha256})


def ask_again(blob: Blob) -> None:
    """Have a file scanned once more that could not be scanned."""
    if blob.scan is not ScanState.FAILED:
        raise Conflict(N_("This file is no longer where it was; look at it again."))
    ask(blob)


def judge(sha256: str, found: str, signatures: str) -> None:
    """Take a verdict down, and do what follows from it."""
    blob = locked(sha256)
    if blob is None:
        return
    blob.scanned_at, blob.scan_signatures = now(), signatures
    if not found:
        _clean(blob, signatures)
    elif not (blob.scan is ScanState.RELEASED and blob.scan_detail == found):
        _quarantine(blob, found)


def not_scanned(sha256: str, why: str) -> None:
    """Take down that a file got no verdict; one that it had before stays."""
    blob = locked(sha256)
    if blob is not None and blob.scan in (ScanState.WAITING, ScanState.FAILED):
        blob.scan, blob.scan_detail = ScanState.FAILED, why


def release(blob: Blob, *, by: User, reason: str) -> None:
    """Hand a file out again in which nothing harmful is after all, and say why."""
    held = locked(blob.sha256)
    if held is None or held.scan is not ScanState.QUARANTINED:
        raise Conflict(N_("This file is not in quarantine."))
    why = visible(reason).strip()[:LONGEST_REASON]
    if not why:
        raise Invalid(N_("Say why: it stays in the history."), field="reason")
    held.scan = ScanState.RELEASED
    custody.record(Act.RELEASED, sha256=held.sha256, by=by, note=why)
    read(held)


def _clean(blob: Blob, signatures: str) -> None:
    before, blob.scan, blob.scan_detail = blob.scan, ScanState.CLEAN, None
    if before is ScanState.QUARANTINED:
        custody.record(Act.RELEASED, sha256=blob.sha256, by=None, note=signatures)
    if before not in HANDED_OUT:
        read(blob)


def _quarantine(blob: Blob, found: str) -> None:
    """Lock a file away: from sellers at once, its words from search, its pages from everybody."""
    if blob.scan is ScanState.QUARANTINED and blob.scan_detail == found:
        return
    blob.scan, blob.scan_detail = ScanState.QUARANTINED, found
    blob.preview_count, blob.pdf_size, blob.facts = 0, None, None
    db.session.execute(delete(BlobPage).where(BlobPage.sha256 == blob.sha256))
    db.session.expire(blob, ["pages"])
    custody.record(Act.QUARANTINED, sha256=blob.sha256, by=None, note=found)
    on_air = (
        select(Asset)
        .join(Asset.published_version)
        .where(AssetVersion.blob_sha256 == blob.sha256, Asset.status == Status.PUBLISHED)
    )
    for asset in db.session.scalars(on_air).unique().all():
        releasing.withdraw(asset, note=found)
    indexing.blob_changed(blob.sha256)
