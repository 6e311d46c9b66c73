"""Asking owners of closed deals: in the product, and by a letter with the link."""

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from contentlib import jobs
from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.deals.retros import invitations
from contentlib.deals.retros.closes import close_number
from contentlib.jobs.registry import Apply, Payload
from contentlib.notifications import service as notifications
from contentlib.notifications.letter_paths import path_in_letter
from contentlib.notifications.models import How, Notification, NotificationChoice

KIND = "retro.due"


@jobs.handler(invitations.ASK, batch=50)
def ask_owners(payloads: Sequence[Payload]) -> Apply:
    """Ask each owner who is still to be asked when the job runs; a second run asks nobody."""
    ids = {payload["deal"] for payload in payloads}
    return lambda: _ask(ids)


def _ask(ids: set[int]) -> None:
    for deal in db.session.scalars(select(Deal).where(Deal.id.in_(ids)).order_by(Deal.id)).unique():
        owner = deal.owner
        if owner is not None and may(owner, "deal.edit") and invitations.is_to_be_asked(deal):
            ask_owner(deal, owner)


def ask_owner(deal: Deal, owner: User) -> None:
    """Tell the owner of a deal, once for each close; the letter with the link is the mail of it."""
    row, token = invitations.invite(deal)
    news = notifications.tell(
        owner.id,
        KIND,
        key=f"retro:{deal.id}:{close_number(deal)}",
        address=f"/deals/{deal.id}/retro",
        facts={"deal": deal.title},
    )
    if _wants_letters(owner):
        _send_letter(deal, owner, row.id, _path(token, news))
        _leave_to_the_letter(news)


def _path(token: str, news: Notification | None) -> str:
    """Return the way of the letter; who is signed in and comes by it has seen the news as well."""
    path = f"/retro/{token}"
    return path_in_letter(path, news) if news else path


def _send_letter(deal: Deal, owner: User, number: int, path: str) -> None:
    settings = current_app.extensions["settings"]
    notifications.send_letter(
        to=owner.email,
        language=owner.language or settings.default_language,
        template="retro",
        key=f"retro:{number}",
        facts={
            "deal": deal.title,
            "outcome": deal.outcome.value,
            "path": path,
            "days": invitations.VALID.days,
        },
    )


def _leave_to_the_letter(news: Notification | None) -> None:
    """Say that this news has its mail already, so that nobody gets two of one close."""
    if news is not None:
        news.mailed_at = news.told_at


def _wants_letters(owner: User) -> bool:
    """Tell whether a person has this by mail at once, which is so unless they said otherwise."""
    said = db.session.get(NotificationChoice, (owner.id, KIND))
    return said is None or said.how is How.INSTANT
