"""What came since a person last looked at a saved search: published materials that answer it.

Only what is published counts, also for people who see drafts. The database says what is new and may
be seen; the index is asked for the words, and only for searches that something new could answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from sqlalchemy import select

from contentlib.accounts.models import Role, User
from contentlib.core.db import db
from contentlib.finding.answering import Library
from contentlib.finding.criteria import Criteria
from contentlib.finding.lexicon import current_lexicon
from contentlib.finding.listing import among
from contentlib.finding.models import SavedSearch
from contentlib.finding.saving import criteria_of
from contentlib.finding.searcher import Searcher
from contentlib.library.models import Asset
from contentlib.library.standing import STAFF
from contentlib.search import Engine, SearchError, language
from contentlib.search.grammar import parse

log = structlog.get_logger("contentlib.finding")

MOST_NEW = 100
"""New materials that are looked at; whoever has more to read learns that there are many."""

MOST_ASKED = 10
"""Searches that the start page asks for, those looked at last first."""


@dataclass(frozen=True)
class News:
    """A saved search and the titles of what is new in it, the newest first."""

    saved: SavedSearch
    titles: tuple[str, ...]

    @property
    def criteria(self) -> Criteria:
        """Return the search in the order that shows what is new."""
        return criteria_of(self.saved).sorted_by("newest")

    @property
    def is_many(self) -> bool:
        """Tell whether there may be more than were looked at."""
        return len(self.titles) >= MOST_NEW


@dataclass(frozen=True)
class _Fresh:
    """A material that was published of late."""

    id: int
    title: str
    published_at: datetime


def news_of(
    user: User, saved: Iterable[SavedSearch], engine: Engine, day: date, *, most: int
) -> dict[int, News]:
    """Return what is new in those of some searches that have an alert, by their number.

    At most so many are asked for; one without anything new is left out.
    """
    watched = sorted((row for row in saved if row.alert), key=lambda row: row.seen_at)[::-1]
    if not watched:
        return {}
    searcher = _published_only(user, day)
    fresh = _published_since(watched[-1].seen_at, searcher)
    if not fresh:
        return {}
    library = Library(engine, searcher, current_lexicon())
    possible = [row for row in watched if fresh[0].published_at > row.seen_at]
    found = [News(row, _new_in(row, fresh, library)) for row in possible[:most]]
    return {news.saved.id: news for news in found if news.titles}


def _published_only(user: User, day: date) -> Searcher:
    """Look with the eyes of somebody who does not work on the library."""
    return Searcher(Role.MANAGER if user.role in STAFF else user.role, day)


def _published_since(moment: datetime, searcher: Searcher) -> Sequence[_Fresh]:
    rows = db.session.execute(
        select(Asset.id, Asset.title, Asset.published_at)
        .where(searcher.may_find(), Asset.published_at > moment)
        .order_by(Asset.published_at.desc(), Asset.id.desc())
        .limit(MOST_NEW)
    )
    return [_Fresh(number, title, moment) for number, title, moment in rows if moment]


def _new_in(saved: SavedSearch, fresh: Sequence[_Fresh], library: Library) -> tuple[str, ...]:
    new = {row.id: row.title for row in fresh if row.published_at > saved.seen_at}
    criteria = criteria_of(saved)
    if not criteria.words:
        answering = among(criteria, library.searcher, new)
    else:
        answering = _with_words(criteria, new, library)
    return tuple(title for number, title in new.items() if number in answering)


def _with_words(criteria: Criteria, new: Mapping[int, str], library: Library) -> set[int]:
    """Return those that have the words; none while the index cannot say.

    A search with few answers goes on with materials that have only some of its words. Those are no
    news, so each word is then asked for by itself.
    """
    try:
        answer = library.newest(criteria, limit=MOST_NEW)
        having = {_number(hit.id) for hit in answer.hits} & new.keys()
        for word in _telling_words(criteria.words) if answer.relaxed and having else ():
            alone = library.newest(replace(criteria, words=word), limit=MOST_NEW)
            having &= {_number(hit.id) for hit in alone.hits}
    except SearchError as error:
        log.warning("no alerts without the index", reason=str(error))
        return set()
    return having


def _telling_words(text: str) -> list[str]:
    """Return the words that must be there, each as somebody would type it alone."""
    terms = [term for term in parse(text) if not term.exact and not term.excluded]
    words = [term.words[0] + "*" * term.prefix for term in terms]
    return [word for word in words if not language.is_stop_word(word)] or words


def _number(document_id: str) -> int:
    return int(document_id.removeprefix("asset:"))
