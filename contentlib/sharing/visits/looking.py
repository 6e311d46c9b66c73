"""Writing down who looked at what buyers read; that is personal data of people outside.

Once for each person and deal within an hour says who looked and when; a line for every reload would
bury it. A link that belongs to no deal stands for itself.
"""

from datetime import timedelta

from sqlalchemy import select

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.audit.models import AuditEntry
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.sharing.models import ShareLink

ONE_LOOK = timedelta(hours=1)


def is_noted(thing: Deal | ShareLink, *, by: User) -> bool:
    """Tell whether it stands there already that a person looked within the hour."""
    entry = select(AuditEntry.id).where(
        AuditEntry.subject_kind == thing.__tablename__,
        AuditEntry.subject_id == thing.id,
        AuditEntry.action == Action.READING_OPENED.value,
        AuditEntry.actor_id == by.id,
        AuditEntry.at > now() - ONE_LOOK,
    )
    return db.session.scalars(entry.limit(1)).first() is not None


def note_look(thing: Deal | ShareLink, *, by: User) -> None:
    """Write down that a person looked at what the buyers of a deal, or of a link, read."""
    # Asked again inside the transaction that writes: two tabs may come at once.
    if not is_noted(thing, by=by):
        audit.record(Action.READING_OPENED, subject=thing, by=by, **_called(thing))


def _called(thing: Deal | ShareLink) -> dict[str, str]:
    """Return what names a link: its materials, since its title may name a person to be erased."""
    if isinstance(thing, Deal):
        return {}
    return {"title": ", ".join(item.asset.title for item in thing.items)}
