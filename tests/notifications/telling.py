"""News of every kind, and the worker that brings it to mailboxes."""

from email.message import EmailMessage
from itertools import count
from typing import Any

from flask import Flask

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.jobs.worker import Worker
from contentlib.notifications.models import Notification
from contentlib.notifications.service import tell

FACTS: dict[str, dict[str, Any]] = {
    "buyer.read": {
        "reader": "Ana Souza",
        "company": "Acme",
        "asset": "Caso Fintech",
        "seconds": 190,
        "furthest": 7,
        "pages": 9,
        "visit": 2,
    },
    "share.gone": {"asset": "Caso Fintech", "recipient": "Ana Souza"},
    "share.updated": {
        "asset": "Caso Fintech",
        "version": 3,
        "note": "Preços de 2027",
        "is_back": False,
        "following": [{"link": 1, "recipient": "Ana Souza"}],
        "staying": [{"link": 2, "recipient": ""}],
        "following_more": 0,
        "staying_more": 2,
    },
    "answer.failed": {"asset": "Está caro", "times": 3, "days": 30},
    "request.delivered": {"request": "Caso de frete", "asset": "Frete que chega"},
    "request.declined": {"request": "Caso de frete", "reason": "Já existe um."},
    "request.state": {"request": "Caso de frete", "state": "accepted"},
    "request.comment": {"request": "Caso de frete", "who": "Marina Prado"},
    "retro.due": {"deal": "Rodonorte"},
    "comment.new": {"asset": "Caso Fintech", "who": "Marina Prado"},
    "comment.mention": {"asset": "Caso Fintech", "who": "Marina Prado", "text": "@ana veja isto"},
    "suggestion.new": {"asset": "Caso Fintech", "who": "Marina Prado"},
    "suggestion.decided": {"asset": "Caso Fintech", "decision": "accepted"},
    "flag.raised": {"asset": "Caso Fintech", "who": "Marina Prado", "reason": "Preço velho"},
    "flag.resolved": {"asset": "Caso Fintech"},
    "win.attached": {"asset": "Caso Fintech", "who": "Marina Prado"},
}

_number = count(1)


def news(person: User, kind: str = "buyer.read", **facts: Any) -> Notification:
    """Tell a person something new."""
    told = tell(
        person.id,
        kind,
        key=f"test:{next(_number)}",
        address="/deals/1#reading",
        facts=FACTS.get(kind, {}) | facts,
    )
    assert told is not None
    db.session.commit()
    return told


def work(app: Flask) -> None:
    """Let the worker do what is due."""
    Worker(app, lease_seconds=60).drain()


def plain(message: EmailMessage) -> str:
    """Return the plain words of a letter."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html(message: EmailMessage) -> str:
    """Return the HTML of a letter."""
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
