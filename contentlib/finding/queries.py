"""Questions about what can be found and what was searched for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, union_all

from contentlib.core.db import db
from contentlib.finding.models import SearchClick, SearchLog
from contentlib.library.models import Asset, Status
from contentlib.library.standing import label_of
from contentlib.usage.models import UsageEvent

FEWEST_PEOPLE = 5
"""Figures about what people searched for are shown only when at least so many searched."""
MOST_IN_A_BURST = 10


def ends_of_validity() -> Iterator[date]:
    """Yield the days on which the validity of published materials ends, read if they are needed."""
    query = select(Asset.valid_until).where(
        Asset.status == Status.PUBLISHED, Asset.valid_until.is_not(None)
    )
    yield from filter(None, db.session.scalars(query.distinct()))


def standing_labels() -> frozenset[str]:
    """Return every label of state that materials carry in the index."""
    rows = select(Asset.status, Asset.review_due, Asset.valid_until).distinct()
    return frozenset(label_of(*facts) for facts in db.session.execute(rows))


def burst_of(user_id: int, *, until: datetime, pause: timedelta) -> list[SearchLog]:
    """Return a person's searches up to a moment, youngest first, with no longer pause between."""
    latest = (
        select(SearchLog)
        .where(SearchLog.user_id == user_id, SearchLog.searched_at <= until)
        .order_by(SearchLog.searched_at.desc(), SearchLog.id.desc())
        .limit(MOST_IN_A_BURST)
    )
    burst: list[SearchLog] = []
    for row in db.session.scalars(latest):
        if until - row.searched_at > pause:
            break
        burst.append(row)
        until = row.searched_at
    return burst


def same_search(
    user_id: int, normalised: str, filters: Mapping[str, Any], results: int, *, since: datetime
) -> str | None:
    """Return the latest search of a person for the same, with the same answer; None without one."""
    rows = db.session.execute(
        select(SearchLog.id, SearchLog.filters)
        .where(SearchLog.user_id == user_id, SearchLog.searched_at >= since)
        .where(SearchLog.normalised == normalised, SearchLog.results == results)
        .order_by(SearchLog.searched_at.desc(), SearchLog.id.desc())
    )
    return next((id_ for id_, asked in rows if asked == filters), None)


def led_somewhere(search_id: str) -> bool:
    """Tell whether something that a search found was opened, copied or used."""
    clicks = select(SearchClick.search_id).where(SearchClick.search_id == search_id)
    uses = select(UsageEvent.search_id).where(UsageEvent.search_id == search_id)
    return db.session.scalars(union_all(clicks, uses).limit(1)).first() is not None


def latest_searches(user_id: int, *, limit: int = 60) -> Sequence[tuple[str, str]]:
    """Return a person's latest searches that found something, as typed and as compared.

    What found nothing was mistyped or is missing; to propose it again would help nobody.
    """
    rows = db.session.execute(
        select(SearchLog.query, SearchLog.normalised)
        .where(SearchLog.user_id == user_id, SearchLog.results > 0, SearchLog.normalised != "")
        .order_by(SearchLog.searched_at.desc(), SearchLog.id.desc())
        .limit(limit)
    )
    return [(query, normalised) for query, normalised in rows]


def unanswered_searches(now: datetime, *, days: int = 7, limit: int = 5) -> Sequence[str]:
    """Return the words that found nothing of late, most frequent first: words, never who.

    While fewer than five people searched at all, even words alone would point at someone.
    """
    since = now - timedelta(days=days)
    people = select(SearchLog.user_id).where(SearchLog.searched_at >= since).distinct()
    if len(db.session.scalars(people.limit(FEWEST_PEOPLE)).all()) < FEWEST_PEOPLE:
        return []
    return db.session.scalars(
        select(func.min(SearchLog.query))
        .where(SearchLog.searched_at >= since, SearchLog.results == 0)
        .where(SearchLog.normalised != "")
        .group_by(SearchLog.normalised)
        .order_by(func.count().desc(), func.max(SearchLog.searched_at).desc())
        .limit(limit)
    ).all()
