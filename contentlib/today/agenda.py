"""Which matters a person finds on the start page, in the order in which they press."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from contentlib.accounts.models import Role, User
from contentlib.core.clock import start_of_day
from contentlib.feedback import queries as feedback
from contentlib.finding import alerts, saving
from contentlib.finding.queries import unanswered_searches
from contentlib.library.care.attention import removals_of, withheld_files_of
from contentlib.library.care.removal_jobs import grace
from contentlib.library.firm_day import firm_zone
from contentlib.library.release import waiting as release_waiting
from contentlib.library.release.policy import approval_policy
from contentlib.requests import queries as requests
from contentlib.search.current import current_engine
from contentlib.sharing.visits.lately import read_since
from contentlib.sharing.visits.queries import MOST_SHOWN
from contentlib.today import queries
from contentlib.today.queries import Found


@dataclass(frozen=True)
class Matter:
    """One kind of thing that waits, under the name of the template that shows it."""

    name: str
    found: Found
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Moment:
    """When somebody looks: the instant and the firm's calendar day."""

    now: datetime
    day: date
    # The name of the matter that is shown whole, if any is.
    whole: str = ""


Question = Callable[[User, Moment], Matter]


def agenda_of(user: User, moment: Moment) -> list[Matter]:
    """Return what waits for a person; what does not wait is left out."""
    asked = (question(user, moment) for question in QUESTIONS[user.role])
    return [matter for matter in asked if matter.found.total]


def _readers(user: User, moment: Moment) -> Matter:
    yesterday = start_of_day(moment.day - timedelta(days=1), firm_zone())
    most = MOST_SHOWN if moment.whole == "readers" else queries.MOST
    return Matter("readers", Found(*read_since(user, yesterday, most)))


def _closing(user: User, moment: Moment) -> Matter:
    return Matter("closing", queries.deals_without_content(user, moment.day))


def _retros(user: User, moment: Moment) -> Matter:
    return Matter("retros", queries.retros_of(user, moment.now))


def _news(user: User, moment: Moment) -> Matter:
    found = queries.new_for_my_deals(user, moment.day, moment.now)
    return Matter("news", found, {"stages": queries.stages_of(user) if found.total else ()})


def _saved(user: User, moment: Moment) -> Matter:
    kept, most = saving.saved_by(user), alerts.MOST_ASKED
    news = [*alerts.news_of(user, kept, current_engine(), moment.day, most=most).values()]
    return Matter("saved", Found(news[: queries.MOST], len(news)))


def _answers(user: User, moment: Moment) -> Matter:
    return Matter("answers", queries.first_of(requests.answered_for(user, moment.now)))


def _flags(user: User, moment: Moment) -> Matter:
    return Matter("flags", queries.first_of(feedback.flags_waiting(user, moment.day)))


def _suggestions(user: User, moment: Moment) -> Matter:
    return Matter("suggestions", queries.first_of(feedback.suggestions_waiting(user, moment.day)))


def _requests(_user: User, _moment: Moment) -> Matter:
    return Matter("requests", queries.first_of(requests.waiting_for_marketing()))


def _approvals(user: User, _moment: Moment) -> Matter:
    waiting = release_waiting.waiting_for(user, approval_policy())
    return Matter("approvals", queries.first_of(waiting))


def _decided(user: User, moment: Moment) -> Matter:
    return Matter("decided", queries.first_of(release_waiting.decided_for(user, moment.now)))


def _reviews(user: User, moment: Moment) -> Matter:
    return Matter("reviews", queries.reviews_due(user, moment.day))


def _drafts(user: User, _moment: Moment) -> Matter:
    return Matter("drafts", queries.drafts_of(user))


def _unread(_user: User, _moment: Moment) -> Matter:
    return Matter("unread", queries.unread_files())


def _quarantine(user: User, _moment: Moment) -> Matter:
    return Matter("quarantine", queries.first_of(withheld_files_of(user)))


def _removals(user: User, _moment: Moment) -> Matter:
    return Matter("removals", queries.first_of(removals_of(user)), {"grace": grace()})


def _unanswered(_user: User, moment: Moment) -> Matter:
    words = unanswered_searches(moment.now)
    return Matter("unanswered", Found(words, len(words)))


def _missing_retros(user: User, moment: Moment) -> Matter:
    values = queries.value_without_retro(user, moment.now)
    total = sum(value.silent.deals for value in values)
    rows = queries.closed_without_retro(user, moment.now) if total else ()
    return Matter("missing_retros", Found(rows, total), {"values": values})


def _health(_user: User, moment: Moment) -> Matter:
    dead, late = queries.troubled_jobs(moment.now)
    return Matter("health", Found((), dead + late), {"dead": dead, "late": late})


QUESTIONS: dict[Role, tuple[Question, ...]] = {
    Role.SELLER: (_readers, _flags, _closing, _retros, _answers, _saved, _news),
    Role.MARKETER: (
        _quarantine,
        _removals,
        _flags,
        _suggestions,
        _approvals,
        _decided,
        _requests,
        _reviews,
        _unread,
        _drafts,
        _answers,
        _saved,
        _unanswered,
    ),
    Role.MANAGER: (_readers, _flags, _missing_retros, _closing, _retros, _answers, _saved),
    Role.ADMIN: (
        _health,
        _quarantine,
        _removals,
        _flags,
        _suggestions,
        _approvals,
        _decided,
        _unread,
        _reviews,
        _drafts,
        _answers,
        _saved,
    ),
}
