"""The rows behind the figures of the report on use: events and deals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from contentlib.accounts.models import Team, User
from contentlib.core.db import Base, db
from contentlib.core.errors import Absent
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.queries import visible
from contentlib.deals.wins import before_close
from contentlib.library.models import Asset
from contentlib.library.taxonomy import Stage
from contentlib.reports.dignity import FEWEST_PEOPLE, may_name, team_sizes
from contentlib.reports.use_scope import UseScope, by_seller, chosen, happened, is_use, sells
from contentlib.usage.models import UsageEvent

ANY_GRADE = "all"


@dataclass(frozen=True)
class Choice:
    """Which rows of the period: of one material (0 means any), of a grade, by sellers only.

    `level` is empty for all that counts as use, `all` for every grade, or one grade's number.
    """

    asset: int = 0
    level: str = ""
    sellers: bool = False


@dataclass(frozen=True)
class Happening:
    """One event as a reader sees it; person and team are empty where they are not to be named."""

    event: UsageEvent
    asset: Asset
    deal: Deal | None
    stage: Stage | None
    person: User | None
    team: Team | None


def get_asset(asset_id: int) -> Asset:
    """Return a material that left traces, whatever became of it since."""
    asset = db.session.get(Asset, asset_id)
    if asset is None or asset.published_at is None:
        raise Absent
    return asset


def events(scope: UseScope, choice: Choice) -> Select[UsageEvent]:
    """Return a statement over the events a figure counts, the youngest first."""
    return (
        select(UsageEvent)
        .where(*_conditions(scope, choice))
        .order_by(UsageEvent.occurred_at.desc(), UsageEvent.id.desc())
    )


@dataclass(frozen=True)
class Sizes:
    """How many events a figure counts, by how many sellers, on how many deals.

    Deals are told of one material only: over all of them the number says nothing.
    """

    events: int
    sellers: int
    deals: int | None


def sizes(scope: UseScope, choice: Choice) -> Sizes:
    """Return the sizes of what a figure counts."""
    conditions = _conditions(scope, choice)
    events = select(func.count()).select_from(UsageEvent).where(*conditions)
    deals: Any = select(func.count(UsageEvent.deal_id.distinct())).where(*conditions)
    return Sizes(
        events=db.session.scalar(events) or 0,
        sellers=_sellers(conditions, choice),
        deals=db.session.scalar(deals) or 0 if choice.asset else None,
    )


def _sellers(conditions: list[Any], choice: Choice) -> int:
    """Count sellers: over all materials by asking for each, which finds an event at once."""
    if choice.asset:
        people: Any = select(func.count(UsageEvent.actor_id.distinct()))
        return db.session.scalar(people.where(*conditions, by_seller())) or 0
    acts = select(UsageEvent.id).where(UsageEvent.actor_id == User.id, *conditions)
    return db.session.scalar(select(func.count(User.id)).where(sells(), acts.exists())) or 0


def _conditions(scope: UseScope, choice: Choice) -> list[Any]:
    conditions = happened(scope)
    if choice.asset:
        conditions.append(UsageEvent.asset_id == choice.asset)
    elif scope.type:
        conditions.append(UsageEvent.asset_id.in_(select(Asset.id).where(*chosen(scope))))
    if choice.level.isdecimal():
        conditions.append(UsageEvent.grade == int(choice.level))
    elif choice.level != ANY_GRADE:
        conditions.append(is_use(scope))
    if choice.sellers:
        conditions.append(by_seller())
    return conditions


def told(found: Sequence[UsageEvent], viewer: User) -> list[Happening]:
    """Return events with what they speak of, as far as the viewer may see it."""
    assets = _by_id(Asset, {event.asset_id for event in found})
    stages = _by_id(Stage, {event.stage_id for event in found})
    people = _by_id(User, {event.actor_id for event in found})
    deal_ids = {event.deal_id for event in found}
    deals = {
        deal.id: deal for deal in db.session.scalars(visible(viewer).where(Deal.id.in_(deal_ids)))
    }
    teams = {team.id for team, people in team_sizes() if people >= FEWEST_PEOPLE}
    happenings = []
    for event in found:
        person = people.get(event.actor_id)
        happenings.append(
            Happening(
                event=event,
                asset=assets[event.asset_id],
                deal=deals.get(event.deal_id or 0),
                stage=stages.get(event.stage_id),
                person=person if person and may_name(viewer, person) else None,
                team=person.team if person and person.team_id in teams else None,
            )
        )
    return happenings


def _by_id(kind: type[Base], ids: set[Any]) -> dict[Any, Any]:
    return {row.id: row for row in db.session.scalars(select(kind).where(kind.id.in_(ids)))}  # type: ignore[attr-defined]


def deals(scope: UseScope, viewer: User, *, asset_id: int, outcome: str) -> Select[Deal]:
    """Return a statement over the deals on which a material was used in the period.

    `outcome` is empty for all of them; `closed` and `won` keep those decided since, with a use
    that was there before and recorded in time.
    """
    uses = select(UsageEvent.deal_id).where(
        UsageEvent.asset_id == asset_id, *happened(scope), is_use(scope)
    )
    if outcome in ("closed", "won"):
        uses = uses.join(Deal, Deal.id == UsageEvent.deal_id).where(*before_close())
    statement = visible(viewer).where(Deal.id.in_(uses))
    if outcome == "won":
        statement = statement.where(Deal.outcome == Outcome.WON)
    return statement.order_by(Deal.opened_at.desc(), Deal.id.desc())
