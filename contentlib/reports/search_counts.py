"""What people searched for, counted by term: a search's words without case, accents and signs.

Nothing here names anybody. A figure about fewer than five people would point at persons, so while
fewer searched nothing at all is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.finding.models import SearchClick, SearchLog
from contentlib.reports.dignity import FEWEST_PEOPLE
from contentlib.reports.periods import Period
from contentlib.usage.models import Grade, UsageEvent
from contentlib.usage.queries import not_retracted

TOP = 5
"""A search that led to one of the first so many results found what it was for at once."""


@dataclass(frozen=True)
class SearchScope:
    """The days and the team (0 means everybody) that the report speaks of."""

    period: Period
    team: int = 0

    def before(self) -> "SearchScope":
        """Return the same for the period before."""
        return replace(self, period=self.period.before())


@dataclass(frozen=True)
class Term:
    """One term: how often it was asked, without results, without a click, and when last."""

    key: str
    searches: int
    empty: int
    unopened: int
    top: int
    last: datetime


LISTS = ("empty", "unopened", "all")
ORDERS = ("words", "searches", "empty", "unopened", "last")


@dataclass(frozen=True)
class TermBoard:
    """All terms of a scope, to be listed and summed."""

    terms: Sequence[Term]

    def on(self, name: str) -> list[Term]:
        """Return the terms of a list."""
        return [term for term in self.terms if name == "all" or getattr(term, name)]

    def ordered(self, name: str, order: str, *, descending: bool) -> list[Term]:
        """Return the terms of a list in an order, equal ones the youngest first."""
        key = "key" if order == "words" else order
        terms = sorted(self.on(name), key=lambda term: (term.last, term.key), reverse=True)
        return sorted(terms, key=lambda term: getattr(term, key), reverse=descending)

    @cached_property
    def totals(self) -> Mapping[str, int]:
        """Return the sums over all terms."""
        names = ("searches", "empty", "unopened", "top")
        return {name: sum(getattr(term, name) for term in self.terms) for name in names}


def board(scope: SearchScope) -> TermBoard | None:
    """Return the terms of a scope, or nothing where they would point at persons."""
    if not enough_people(scope):
        return None
    found = case((SearchLog.results == 0, 0), else_=1)
    rows = db.session.execute(
        select(
            SearchLog.normalised,
            func.count(),
            func.sum(1 - found),
            func.sum(case((SearchLog.results == 0, 0), (led_to_something(), 0), else_=1)),
            func.sum(case((SearchLog.results == 0, 0), (_clicked(TOP), 1), else_=0)),
            func.max(SearchLog.searched_at),
        )
        .where(*asked(scope))
        .group_by(SearchLog.normalised)
    )
    return TermBoard([Term(*row) for row in rows])


def enough_people(scope: SearchScope) -> bool:
    """Tell whether enough people searched for none of them to be meant.

    Of a team, the rest must be enough as well, or nobody: what a few others asked would be left
    over when the team's terms are taken from everybody's.
    """
    if _people(*asked(scope)) < FEWEST_PEOPLE:
        return False
    everybody = asked(replace(scope, team=0))
    rest = _people(*everybody, ~_of_team(scope.team)) if scope.team else 0
    return rest == 0 or rest >= FEWEST_PEOPLE


def people(scope: SearchScope) -> int:
    """Return how many people searched."""
    return _people(*asked(scope))


def asked_before(scope: SearchScope) -> int | None:
    """Return how many searches there were in the period before, or nothing if too few searched."""
    earlier = scope.before()
    if not enough_people(earlier):
        return None
    return db.session.scalar(select(func.count(SearchLog.id)).where(*asked(earlier))) or 0


def searches_before(scope: SearchScope, keys: Sequence[str]) -> Mapping[str, int] | None:
    """Return how often terms were asked in the period before, or nothing if too few searched."""
    earlier = scope.before()
    if not enough_people(earlier):
        return None
    rows = db.session.execute(
        select(SearchLog.normalised, func.count())
        .where(*asked(earlier), SearchLog.normalised.in_(keys))
        .group_by(SearchLog.normalised)
    )
    return dict(rows.all())


def asked(scope: SearchScope) -> list[ColumnElement[bool]]:
    """Return the conditions for the searches of a scope."""
    conditions = [
        SearchLog.searched_at >= scope.period.start,
        SearchLog.searched_at < scope.period.end,
        SearchLog.normalised != "",
    ]
    return [*conditions, _of_team(scope.team)] if scope.team else conditions


def led_to_something() -> ColumnElement[bool]:
    """Return the condition that something a search found was opened, copied or used."""
    return _clicked() | used(Grade.OPENED)


def used(grade: Grade) -> ColumnElement[bool]:
    """Return the condition that a use of enough evidence came out of a search."""
    uses = and_(
        UsageEvent.search_id == SearchLog.id, UsageEvent.grade >= int(grade), not_retracted()
    )
    return exists().where(uses)


def _clicked(top: int | None = None) -> ColumnElement[bool]:
    clicks = exists().where(SearchClick.search_id == SearchLog.id)
    return clicks.where(SearchClick.position <= top) if top else clicks


def _of_team(team: int) -> ColumnElement[bool]:
    return SearchLog.user_id.in_(select(User.id).where(User.team_id == team))


def _people(*conditions: Any) -> int:
    count = select(func.count(SearchLog.user_id.distinct())).where(*conditions)
    return db.session.scalar(count) or 0
