"""What pages of requests draw besides the rows: names, reach, stakes, the clock in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from contentlib.accounts.permissions import me
from contentlib.core.clock import now
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.core.i18n import language
from contentlib.core.working_time import read_hours
from contentlib.library.choices import LANGUAGES
from contentlib.library.firm_day import firm_today
from contentlib.library.taxonomy import AssetType, Persona, Stage, Term
from contentlib.requests import queries, stakes
from contentlib.requests.clock import Agreement, Clock, clock_of
from contentlib.requests.models import ContentRequest

# From here on a clock that runs out is drawn as pressing.
PRESSING = 0.25


@dataclass(frozen=True)
class ShownClock:
    """A clock with its tone and words."""

    clock: Clock
    tone: str
    words: str


def agreement() -> Agreement:
    """Return what marketing has agreed to, by the settings."""
    settings: Settings = current_app.extensions["settings"]
    hours = read_hours(settings.working_hours, settings.timezone)
    return Agreement(hours, settings.request_accept_days, settings.request_delivery_days)


def facts_of(rows: Sequence[ContentRequest]) -> dict[str, Any]:
    """Return what the cards of some requests read."""
    agreed, moment = agreement(), now()
    return {
        "reach": queries.reach_of(me(), rows, firm_today()),
        "stakes": stakes.stakes(me(), rows),
        "clocks": {row.id: _shown(clock_of(row.steps, agreed, moment), agreed) for row in rows},
        "names": names(),
    }


def names() -> dict[str, dict[str, str]]:
    """Return the names of what requests are for, by facet and key; retired words as well."""
    kinds: dict[str, type[Term]] = {"stage": Stage, "persona": Persona, "type": AssetType}
    found = {
        facet: {term.key: term.name(language()) for term in db.session.scalars(select(kind))}
        for facet, kind in kinds.items()
    }
    return found | {"language": {key: str(name) for key, name in LANGUAGES.items()}}


def waits_for(row: ContentRequest) -> bool:
    """Tell whether the person who looks waits for a request."""
    return me().id in {one.user_id for one in row.waiting}


def _shown(clock: Clock | None, agreed: Agreement) -> ShownClock | None:
    if clock is None:
        return None
    if clock.stands_still:
        return ShownClock(clock, "quiet", _("The clock stands still"))
    written = working_words(abs(clock.left), agreed.hours.day_length)
    if clock.is_overdue:
        return ShownClock(clock, "bad", _("Overdue by %(time)s", time=written))
    pressing = clock.left < PRESSING * agreed.allows(clock.owed)
    return ShownClock(clock, "due" if pressing else "quiet", _("%(time)s left", time=written))


def working_words(time: timedelta, day: timedelta) -> str:
    """Write working time: in days from one on, else in hours and minutes."""
    if time >= day:
        return ngettext("%(num)s working day", "%(num)s working days", time // day)
    minutes = int(time.total_seconds()) // 60
    return _("%(hours)s h %(minutes)02d of working time", hours=minutes // 60, minutes=minutes % 60)
