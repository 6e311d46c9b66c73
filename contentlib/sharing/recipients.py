"""Whom links are for, and whom a listed gate lets in, as people type them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contentlib.accounts.service import normal_email
from contentlib.core.errors import N_, Invalid
from contentlib.core.lines import one_line
from contentlib.deals.models import Contact

MOST = 50
MOST_LISTED = 100
_NAMED = re.compile(r"^(?P<name>[^<>]*)<(?P<email>[^<>]+)>$")
_DOMAIN = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")


@dataclass(frozen=True)
class Recipient:
    """Somebody a link is for, by name, by address, by both or by neither."""

    name: str = ""
    email: str | None = None
    contact: Contact | None = None

    @property
    def label(self) -> str:
        """Return how people call this recipient; nothing where nobody is named."""
        return self.name or self.email or ""


def read_recipients(text: str) -> list[Recipient]:
    """Read one recipient a line: `Ana Souza <ana@acme.example>`, an address, or a name."""
    return [_read_one(line) for line in map(one_line, text.splitlines()) if line]


def of_contacts(contacts: Iterable[Contact]) -> list[Recipient]:
    """Return the people of a deal as recipients."""
    return [
        Recipient(contact.name, contact.email.strip().lower() if contact.email else None, contact)
        for contact in contacts
    ]


def each_once(recipients: Sequence[Recipient]) -> list[Recipient]:
    """Return recipients without repetitions; one without a name where there are none."""
    known: dict[tuple[str, str], Recipient] = {}
    for one in recipients:
        known.setdefault((one.email or "", "" if one.email else one.name.lower()), one)
    if len(known) > MOST:
        raise Invalid(N_("At most %(most)s links at once."), field="others", most=MOST)
    return list(known.values()) or [Recipient()]


def read_listed(text: str) -> list[str]:
    """Read the addresses and domains of a list, `@acme.example` being a domain."""
    words = [word.lower() for word in re.split(r"[\s,;]+", text) if word]
    if len(words) > MOST_LISTED:
        raise Invalid(N_("At most %(most)s entries."), field="allowed", most=MOST_LISTED)
    return list(dict.fromkeys(_listed(word) for word in words))


def is_listed(email: str, allowed: Sequence[str]) -> bool:
    """Tell whether an address, or the whole domain it belongs to, is on a list."""
    domain = email.rpartition("@")[2]
    return email in allowed or f"@{domain}" in allowed


def _listed(word: str) -> str:
    domain = word.removeprefix("@")
    if "@" not in domain and _DOMAIN.match(domain):
        return f"@{domain}"
    try:
        return normal_email(word)
    except Invalid:
        raise Invalid(
            N_("“%(text)s” is neither an e-mail address nor a domain."),
            field="allowed",
            text=word[:80],
        ) from None


def _read_one(line: str) -> Recipient:
    named = _NAMED.match(line)
    name, email = (named["name"].strip(), named["email"]) if named else ("", line)
    if not named and "@" not in line:
        return Recipient(name=line[:200])
    try:
        return Recipient(name=name[:200], email=normal_email(email.strip()))
    except Invalid as error:
        raise Invalid(error.message, field="others", **error.parameters) from None
