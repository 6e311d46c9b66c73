"""Whether a file may be handed out at this moment, asked by whoever is about to do so."""

from sqlalchemy import select

from contentlib.antivirus.current import current_scanner
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict
from contentlib.library.care import custody
from contentlib.library.care.verdicts import IN_QUARANTINE, WITHHELD, ScanState
from contentlib.library.models import AssetVersion, Blob

REMOVED = N_("The content of this version was removed for good.")
TO_BE_REMOVED = N_("The removal of this version was asked for. Undo that first.")


def readable_blob(sha256: str) -> Blob | None:
    """Return bytes that may be opened: none that are gone, unscanned or in quarantine."""
    blob = db.session.get(Blob, sha256)
    return None if blob is None or blob.is_withheld else blob


def refuse_withheld(blob: Blob) -> None:
    """Refuse to hand bytes out that nobody may have, whoever asks."""
    if blob.is_withheld:
        raise Conflict(WITHHELD[blob.scan])


def refuse_unfit(version: AssetVersion | None) -> None:
    """Refuse to let sellers see a version whose file nobody may have.

    Call this before holding its material. What is known of the bytes stays so until this
    transaction ends, so that no verdict comes in between.
    """
    if version is not None and version.removed_at is not None:
        raise Conflict(REMOVED)
    if version is not None and custody.is_to_be_removed(version):
        raise Conflict(TO_BE_REMOVED)
    sha256 = version.blob_sha256 if version else None
    blob = locked(sha256, to_change=False) if sha256 else None
    if blob is None:
        return
    if blob.scan is ScanState.QUARANTINED:
        raise Conflict(IN_QUARANTINE, found=blob.scan_detail or "")
    if waits_for_scan(version):
        raise Conflict(WITHHELD[ScanState.WAITING])
    refuse_withheld(blob)


def is_fit(version: AssetVersion) -> bool:
    """Tell whether the content of a version is there and people may have it."""
    withheld = version.blob is not None and version.blob.is_withheld
    return version.removed_at is None and not withheld


def waits_for_scan(version: AssetVersion | None) -> bool:
    """Tell whether a version can be shown to sellers only once its file has been scanned."""
    blob = version.blob if version else None
    if blob is None:
        return False
    unknown = blob.scan is ScanState.NONE and current_scanner() is not None
    return unknown or blob.scan is ScanState.WAITING


def locked(sha256: str, *, to_change: bool = True) -> Blob | None:
    """Load bytes as they are now, and let nobody else change what is known of them meanwhile."""
    db.session.flush()
    return db.session.scalars(
        select(Blob)
        .where(Blob.sha256 == sha256)
        .with_for_update(read=not to_change)
        .execution_options(populate_existing=True)
    ).one_or_none()
