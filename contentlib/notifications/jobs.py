"""Bringing news and letters to mailboxes: what a server did not take is sent again, once.

A letter is marked as mailed in the transaction after the server took it. Only where the server or
this process goes away between the last line of a letter and the answer to it can nobody know: then
it is sent once more, under the same Message-ID, by which mail programs show it once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from contentlib import jobs
from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs.models import Job, JobState
from contentlib.jobs.registry import Apply, Payload
from contentlib.mail import Letter, Mailer, MailError, NeverTaken
from contentlib.mail.current import current_mailer, sender
from contentlib.notifications import queries
from contentlib.notifications.letters import compose, letter_of_day, letter_of_news
from contentlib.notifications.models import How, Notification
from contentlib.notifications.readers import is_reachable, zone_of
from contentlib.notifications.service import DIGEST, LETTER, MAIL, ask_for_mail

GOOD_FOR = timedelta(days=3)
"""How long a letter is worth sending; the product itself tells the news meanwhile."""

SHORTEST, LONGEST = timedelta(seconds=20), timedelta(minutes=30)


@jobs.handler(MAIL)
def mail_news(payloads: Sequence[Payload]) -> Apply | None:
    """Mail one piece of news, unless its reader saw it already or wants it otherwise by now."""
    mailer = current_mailer()
    news = db.session.get(Notification, payloads[-1]["notification"])
    if mailer is None or news is None or news.seen_at or news.mailed_at:
        return None
    person = db.session.get_one(User, news.user_id)
    if not is_reachable(person):
        return None
    if queries.way_of(person.id, news.kind) is not How.INSTANT:
        return lambda: ask_for_mail(news, person)
    news_id = news.id
    _send(mailer, letter_of_news(news, person), asked_at=news.told_at)
    return lambda: _mark_mailed([news_id])


@jobs.handler(DIGEST, rank=2)
def mail_day(payloads: Sequence[Payload]) -> Apply | None:
    """Mail what a person did not see until a morning, as one letter."""
    mailer, payload = current_mailer(), payloads[-1]
    person = db.session.get_one(User, payload["user"])
    if mailer is None or not is_reachable(person):
        return None
    before = datetime.fromisoformat(payload["before"])
    ways = queries.ways_of(person.id)
    waiting = db.session.scalars(
        queries.unmailed(person.id, since=before - GOOD_FOR, before=before)
    )
    rows = [news for news in waiting if ways.get(news.kind) is How.DIGEST]
    if not rows:
        return None
    told = [news.id for news in rows]
    letter = letter_of_day(rows, person, morning=f"{before:%Y%m%dT%H%M}")
    _send(mailer, letter, asked_at=before)
    return lambda: _mark_mailed(told)


@jobs.handler(LETTER, rank=0)
def mail_letter(payloads: Sequence[Payload]) -> Apply | None:
    """Send a letter that is no news of anybody here."""
    mailer, asked = current_mailer(), payloads[-1]
    if mailer is None:
        return None
    written = compose(
        asked["template"], asked["language"], zone_of(None), {"facts": asked["facts"]}
    )
    letter = written.letter(asked["to"], name=asked["name"])
    _send(mailer, letter, asked_at=datetime.fromisoformat(asked["asked_at"]))
    return lambda: _forget(asked["key"])


def _forget(key: str) -> None:
    """Keep nothing of what a letter said once it is gone: it may hold a code or a link to enter."""
    sent = select(Job).where(Job.kind == LETTER, Job.key == key, Job.state == JobState.RUNNING)
    for job in db.session.scalars(sent):
        job.payload = {"name": job.payload["name"]}


def _send(mailer: Mailer, letter: Letter, *, asked_at: datetime) -> None:
    """Hand a letter over; say of one that was not taken whether and when it is tried again.

    The pause grows with the age of the letter, so that it doubles each time.
    """
    try:
        mailer.send(letter.message(sender=sender(), at=now()))
    except NeverTaken as error:
        raise jobs.GivenUp(str(error)) from error
    except MailError as error:
        age = now() - asked_at
        if age > GOOD_FOR:
            raise jobs.GivenUp(f"Not taken for {age.days} days. {error}") from error
        raise jobs.NotYet(str(error), min(max(age, SHORTEST), LONGEST)) from error


def _mark_mailed(told: Sequence[int]) -> None:
    db.session.execute(
        update(Notification).where(Notification.id.in_(told)).values(mailed_at=now())
    )
