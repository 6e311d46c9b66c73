"""What the address of the report on searches says."""

from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, request, url_for

from contentlib.core.clock import today
from contentlib.core.config import Settings
from contentlib.core.errors import Invalid
from contentlib.core.numbers import whole
from contentlib.core.paging import page_number
from contentlib.reports.dignity import FEWEST_PEOPLE, TOO_SMALL, large_enough
from contentlib.reports.periods import asked_period
from contentlib.reports.search_counts import LISTS, ORDERS, SearchScope


@dataclass(frozen=True)
class SearchAddress:
    """The scope with the list that is shown, its order and its page."""

    scope: SearchScope
    list: str = LISTS[0]
    order: str = ""
    descending: bool = True
    page: int = 1

    @property
    def sorted_by(self) -> str:
        """Return the order in force: at first what a list is about."""
        return self.order or ("searches" if self.list == "all" else self.list)

    def to(self, endpoint: str, **more: Any) -> str:
        """Return the address of a page with the same scope."""
        team = {"team": self.scope.team or None}
        return url_for(endpoint, **(self.scope.period.parameters() | team | more))

    def report(self, endpoint: str = "reports.searches", **changes: Any) -> str:
        """Return the address of the report with another list, order or page."""
        shown = replace(self, **({"page": 1} | changes))
        return self.to(
            endpoint,
            list=shown.list if shown.list != LISTS[0] else None,
            order=shown.order or None,
            up=None if shown.descending else 1,
            page=shown.page if shown.page > 1 else None,
        )

    def report_page(self, number: int) -> str:
        """Return the address of another page of the list at hand."""
        return self.report(page=number)

    def sorting(self, order: str) -> dict[str, Any]:
        """Return what a column's heading needs to sort by it."""
        current = order == self.sorted_by
        descending = not self.descending if current else order != "words"
        direction = "descending" if self.descending else "ascending"
        return {
            "href": self.report(order=order, descending=descending),
            "sorted": direction if current else None,
        }


def read_search_address() -> SearchAddress:
    """Read the request's address; what it does not know is left at its usual value."""
    args = request.args
    shown, order = args.get("list", ""), args.get("order", "")
    return SearchAddress(
        scope=_read_scope(),
        list=shown if shown in LISTS else LISTS[0],
        order=order if order in ORDERS else "",
        descending="up" not in args,
        page=page_number(args.get("page")),
    )


def _read_scope() -> SearchScope:
    args = request.args
    settings: Settings = current_app.extensions["settings"]
    period = asked_period(
        args, today=today(settings.timezone), zone=settings.timezone, default="last90"
    )
    team = args.get("team", 0, type=whole)
    if team and not large_enough(team):
        raise Invalid(TOO_SMALL, fewest=FEWEST_PEOPLE)
    return SearchScope(period, team)
