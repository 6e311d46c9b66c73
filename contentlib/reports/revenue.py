"""Which content the won revenue of a period is credited to, line by line and to the cent."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome, Retro
from contentlib.library.models import Asset
from contentlib.library.taxonomy import AssetType, Persona, Stage
from contentlib.reports.credit import ByPaths, Ledger, spans
from contentlib.reports.credit.ledger import Span
from contentlib.reports.revenue_scope import Axis, Scope, closed_in
from contentlib.reports.revenue_tables import Credited

TERMS: dict[Axis, Select[Any]] = {
    Axis.TYPE: select(AssetType),
    Axis.STAGE: select(Stage),
    Axis.PERSONA: select(Persona),
}


@dataclass(frozen=True)
class Line:
    """A line of the table: `span` is what the least and the most generous model credits it with.

    `key` is the external id of an asset, or the key of a type, stage or persona; empty where there
    is none.
    """

    id: int
    key: str
    names: tuple[str, str]
    type_id: int
    deals: int
    credit: int
    touched: int
    span: Span

    def name(self, language: str) -> str:
        """Return how it is called in a language; nothing where the stage or persona is unknown."""
        return self.names[language == "en"]


@dataclass(frozen=True)
class Credit:
    """The table: its lines, the largest credit first, and what adds up with them to booked revenue.

    `types` maps the types of assets to what they are credited with.
    """

    ledger: Ledger
    lines: list[Line]
    types: dict[int, int]


@dataclass(frozen=True)
class Coverage:
    """Of the value of closed deals, how much has a retro; `missing` counts deals without."""

    answered: int
    total: int
    missing: int


def credit_of(scope: Scope) -> Credit:
    """Return the credit of the period by the model of the scope, and the range over all models."""
    credited = Credited.of(scope)
    tables = credited.tables(scope.axis)
    model = scope.model
    chosen = credited.table(scope.axis) if isinstance(model, ByPaths) else tables[model]
    ranges = spans([table.credit for table in (*tables.values(), chosen)])
    names = _names(scope.axis)
    lines = [
        Line(
            line,
            *names.get(line, ("", ("", ""), 0)),
            deals=chosen.deals[line],
            credit=credit,
            touched=chosen.touched[line],
            span=ranges[line],
        )
        for line, credit in chosen.credit.items()
    ]
    ordered = sorted(lines, key=lambda line: (-line.credit, line.names, line.id))
    return Credit(chosen, ordered, credited.table(Axis.TYPE).credit)


def ledger_of(scope: Scope) -> Ledger:
    """Return the credit of the period by the model of the scope, without names and ranges."""
    return Credited.of(scope).table(scope.axis)


def _names(axis: Axis) -> dict[int, tuple[str, tuple[str, str], int]]:
    """Return key, names and type of each possible line, whatever became of it since."""
    if axis is Axis.ASSET:
        assets = db.session.execute(select(Asset.id, Asset.external_id, Asset.title, Asset.type_id))
        return {row[0]: (row[1] or "", (row[2], row[2]), row[3]) for row in assets}
    terms = db.session.scalars(TERMS[axis])
    return {term.id: (term.key, (term.name_pt, term.name_en), 0) for term in terms}


def keys_of(assets: Collection[int]) -> dict[int, str]:
    """Return the external id of each of some assets, empty where it has none."""
    rows = db.session.execute(select(Asset.id, Asset.external_id).where(Asset.id.in_(assets)))
    return {row[0]: row[1] or "" for row in rows}


def booked(scope: Scope) -> tuple[int, int]:
    """Return the sum and the number of the won deals of the period."""
    return _value(*closed_in(scope, Outcome.WON))


def coverage(scope: Scope) -> Coverage:
    """Return how much of the closed value, won and lost, has a retro that stands."""
    closed = closed_in(scope, Outcome.WON, Outcome.LOST)
    total, deals = _value(*closed)
    with_retro = select(Retro.deal_id).where(Retro.voided_at.is_(None))
    answered, answers = _value(*closed, Deal.id.in_(with_retro))
    return Coverage(answered=answered, total=total, missing=deals - answers)


def _value(*conditions: Any) -> tuple[int, int]:
    """Return the sum of the amounts of some deals, and how many they are."""
    row = db.session.execute(
        select(func.coalesce(func.sum(Deal.amount_minor), 0), func.count(Deal.id)).where(
            *conditions
        )
    ).one()
    return int(row[0]), row[1]


def currencies() -> list[str]:
    """Return the currencies in which deals were won, the most frequent first."""
    rows = db.session.execute(
        select(Deal.currency)
        .where(Deal.outcome == Outcome.WON)
        .group_by(Deal.currency)
        .order_by(func.count(Deal.id).desc())
    )
    return [currency for (currency,) in rows]
