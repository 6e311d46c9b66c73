"""Questions about visits: who read what for how long, and what came that nobody counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.library.models import Asset, AssetVersion
from contentlib.sharing.fitness import page_count, version_of
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.visits.models import Hit, PageTime, Visit, VisitClass
from contentlib.sharing.visits.readers import Caller, Reader, readers_of
from contentlib.sharing.visits.reading_time import READ_MS

BY_PEOPLE = frozenset({VisitClass.HUMAN})
MACHINES = frozenset({VisitClass.SCANNER, VisitClass.PREVIEW})
# How many visits of a deal a page shows, youngest first.
MOST_SHOWN = 200


@dataclass(frozen=True)
class AssetRead:
    """What one visit read of one material: milliseconds by page, first page first."""

    asset: Asset
    version: AssetVersion
    page_ms: list[int]
    pages_total: int

    @property
    def active_ms(self) -> int:
        """Return for how long it was read."""
        return sum(self.page_ms)

    @property
    def furthest_page(self) -> int:
        """Return the last page that was read for a second, or 0."""
        return max((n for n, spent in enumerate(self.page_ms, 1) if spent >= READ_MS), default=0)


@dataclass(frozen=True)
class Session:
    """One visit by a person, with whose it is and what was read in it."""

    visit: Visit
    reader: Reader
    assets: list[AssetRead]
    turn: int


@dataclass(frozen=True)
class Reading:
    """What one reader has read of one material on a deal, all their visits together."""

    asset: Asset
    version_number: int
    reader: str | None
    last_at: datetime
    active_ms: int
    furthest_page: int
    pages_total: int
    page_ms: list[int]
    visits: int


@dataclass(frozen=True)
class Uncounted:
    """Visits of one class that nobody counts, with everything that spoke for it."""

    visit_class: VisitClass
    visits: list[Visit]
    reasons: list[str]


def sessions_of(links: Sequence[ShareLink]) -> list[Session]:
    """Return the visits of some links by people, youngest first."""
    visits = _visits(links, BY_PEOPLE)
    times = _times(visits)
    people = {caller.visit_id: caller for caller in callers(visits)}
    by_link: dict[int, list[Visit]] = defaultdict(list)
    for visit in reversed(visits):
        by_link[visit.link_id].append(visit)
    sessions = {}
    for rows in by_link.values():
        readers = readers_of(rows[0].link, [people[visit.id] for visit in rows])
        turns: dict[Reader, int] = defaultdict(int)
        for visit in rows:
            reader = readers[visit.id]
            turns[reader] += 1
            read = _assets_read(visit, times[visit.id])
            sessions[visit.id] = Session(visit, reader, read, turns[reader])
    return [sessions[visit.id] for visit in visits]


def uncounted(links: Sequence[ShareLink]) -> list[Uncounted]:
    """Return what came by some links without being a buyer, by class, the largest first."""
    groups: dict[VisitClass, list[Visit]] = defaultdict(list)
    for visit in _visits(links, frozenset(VisitClass) - BY_PEOPLE):
        groups[visit.visit_class].append(visit)
    return [
        Uncounted(kind, visits, _distinct(reason for v in visits for reason in v.reasons))
        for kind, visits in sorted(groups.items(), key=lambda pair: -len(pair[1]))
    ]


def readings_of(deal: Deal) -> list[Reading]:
    """Return what each reader of a deal has read of each material, youngest first."""
    together: dict[tuple[int, Reader], list[tuple[Session, AssetRead]]] = defaultdict(list)
    for session in sessions_of(links_of(deal)):
        for read in session.assets:
            together[read.asset.id, session.reader].append((session, read))
    return [_reading(parts) for parts in together.values()]


def machines_on(deal: Deal) -> int:
    """Return how many visits by the links of a deal were no person's."""
    count = select(func.count(Visit.id)).join(ShareLink, ShareLink.id == Visit.link_id)
    mine = count.where(ShareLink.deal_id == deal.id, Visit.visit_class.in_(MACHINES))
    return db.session.scalar(mine) or 0


def links_of(deal: Deal) -> Sequence[ShareLink]:
    """Return the links made for a deal, with what they hold."""
    return db.session.scalars(
        select(ShareLink)
        .where(ShareLink.deal_id == deal.id)
        .options(selectinload(ShareLink.items).joinedload(ShareItem.asset))
        .order_by(ShareLink.id)
    ).all()


def reader_of(visit: Visit) -> Reader:
    """Return whose reading one visit by a person is."""
    rows = _earlier(visit)
    return readers_of(visit.link, callers(rows))[visit.id]


def turn_of(visit: Visit) -> int:
    """Return which visit of its reader by this link a visit is, 1 for the first."""
    rows = _earlier(visit)
    readers = readers_of(visit.link, callers(rows))
    return sum(reader == readers[visit.id] for reader in readers.values())


def callers(visits: Sequence[Visit]) -> list[Caller]:
    """Return what tells visits apart, in the given order: their first request says it."""
    ids = [visit.id for visit in visits]
    first = select(func.min(Hit.id)).where(Hit.visit_id.in_(ids)).group_by(Hit.visit_id)
    rows = db.session.execute(select(Hit.visit_id, Hit.facts).where(Hit.id.in_(first)))
    facts = {row.visit_id: row.facts for row in rows}
    return [
        Caller(
            visit.id,
            visit.visitor,
            facts.get(visit.id, {}).get("agent", ""),
            facts.get(visit.id, {}).get("network", ""),
            visit.email,
        )
        for visit in visits
    ]


def _earlier(visit: Visit) -> list[Visit]:
    """Return the visits by people up to one, which counts as such, oldest first."""
    rows = select(Visit).where(
        Visit.link_id == visit.link_id,
        Visit.id < visit.id,
        Visit.visit_class == VisitClass.HUMAN,
    )
    return [*db.session.scalars(rows.order_by(Visit.started_at, Visit.id)), visit]


def _visits(links: Sequence[ShareLink], kinds: Iterable[VisitClass]) -> Sequence[Visit]:
    rows = (
        select(Visit)
        .where(Visit.link_id.in_([link.id for link in links]), Visit.visit_class.in_(list(kinds)))
        .order_by(Visit.started_at.desc(), Visit.id.desc())
        .limit(MOST_SHOWN)
    )
    return db.session.scalars(rows).all()


def _times(visits: Sequence[Visit]) -> dict[int, list[PageTime]]:
    times: dict[int, list[PageTime]] = defaultdict(list)
    ids = [visit.id for visit in visits]
    for row in db.session.scalars(select(PageTime).where(PageTime.visit_id.in_(ids))):
        times[row.visit_id].append(row)
    return times


def _assets_read(visit: Visit, times: Sequence[PageTime]) -> list[AssetRead]:
    link = visit.link
    read = []
    for item in link.items:
        mine = {row.page: row.active_ms for row in times if row.position == item.position}
        if mine:
            total = page_count(link, item)
            pages = [mine.get(n, 0) for n in range(1, max(total, *mine) + 1)]
            read.append(AssetRead(item.asset, version_of(link, item), pages, len(pages)))
    return read


def _reading(parts: Sequence[tuple[Session, AssetRead]]) -> Reading:
    newest, read = parts[0]
    pages = [sum(page) for page in zip_longest(*(part.page_ms for _, part in parts), fillvalue=0)]
    together = AssetRead(read.asset, read.version, pages, len(pages))
    return Reading(
        asset=read.asset,
        version_number=read.version.number,
        reader=newest.reader.name,
        last_at=newest.visit.started_at,
        active_ms=together.active_ms,
        furthest_page=together.furthest_page,
        pages_total=len(pages),
        page_ms=pages,
        visits=len(parts),
    )


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
