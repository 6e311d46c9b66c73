"""Removals whose grace is over are carried out; none is asked for here unless a setting says so."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from flask import current_app
from sqlalchemy import select

from contentlib import jobs
from contentlib.core.clock import now
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict
from contentlib.jobs.registry import Apply, Payload
from contentlib.library.care import removal
from contentlib.library.care.custody import CustodyStep
from contentlib.library.care.removal import REMOVALS, is_removed
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Status

RETIRING = "library.retire"
AT_ONCE = 50
LONG_ARCHIVED = N_("It has been in the archive for as long as materials are kept there.")

log = structlog.get_logger("contentlib.library")

jobs.daily(REMOVALS)
jobs.daily(RETIRING)


def grace() -> timedelta:
    """Return how long a removal can be undone."""
    return timedelta(days=_settings().removal_days)


@jobs.handler(REMOVALS, rank=2)
def remove_what_is_due(_payloads: Sequence[Payload]) -> Apply | None:
    """Remove for good what was asked for some days ago."""
    steps = removal.due(now() - grace())
    if not steps:
        return None
    return lambda: _carry_out(steps)


def _carry_out(steps: Sequence[int]) -> None:
    for step_id in steps:
        removal.carry_out(db.session.get_one(CustodyStep, step_id), firm_today())
        log.info("removed for good", step=step_id)
    if len(steps) == removal.AT_ONCE:
        jobs.enqueue(REMOVALS, "daily")


@jobs.handler(RETIRING, rank=4)
def ask_for_old_archives(_payloads: Sequence[Payload]) -> Apply | None:
    """Ask for the removal of what has long been archived, where a setting says after how long."""
    days = _settings().archive_days
    if not days:
        return None
    since = now() - timedelta(days=days)
    old = select(Asset.id).where(Asset.status == Status.ARCHIVED, Asset.archived_at <= since)
    ids = db.session.scalars(old.where(~is_removed()).order_by(Asset.id)).all()
    return lambda: _ask_for(ids)


def _ask_for(ids: Sequence[int]) -> None:
    asked = 0
    for asset_id in ids:
        try:
            removal.ask(
                db.session.get_one(Asset, asset_id),
                by=None,
                reason=LONG_ARCHIVED,
                today=firm_today(),
                grace=grace(),
            )
            asked += 1
        except Conflict:
            # It must be kept, or somebody has asked already.
            continue
        if asked == AT_ONCE:
            return


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
