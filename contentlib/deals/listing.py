"""The list of deals as its address describes it: filters, order, and the board's columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.paging import page_number
from contentlib.deals.models import Company, Deal, Outcome
from contentlib.deals.queries import may_see, sums_by_stage, visible
from contentlib.deals.waiting import Waiting, waits_for
from contentlib.library.taxonomy import Stage, all_terms

# What a person can take in of one column; the rest is in the table.
CARDS = 20
ORDERS: dict[str, tuple[Any, ...]] = {
    "updated": (Deal.updated_at.desc(),),
    "amount": (Deal.amount_minor.desc(),),
    "opened": (Deal.opened_at.desc(),),
    "closed": (Deal.closed_at.desc(),),
    "title": (Deal.title,),
    "close": (Deal.expected_close.is_(None), Deal.expected_close),
}


@dataclass(frozen=True)
class Listing:
    """Everything the address says about the list; numbers are row ids, 0 means any.

    The outcome may also be what a deal waits for, which implies one.
    """

    view: str = "board"
    text: str = ""
    outcome: str = ""
    owner: int = 0
    team: int = 0
    stage: int = 0
    pipeline: int = 0
    order: str = "updated"
    page: int = 1
    narrowing: tuple[str, ...] = field(
        default=("text", "owner", "team", "stage", "pipeline", "outcome"), repr=False
    )

    def query(self, **changes: Any) -> str:
        """Return the address's query for this list with some changes."""
        changed = replace(self, **({"page": 1} | changes))
        plain = Listing()
        values = {
            name: getattr(changed, name)
            for name in ("view", *self.narrowing, "order", "page")
            if getattr(changed, name) != getattr(plain, name)
        }
        return urlencode(values)

    @property
    def filtered(self) -> int:
        """Return how many filters are set."""
        return sum(1 for name in self.narrowing if getattr(self, name))


def read(args: Mapping[str, str]) -> Listing:
    """Read a list from an address; what makes no sense there is left out."""

    def one_of(name: str, known: Sequence[str], default: str) -> str:
        return args.get(name, "") if args.get(name) in known else default

    def number(name: str) -> int:
        value = args.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 16 else 0

    return Listing(
        view=one_of("view", ("board", "table"), "board"),
        text=args.get("text", "").strip()[:100],
        outcome=one_of("outcome", [*Outcome, *Waiting], ""),
        owner=number("owner"),
        team=number("team"),
        stage=number("stage"),
        pipeline=number("pipeline"),
        order=one_of("order", list(ORDERS), "updated"),
        page=page_number(args.get("page")),
    )


def conditions(listing: Listing, day: date) -> list[Any]:
    """Return what the filters ask of a deal on a day of the firm."""
    wanted = []
    columns = {
        "owner": Deal.owner_id,
        "team": Deal.team_id,
        "stage": Deal.stage_id,
        "pipeline": Deal.pipeline_id,
    }
    for name, column in columns.items():
        if getattr(listing, name):
            wanted.append(column == getattr(listing, name))
    if listing.outcome in list(Waiting):
        wanted += waits_for(Waiting(listing.outcome), now(), day)
    elif listing.outcome:
        wanted.append(Deal.outcome == Outcome(listing.outcome))
    for word in listing.text.split()[:6]:
        named = select(Company.id).where(Company.name.icontains(word, autoescape=True))
        wanted.append(or_(Deal.title.icontains(word, autoescape=True), Deal.company_id.in_(named)))
    return wanted


def table(user: User, listing: Listing, day: date) -> Select[Deal]:
    """Return the statement of the table, in the chosen order."""
    return visible(user).where(*conditions(listing, day)).order_by(*ORDERS[listing.order], Deal.id)


@dataclass(frozen=True)
class Column:
    """One stage of the board: its youngest cards, and how many and how much there is in all."""

    stage: Stage
    cards: Sequence[Deal]
    sums: Sequence[tuple[str, int, int]]

    @property
    def count(self) -> int:
        """Return how many open deals are at this stage."""
        return sum(number for _currency, number, _total in self.sums)


def board(user: User, listing: Listing, day: date) -> list[Column]:
    """Return a column for each stage with its open deals, in three statements whatever the size."""
    wanted = conditions(replace(listing, outcome=""), day)
    place = func.row_number().over(partition_by=Deal.stage_id, order_by=Deal.updated_at.desc())
    ranked = (
        select(Deal.id, place.label("place"))
        .where(may_see(user), Deal.outcome == Outcome.OPEN, *wanted)
        .subquery()
    )
    shown = aliased(ranked)
    deals = db.session.scalars(
        select(Deal)
        .join(shown, shown.c.id == Deal.id)
        .where(shown.c.place <= CARDS)
        .order_by(shown.c.place)
    ).all()
    sums = sums_by_stage(user, wanted)
    return [
        Column(
            stage=stage,
            cards=[deal for deal in deals if deal.stage_id == stage.id],
            sums=sums.get(stage.id, []),
        )
        for stage in all_terms(Stage)
    ]
