"""Telling somebody something, once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from contentlib import jobs
from contentlib.core.db import db
from contentlib.notifications.models import Notification

MAIL = "notifications.mail"
LETTER = "notifications.letter"


def tell(
    user_id: int, kind: str, *, key: str, address: str, facts: Mapping[str, Any]
) -> Notification | None:
    """Tell a person some news in the transaction at hand; nothing if this key told it already.

    `kind` names the template of its words; `facts` are the names and numbers in them, as JSON has
    them. A job brings it to the person's mailbox, as they want it.
    """
    told = select(Notification.id).where(Notification.user_id == user_id, Notification.key == key)
    if db.session.scalars(told).first() is not None:
        return None
    news = Notification(user_id=user_id, kind=kind, key=key, address=address, facts=dict(facts))
    db.session.add(news)
    db.session.flush()
    jobs.enqueue(MAIL, str(news.id), {"notification": news.id})
    return news


def send_letter(
    *, to: str, language: str, template: str, key: str, facts: Mapping[str, Any]
) -> None:
    """Send an e-mail to an address, which need not be a person's here, such as a code to a buyer.

    `template` names `templates/email/NAME.txt` and `.html`; `key` makes two asks for one letter.
    """
    letter = {"to": to, "language": language, "template": template, "facts": dict(facts)}
    jobs.enqueue(LETTER, key, letter)
