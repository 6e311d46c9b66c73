"""What this buyer has read by the links of a deal: people only, whatever else came by them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from contentlib.core.db import db
from contentlib.deals.models import Contact, Deal
from contentlib.library.models import AssetVersion, Blob
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.visits.models import PageTime, Visit, VisitClass

MOST_VISITS = 200
MOST_MATERIALS = 5
# What came without a person behind it.
MACHINES = (VisitClass.SCANNER, VisitClass.PREVIEW)


@dataclass(frozen=True)
class Reading:
    """How one recipient read one material: visits, the last of them, seconds in all and a page."""

    asset_id: int
    who: str
    last_at: datetime
    visits: int
    seconds: int
    furthest: int
    # Seconds on each page from the first on; empty where it has none.
    pages: tuple[int, ...]


@dataclass(frozen=True)
class Readings:
    """What was read, the latest first, and how many visits were no person's."""

    rows: Sequence[Reading]
    machines: int

    @property
    def reader(self) -> str:
        """Return the one who read it all by first name; empty where they are several."""
        names = {row.who for row in self.rows}
        return names.pop().split(" ")[0] if len(names) == 1 else ""

    @property
    def assets(self) -> frozenset[int]:
        """Return what was read, by id."""
        return frozenset(row.asset_id for row in self.rows)


def readings_of(deal: Deal) -> Readings:
    """Return what people read by the links of a deal."""
    mine = select(ShareLink.id).where(ShareLink.deal_id == deal.id)
    visits = db.session.scalars(
        select(Visit)
        .where(Visit.link_id.in_(mine), Visit.visit_class == VisitClass.HUMAN)
        .order_by(Visit.last_at.desc(), Visit.id.desc())
        .limit(MOST_VISITS)
    ).all()
    machines = db.session.scalar(
        select(func.count(Visit.id)).where(Visit.link_id.in_(mine), Visit.visit_class.in_(MACHINES))
    )
    return Readings(_rows(visits), machines or 0)


def _rows(visits: Sequence[Visit]) -> list[Reading]:
    if not visits:
        return []
    items = _items({visit.link_id for visit in visits})
    times: dict[tuple[int, str], list[tuple[Visit, int, int]]] = defaultdict(list)
    known = {visit.id: visit for visit in visits}
    rows = db.session.execute(
        select(PageTime.visit_id, PageTime.position, PageTime.page, PageTime.active_ms)
        .where(PageTime.visit_id.in_(known))
        .order_by(PageTime.visit_id, PageTime.position, PageTime.page)
    )
    for visit_id, position, page, active_ms in rows:
        visit = known[visit_id]
        item = items.get((visit.link_id, position))
        if item is not None:
            times[item.asset_id, item.who].append((visit, page, active_ms))
    pages = {item.asset_id: item.page_count or 0 for item in items.values()}
    found = [_reading(asset, who, seen, pages[asset]) for (asset, who), seen in times.items()]
    return sorted(found, key=lambda one: (one.last_at, one.asset_id), reverse=True)


def _reading(
    asset_id: int, who: str, seen: Sequence[tuple[Visit, int, int]], count: int
) -> Reading:
    furthest = max(page for _visit, page, _ms in seen)
    spent = [0] * max(count, furthest)
    for _visit, page, active_ms in seen:
        spent[max(page, 1) - 1] += active_ms
    return Reading(
        asset_id=asset_id,
        who=who,
        last_at=max(visit.last_at for visit, _page, _ms in seen),
        visits=len({visit.id for visit, _page, _ms in seen}),
        seconds=sum(spent) // 1000,
        furthest=furthest,
        pages=tuple(ms // 1000 for ms in spent),
    )


def _items(link_ids: Iterable[int]) -> dict[tuple[int, int], Any]:
    """Return by link and place what stood there, for whom, and how many pages it has."""
    rows = db.session.execute(
        select(
            ShareItem.link_id,
            ShareItem.position,
            ShareItem.asset_id,
            Blob.page_count,
            func.coalesce(func.nullif(ShareLink.recipient_name, ""), Contact.name, "").label("who"),
        )
        .join(ShareLink, ShareLink.id == ShareItem.link_id)
        .join(AssetVersion, AssetVersion.id == ShareItem.version_id)
        .outerjoin(Blob, Blob.sha256 == AssetVersion.blob_sha256)
        .outerjoin(Contact, Contact.id == ShareLink.contact_id)
        .where(ShareItem.link_id.in_(link_ids))
    )
    return {(row.link_id, row.position): row for row in rows}
