"""The worker's part: entries are joined within seconds, and the chain is looked over every day."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select

from contentlib import jobs
from contentlib.audit import sealing
from contentlib.audit.models import AuditEnd
from contentlib.audit.service import CHAIN
from contentlib.audit.verifying import Verdict, verify
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs.registry import Apply, Payload

log = structlog.get_logger("contentlib.audit")
VERIFY = "audit.verify"

# Once a day, for entries whose own job was given up, as when the end had to be looked into.
jobs.daily(CHAIN)
jobs.daily(VERIFY)


@jobs.handler(CHAIN, batch=200, rank=0)
def join_entries(payloads: Sequence[Payload]) -> Apply:
    """Join the entries that were written."""
    ids = {payload["entry"] for payload in payloads if "entry" in payload}
    swept = len(ids) < len(payloads)
    if swept:
        ids.update(sealing.waiting())
    return lambda: _join(ids, swept=swept)


def _join(ids: set[str], *, swept: bool) -> None:
    sealing.join(ids)
    if swept and len(ids) >= sealing.AT_ONCE:
        jobs.enqueue(CHAIN, "daily")


@jobs.handler(VERIFY, rank=2)
def look_over(_payloads: Sequence[Payload]) -> Apply:
    """Look over the whole chain and keep what was found."""
    verdict = verify()
    if verdict.fault is not None:
        log.error("audit chain broken", kind=verdict.fault.kind, number=verdict.fault.number)
    return lambda: keep(verdict)


def keep(verdict: Verdict) -> None:
    """Write down when the chain was looked over, and what was wrong if anything was."""
    end = db.session.scalars(select(AuditEnd)).one()
    end.verified_at = now()
    end.fault = verdict.fault.kind if verdict.fault else None
    end.fault_at = verdict.fault.number if verdict.fault else None
    db.session.flush()
