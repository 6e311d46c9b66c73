"""Telling somebody something, once; what they saw of it, and how they want to be told."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from contentlib import jobs
from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.mail.current import mail_is_set_up
from contentlib.notifications import queries
from contentlib.notifications.addresses import is_here
from contentlib.notifications.kinds import KINDS
from contentlib.notifications.models import How, Notification, NotificationChoice
from contentlib.notifications.mornings import next_morning
from contentlib.notifications.readers import zone_of

MAIL = "notifications.mail"
DIGEST = "notifications.digest"
LETTER = "notifications.letter"
# A day until the next daily letter, and an hour for the day that the clocks are put back on.
WAITS_AT_MOST = timedelta(hours=25)


def tell(
    user_id: int, kind: str, *, key: str, address: str, facts: Mapping[str, Any]
) -> Notification | None:
    """Tell a person some news in the transaction at hand; nothing if this key told it already.

    `kind` names the template of its words; `facts` are the names and numbers in them, as JSON has
    them; `address` is a path of this site. A job brings it to the person's mailbox, as they want
    it. Who can no longer enter is told nothing.
    """
    if not is_here(address):
        raise ValueError(f"{address!r} is no path of this site")
    person = db.session.get(User, user_id)
    if person is None or not person.active or _was_told(user_id, key):
        return None
    news = Notification(user_id=user_id, kind=kind, key=key, address=address, facts=dict(facts))
    # Whatever else waits to be written is not to be blamed for what follows.
    db.session.flush()
    try:
        with db.session.begin_nested():
            db.session.add(news)
    except IntegrityError:
        # Another process told it in the same moment.
        return None
    ask_for_mail(news, person)
    return news


def _was_told(user_id: int, key: str) -> bool:
    told = select(Notification.id).where(Notification.user_id == user_id, Notification.key == key)
    return db.session.scalars(told).first() is not None


def ask_for_mail(news: Notification, person: User) -> None:
    """Have news mailed as its reader wants it: at once, with the next daily letter, or never."""
    if not mail_is_set_up():
        return
    way = queries.way_of(person.id, news.kind)
    if way is How.INSTANT:
        jobs.enqueue(MAIL, str(news.id), {"notification": news.id})
    elif way is How.DIGEST:
        morning = next_morning(now(), zone_of(person))
        payload = {"user": person.id, "before": morning.isoformat()}
        # One key for a person and a morning: however much news there is, it is one letter.
        key = f"{person.id}:{morning:%Y-%m-%dT%H:%M}"
        jobs.enqueue(DIGEST, key, payload).run_after = morning


def send_letter(
    *, to: str, language: str, template: str, key: str, facts: Mapping[str, Any]
) -> None:
    """Send an e-mail to an address, which need not be a person's here, such as a code to a buyer.

    `template` names `templates/email/NAME.txt`, whose first line is the subject, and `.html`; both
    read `facts` and `link(path)`. Of two asks with one `key` that wait at the same time, the later
    one is sent. Where e-mail is not set up, nothing is: ask `mail_is_set_up()` before you offer it.
    """
    if not mail_is_set_up():
        return
    letter: dict[str, Any] = {"to": to, "language": language, "template": template}
    letter["facts"] = dict(facts)
    whole = json.dumps([key, letter], sort_keys=True, ensure_ascii=False)
    # The same letter keeps its name when it is sent again; another one with its key has another.
    letter["name"] = f"letter-{hashlib.sha256(whole.encode()).hexdigest()[:32]}"
    jobs.enqueue(LETTER, key, letter | {"key": key, "asked_at": now().isoformat()})


def mark_seen(news: Notification) -> None:
    """Note that a person saw a piece of news; the first time counts."""
    if news.seen_at is None:
        news.seen_at = now()
        db.session.flush()


def mark_all_seen(user: User, *, up_to: int) -> None:
    """Note that a person saw everything up to some news; what came after it they have not."""
    db.session.execute(
        update(Notification)
        .where(
            Notification.user_id == user.id,
            Notification.seen_at.is_(None),
            Notification.id <= up_to,
        )
        .values(seen_at=now())
    )


def choose_ways(user: User, ways: Mapping[str, How]) -> None:
    """Keep how a person wants to be told of some kinds by e-mail; others stay as they are.

    What waited for the daily letter goes out at once where that is wanted now.
    """
    before = queries.ways_of(user.id)
    if ways.keys() - before.keys():
        raise Invalid(N_("There is no such kind of news."))
    changed = {kind: how for kind, how in ways.items() if how is not before[kind]}
    for kind, how in changed.items():
        row = db.session.get(NotificationChoice, (user.id, kind))
        if how is KINDS[kind].usual and row is not None:
            db.session.delete(row)
        elif row is not None:
            row.how = how
        else:
            db.session.add(NotificationChoice(user_id=user.id, kind=kind, how=how))
    db.session.flush()
    _hurry(user, {kind for kind, how in changed.items() if how is How.INSTANT})


def _hurry(user: User, kinds: set[str]) -> None:
    """Ask for what waits of some kinds to be mailed in their new way."""
    moment = now()
    since = moment - WAITS_AT_MOST
    for news in db.session.scalars(queries.unmailed(user.id, since=since, before=moment)).all():
        if news.kind in kinds:
            ask_for_mail(news, user)
