"""Writing a verdict down, and what follows from it: the ledger and the news for the seller.

A person who read for three seconds is evidence of grade E4 for each material they read, once a
visit. A visit found to be a machine's after all takes that back. The seller is told once a visit:
when it seems over, or after two minutes of reading, whichever comes first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals.queries import on_deal
from contentlib.notifications.service import tell
from contentlib.sharing.fitness import page_count, version_of
from contentlib.sharing.models import ShareItem
from contentlib.sharing.visits import gathering
from contentlib.sharing.visits.classify import SEEN_MS, is_reading
from contentlib.sharing.visits.gathering import Judged
from contentlib.sharing.visits.models import PageTime, Visit
from contentlib.sharing.visits.queries import reader_of, turn_of
from contentlib.sharing.visits.waking import AT_REST, judge_later, next_look
from contentlib.usage import service as usage
from contentlib.usage.models import Action, UsageEvent

LONG = timedelta(minutes=2)
NEWS = "buyer.read"


def settle(ids: Iterable[int]) -> None:
    """Judge visits and write down what follows."""
    for one in gathering.judged(gathering.load(ids)):
        write_down(one, now())


def write_down(one: Judged, moment: datetime) -> None:
    """Write the verdict on a visit down, with its page times, and do what follows from it."""
    visit, verdict = one.visit, one.verdict
    visit.visit_class, visit.reasons = verdict.visit_class, list(verdict.reasons)
    _write_times(one)
    visit.judged_at = moment
    visit.judge_at = None
    again = next_look(visit.last_at, moment)
    if again is not None:
        judge_later(visit, again)
    db.session.flush()
    _enter_in_ledger(one, moment)
    if _is_reading(one) and visit.notified_at is None and _is_time(one, moment):
        _tell(one, moment)
    db.session.flush()


def read_assets(one: Judged) -> list[ShareItem]:
    """Return the items of the link that were read for three seconds, longest first, or else the
    one that was read longest.
    """
    times: dict[int, int] = {}
    for (position, _page), spent in one.reading.pages.items():
        times[position] = times.get(position, 0) + spent
    items = {item.position: item for item in one.visit.link.items}
    ordered = sorted((p for p in times if p in items), key=lambda p: (-times[p], p))
    if not ordered:
        ordered = sorted(one.images & items.keys())
        return [items[position] for position in ordered]
    enough = [position for position in ordered if times[position] >= SEEN_MS]
    return [items[position] for position in enough or ordered[:1]]


def _is_reading(one: Judged) -> bool:
    return is_reading(one.verdict.visit_class, one.verdict.reasons, one.reading.active_ms)


def _write_times(one: Judged) -> None:
    visit, read = one.visit, one.reading
    pages = {key: spent for key, spent in read.pages.items() if spent > 0}
    visit.active_ms = read.active_ms
    visit.pages_read = len(read.pages_read)
    visit.furthest_page = max((page for _position, page in read.pages_read), default=0)
    db.session.execute(delete(PageTime).where(PageTime.visit_id == visit.id))
    db.session.add_all(
        PageTime(visit_id=visit.id, position=position, page=page, active_ms=spent)
        for (position, page), spent in pages.items()
    )


def _enter_in_ledger(one: Judged, moment: datetime) -> None:
    """Bring what the ledger says of a visit to what is known of it now."""
    visit, deal = one.visit, one.visit.link.deal
    wanted = {item.asset_id: item for item in read_assets(one)} if _is_reading(one) else {}
    standing = {event.asset_id: event for event in _events_of(visit)}
    for asset_id in standing.keys() - wanted.keys():
        usage.take_back(standing[asset_id], by_id=None)
    for asset_id in wanted.keys() - standing.keys():
        item = wanted[asset_id]
        usage.record(
            Action.RECEIVED,
            asset_id=asset_id,
            version_id=version_of(visit.link, item).id,
            actor_id=None,
            idempotency_key=_free_key(visit, asset_id),
            on=on_deal(deal, occurred_at=visit.started_at, recorded_at=moment) if deal else None,
            occurred_at=visit.started_at,
            recorded_at=moment,
            channel=visit.link.channel or None,
            surface="link",
            share_link_id=visit.link_id,
        )


def _events_of(visit: Visit) -> list[UsageEvent]:
    """Return what stands in the ledger of a visit."""
    rows = db.session.scalars(
        select(UsageEvent)
        .where(UsageEvent.share_link_id == visit.link_id, UsageEvent.action == Action.RECEIVED)
        .where(UsageEvent.idempotency_key.startswith(f"visit:{visit.id}:", autoescape=True))
    )
    return [event for event in rows if not usage.is_retracted(event)]


def _free_key(visit: Visit, asset_id: int) -> str:
    """Return the key of a visit's reading; one that was taken back keeps its own for ever."""
    key, attempt = f"visit:{visit.id}:{asset_id}", 1
    while usage.find_by_key(key) is not None:
        attempt += 1
        key = f"visit:{visit.id}:{asset_id}:{attempt}"
    return key


def _is_time(one: Judged, moment: datetime) -> bool:
    if one.reading.ended or moment - one.visit.last_at >= AT_REST:
        return True
    return one.reading.active_ms >= LONG / timedelta(milliseconds=1)


def _tell(one: Judged, moment: datetime) -> None:
    visit, link = one.visit, one.visit.link
    item = read_assets(one)[0]
    pages = [page for position, page in one.reading.pages_read if position == item.position]
    company = link.deal.company if link.deal else None
    visit.notified_at = moment
    tell(
        link.by_id,
        NEWS,
        key=f"visit:{visit.id}",
        address=f"/deals/{link.deal_id}/reading" if link.deal_id else f"/links/{link.id}/reading",
        facts={
            "reader": reader_of(visit).name,
            "company": company.name if company else None,
            "asset": item.asset.title,
            "seconds": one.reading.active_ms // 1000,
            "furthest": max(pages, default=0),
            "pages": max(page_count(link, item), *pages, 1),
            "visit": turn_of(visit),
        },
    )
