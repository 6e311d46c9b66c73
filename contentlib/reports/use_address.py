"""What the address of the report on use says, and the addresses of the rows behind it."""

from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app, request, url_for

from contentlib.core.clock import today
from contentlib.core.config import Settings
from contentlib.core.errors import Invalid
from contentlib.core.numbers import whole
from contentlib.core.paging import page_number
from contentlib.reports.dignity import FEWEST_PEOPLE, TOO_SMALL, large_enough
from contentlib.reports.periods import Period, asked_period
from contentlib.reports.use_lists import LISTS, ORDERS
from contentlib.reports.use_rows import ANY_GRADE, Choice
from contentlib.reports.use_scope import UseScope


@dataclass(frozen=True)
class Address:
    """The scope with the list that is shown, its order, its page and the rows asked for."""

    scope: UseScope
    list: str = "all"
    order: str = "uses"
    descending: bool = True
    page: int = 1
    rows: Choice = field(default_factory=Choice)
    outcome: str = ""

    def to(self, endpoint: str, **more: Any) -> str:
        """Return the address of a page with the same scope."""
        facts = {
            "grade": self.scope.grade,
            "team": self.scope.team or None,
            "type": self.scope.type or None,
        }
        return url_for(endpoint, **(self.scope.period.parameters() | facts | more))

    def report(self, **changes: Any) -> str:
        """Return the address of the report with another list, order or page."""
        shown = replace(self, **({"page": 1} | changes))
        return self.to(
            "reports.use",
            list=shown.list if shown.list != "all" else None,
            order=shown.order if shown.order != usual_order(shown.list) else None,
            up=None if shown.descending else 1,
            page=shown.page if shown.page > 1 else None,
        )

    def sorting(self, order: str) -> dict[str, Any]:
        """Return what a column's heading needs to sort by it: its address and the order at hand."""
        current = order == self.order
        descending = not self.descending if current else order != "title"
        direction = "descending" if self.descending else "ascending"
        return {
            "href": self.report(order=order, descending=descending),
            "sorted": direction if current else None,
        }

    def report_page(self, number: int) -> str:
        """Return the address of another page of the list at hand."""
        return self.report(page=number)

    def events(self, **choice: Any) -> str:
        """Return the address of the events behind a figure."""
        return self.to("reports.use_events", **choice)

    def deals(self, asset_id: int, outcome: str = "") -> str:
        """Return the address of the deals behind a figure."""
        return self.to("reports.use_deals", asset=asset_id, outcome=outcome or None)

    def rows_page(self, endpoint: str, number: int, **changes: Any) -> str:
        """Return the address of a page of the rows at hand, or of others by some changes."""
        choice = {
            "asset": self.rows.asset or None,
            "level": self.rows.level or None,
            "sellers": 1 if self.rows.sellers else None,
            "outcome": self.outcome or None,
            "page": number if number > 1 else None,
        }
        return self.to(endpoint, **(choice | changes))

    def events_page(self, number: int) -> str:
        """Return the address of another page of the events at hand."""
        return self.rows_page("reports.use_events", number)

    def deals_page(self, number: int) -> str:
        """Return the address of another page of the deals at hand."""
        return self.rows_page("reports.use_deals", number)


def usual_order(name: str) -> str:
    """Return how a list is ordered at first: of the unused, those that people looked at."""
    return "events" if name == "unused" else "uses"


def read_address() -> Address:
    """Read the request's address; what it does not know is left at its usual value."""
    args = request.args
    shown = args.get("list", "all") if args.get("list") in LISTS else "all"
    usual = usual_order(shown)
    order = args.get("order", usual)
    level = args.get("level", "")
    return Address(
        scope=_read_scope(),
        list=shown,
        order=order if order in ORDERS else usual,
        descending="up" not in args,
        page=page_number(args.get("page")),
        rows=Choice(
            asset=args.get("asset", 0, type=whole),
            level=level if level in (ANY_GRADE, "1", "2", "3", "4", "5") else "",
            sellers="sellers" in args,
        ),
        outcome=args.get("outcome", "") if args.get("outcome") in ("closed", "won") else "",
    )


def _read_scope() -> UseScope:
    args = request.args
    settings: Settings = current_app.extensions["settings"]
    day, zone = today(settings.timezone), settings.timezone
    period = asked_period(args, today=day, zone=zone, default="last90")
    grade = args.get("grade", settings.unused_grade, type=whole)
    scope = scope_of(settings, period, min(max(grade, 1), 5))
    team = args.get("team", 0, type=whole)
    if team and not large_enough(team):
        raise Invalid(TOO_SMALL, fewest=FEWEST_PEOPLE)
    return replace(scope, team=team, type=args.get("type", 0, type=whole))


def scope_of(settings: Settings, period: Period, grade: int) -> UseScope:
    """Return the scope of a period with what the installation is set to."""
    return UseScope(
        period=period,
        grade=grade,
        day=today(settings.timezone),
        live_days=settings.unused_live_days,
        window_days=settings.unused_window_days,
    )
