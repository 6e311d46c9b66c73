"""Every visit by a link, as a table: who it was, why, and what was read."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from contentlib.core.db import db
from contentlib.reports.periods import Period
from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits.gathering import Judged, judged
from contentlib.sharing.visits.models import Visit

COLUMNS = (
    "share_id",
    "visit_id",
    "class",
    "reasons",
    "started_at",
    "active_seconds",
    "pages_read",
    "notified",
)
PORTION = 500
Row = tuple[object, ...]


def rows(period: Period) -> Iterator[Row]:
    """Yield the visits of a period, oldest first, judged by what is known at this moment."""
    after = 0
    while visits := _portion(period, after):
        for one in judged(visits):
            yield _bare_row(one.visit) if one.visit.is_bare else _row(one)
        after = visits[-1].id
        db.session.expunge_all()


def _row(one: Judged) -> Row:
    visit = one.visit
    return (
        visit.link_id,
        visit.id,
        one.verdict.visit_class.value,
        "|".join(one.verdict.reasons),
        visit.started_at.isoformat(),
        one.reading.active_ms / 1000,
        len(one.reading.pages_read),
        "yes" if visit.notified_at else "no",
    )


def _bare_row(visit: Visit) -> Row:
    """Return what was kept of who objects to being told apart; there is nothing to judge it by."""
    return (
        visit.link_id,
        visit.id,
        visit.visit_class.value,
        "|".join(visit.reasons),
        visit.started_at.isoformat(),
        visit.active_ms / 1000,
        visit.pages_read,
        "yes" if visit.notified_at else "no",
    )


def _portion(period: Period, after: int) -> Sequence[Visit]:
    return db.session.scalars(
        select(Visit)
        .where(Visit.id > after)
        .where(Visit.started_at >= period.start, Visit.started_at < period.end)
        .options(selectinload(Visit.link).selectinload(ShareLink.items))
        .order_by(Visit.id)
        .limit(PORTION)
    ).all()
