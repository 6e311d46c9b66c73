"""Files put before the virus scanner: new ones at once, all of them again from time to time.

A scanner that does not answer passes nothing: files wait until it is there again, however long
that takes. They wait together, so that it is asked about once and not once a file.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select

from contentlib import jobs
from contentlib.antivirus import NotScanned, Scanner, ScannerDown
from contentlib.antivirus.current import current_scanner
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs.registry import Apply, Payload
from contentlib.library.care import quarantine
from contentlib.library.care.quarantine import SCANNING
from contentlib.library.care.verdicts import ScanState
from contentlib.library.models import Blob
from contentlib.library.queries import find_blob
from contentlib.storage import ObjectMissing, object_key
from contentlib.storage.current import current_storage

WAITING, AGAIN = "library.antivirus_waiting", "library.antivirus_again"
AT_ONCE = 20
AT_A_TIME = 5.0
"""Seconds after which no other file is begun before the verdicts are written down."""

PAUSE = timedelta(seconds=20)
"""How long a scanner that does not answer is left alone."""

GOOD_FOR = timedelta(days=7)
"""How long a verdict stands before newer signatures are asked; a library is read once meanwhile."""

log = structlog.get_logger("contentlib.library")

jobs.daily(AGAIN)


@jobs.handler(SCANNING, batch=AT_ONCE, rank=0)
def scan_files(payloads: Sequence[Payload]) -> Apply:
    """Have files scanned before anything else is done with them."""
    hashes = [str(payload["sha256"]) for payload in payloads]
    scanned, take_down = _scan(hashes)

    def apply() -> None:
        take_down()
        if scanned:
            _ask_for(hashes[len(scanned) :])

    return apply


@jobs.handler(WAITING, rank=0)
def scan_what_waits(_payloads: Sequence[Payload]) -> Apply:
    """Ask once more for what found nobody to ask."""
    scanner = current_scanner()
    if scanner is None:
        return _without_scanner
    try:
        scanner.ready()
    except ScannerDown:
        return _wait
    waiting = db.session.scalars(select(Blob.sha256).where(Blob.scan == ScanState.WAITING)).all()
    return lambda: _ask_for(waiting)


@jobs.handler(AGAIN, rank=4)
def scan_again(payloads: Sequence[Payload]) -> Apply | None:
    """Have a few files scanned whose verdict is old, or that never had one; then those after."""
    if current_scanner() is None:
        return _without_scanner
    told = payloads[-1]
    before = datetime.fromisoformat(told["before"]) if "before" in told else now() - GOOD_FOR
    due = _due(before, after=told.get("after", ""))
    if not due:
        return None
    scanned, take_down = _scan(due)

    def apply() -> None:
        take_down()
        if scanned:
            where = {"before": before.isoformat(), "after": scanned[-1]}
            jobs.enqueue(AGAIN, before.isoformat(), where)

    return apply


def ask_for_everything() -> int:
    """Have every file scanned anew by what the scanner knows now; count them."""
    moment = now()
    jobs.enqueue(AGAIN, moment.isoformat(), {"before": moment.isoformat()})
    return len(_due(moment, most=None))


def _due(before: datetime, *, after: str = "", most: int | None = AT_ONCE) -> Sequence[str]:
    """Return files that nobody scanned since a moment, in the order of their hashes."""
    old = or_(Blob.scanned_at.is_(None), Blob.scanned_at < before)
    settled = Blob.scan != ScanState.WAITING
    rows = select(Blob.sha256).where(old, settled, Blob.sha256 > after).order_by(Blob.sha256)
    return db.session.scalars(rows.limit(most)).all()


def _scan(hashes: Sequence[str]) -> tuple[Sequence[str], Apply]:
    """Scan files for a while; return those that were, and what writes the verdicts down."""
    scanner = current_scanner()
    if scanner is None:
        return (), _without_scanner
    began, scanned, verdicts = time.monotonic(), [], []
    try:
        scanner.ready()
        signatures = scanner.signatures().label
        for sha256 in hashes:
            if time.monotonic() - began > AT_A_TIME:
                break
            verdicts.append(_verdict(scanner, sha256, signatures))
            scanned.append(sha256)
    except ScannerDown:
        log.warning("the virus scanner does not answer", files=len(hashes) - len(scanned))
        verdicts.append(_wait)

    def take_down() -> None:
        for verdict in verdicts:
            verdict()

    return scanned, take_down


def _verdict(scanner: Scanner, sha256: str, signatures: str) -> Apply:
    if find_blob(sha256) is None:
        return lambda: None
    try:
        with current_storage().open(object_key(sha256)) as stream:
            found = scanner.scan(stream).found
    except (NotScanned, ObjectMissing) as error:
        why = error.message
        log.warning("file not scanned", sha256=sha256[:12], why=why)
        return lambda: quarantine.not_scanned(sha256, why)
    log.info("file scanned", sha256=sha256[:12], found=found)
    return lambda: quarantine.judge(sha256, found, signatures)


def _wait() -> None:
    """Come back to all that wait once the scanner may be there again."""
    jobs.enqueue(WAITING, "all").run_after = now() + PAUSE


def _ask_for(hashes: Sequence[str]) -> None:
    for sha256 in hashes:
        jobs.enqueue(SCANNING, sha256, {"sha256": sha256})


def _without_scanner() -> None:
    """Let go of what waits for a scanner that is named no more; what was found stays found."""
    waits = Blob.scan.in_((ScanState.WAITING, ScanState.FAILED))
    for blob in db.session.scalars(select(Blob).where(waits)).all():
        blob.scan, blob.scan_detail = ScanState.NONE, None
        quarantine.read(blob)
