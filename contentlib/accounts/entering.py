"""Who came in, whose door was tried and who changed the lock, for the audit."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import func, select

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.accounts.queries import find_user
from contentlib.audit import Action
from contentlib.audit.models import AuditEntry
from contentlib.core.clock import now
from contentlib.core.db import db

# Whoever tries doors by the thousand must not fill the database; log lines tell of each.
MOST_FAILURES, WINDOW = 200, timedelta(minutes=15)


def note_entry(user: User, address: str | None) -> None:
    """Write down that somebody came in."""
    audit.record(Action.SIGNED_IN, subject=user, by=user, network=network_of(address))


def note_failure(typed: str, address: str | None) -> None:
    """Write down that somebody did not come in; of an address that nobody has, nothing is kept."""
    recent = select(func.count(AuditEntry.id)).where(
        AuditEntry.action == Action.SIGN_IN_FAILED, AuditEntry.at > now() - WINDOW
    )
    user = find_user(typed[:254])
    if (db.session.scalar(recent) or 0) < MOST_FAILURES:
        audit.record(Action.SIGN_IN_FAILED, subject=user, network=network_of(address))


def note_password(user: User, *, by_link: bool) -> None:
    """Write down that a password was set, which ended every session of its person."""
    audit.record(Action.PASSWORD_SET, subject=user, by=user, by_link=by_link)


def network_of(address: str | None) -> str | None:
    """Return the network of an address (/24, or /48 of IPv6): enough to see a pattern by."""
    try:
        width = 24 if ip_address(address or "").version == 4 else 48
    except ValueError:
        return None
    return str(ip_network(f"{address}/{width}", strict=False))
