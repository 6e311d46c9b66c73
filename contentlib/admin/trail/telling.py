"""Entries as people read them: a sentence, what changed, and where it leads."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from contentlib.accounts.forms import ROLE_LABELS
from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.admin.trail import queries
from contentlib.admin.trail.words import FIELDS, NAMELESS, NOBODY, SENTENCES, SURFACES
from contentlib.audit import Action
from contentlib.audit.models import AuditEntry
from contentlib.core.i18n import language
from contentlib.deals.forms import CONSENTS
from contentlib.library.choices import AUDIENCES, LANGUAGES, STATUSES

_LABELS: Mapping[str, Mapping[Any, Any]] = {
    "audience": AUDIENCES,
    "language": LANGUAGES,
    "status": STATUSES,
    "role": ROLE_LABELS,
    "consent": CONSENTS,
}
_WORD_FIELDS = {"stages": "stage", "personas": "persona", "tags": "tag", "type": "asset_type"}
# Each leads to a page of its own for who may open it.
_PAGES = {
    "asset": ("asset.view", "library.asset", "asset_id"),
    "user_account": ("user.edit", "accounts.person", "user_id"),
    "import_run": ("deal.import", "importing.run", "run_id"),
    "deal": ("deal.view", "deals.deal", "deal_id"),
}

_KNOWN = frozenset(Action)
_UNKNOWN = "%(who)s · %(action)s · %(what)s"
# What we write has a dozen brackets.
MOST_BRACKETS = 400


@dataclass(frozen=True)
class Line:
    """An entry as it is shown; changes are (label, before, after), facts (label, value)."""

    entry: AuditEntry
    number: int | None
    who: str
    sentence: Markup
    changes: Sequence[tuple[str, str, str]]
    facts: Sequence[tuple[str, str]]

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return self.entry.at

    @property
    def surface(self) -> str:
        """Say where it was done."""
        surface = self.entry.surface
        return _(SURFACES[surface]) if surface in SURFACES else surface

    @property
    def text(self) -> str:
        """Return the sentence without its links."""
        return self.sentence.striptags()


class Teller:
    """Tells entries in the language of a reader, with links where that reader may go."""

    def __init__(self, rows: Sequence[queries.Noted], reader: User) -> None:
        self._rows = rows
        self._reader = reader
        self._told = {entry.id: _details(entry) for entry, _number in rows}
        self._names = queries.names_of(self._concerned(), language())

    def lines(self) -> list[Line]:
        """Return the lines of all entries."""
        return [self._line(entry, number) for entry, number in self._rows]

    def _concerned(self) -> Iterator[queries.Subject]:
        for entry, _number in self._rows:
            if entry.actor_id:
                yield "user_account", entry.actor_id
            if entry.subject_kind and entry.subject_id:
                yield entry.subject_kind, entry.subject_id
            yield from _mentioned(self._told[entry.id])

    @cached_property
    def _words(self) -> Mapping[tuple[str, str], str]:
        return queries.word_names(language())

    def _line(self, entry: AuditEntry, number: int | None) -> Line:
        told = dict(self._told[entry.id])
        changes = _pairs(told.pop("changes", None)) | _pairs({"status": told.get("status")})
        if "status" in changes:
            del told["status"]
        return Line(
            entry,
            number,
            str(self._actor(entry)),
            self._sentence(entry, told),
            [
                (_label(name), self._value(name, pair[0]), self._value(name, pair[1]))
                for name, pair in changes.items()
            ],
            [
                (_label(name), self._value(name, value))
                for name, value in told.items()
                if value not in (None, "", [], {})
            ],
        )

    def _sentence(self, entry: AuditEntry, told: Mapping[str, Any]) -> Markup:
        words = told.get("words") or ""
        parts = {
            "who": self._actor(entry),
            "what": self._subject(entry, told),
            "version": told.get("version") or "",
            "note": told.get("note") or "",
            "words": ", ".join(map(str, words)) if isinstance(words, list) else words,
        }
        known = entry.action in _KNOWN
        template = _(SENTENCES[Action(entry.action)]) if known else _UNKNOWN
        values = {name: escape(value) for name, value in parts.items()}
        # The sentence is ours; every name in it is escaped.
        return Markup(template) % (values | {"action": escape(entry.action)})  # noqa: S704

    def _actor(self, entry: AuditEntry) -> str:
        if entry.actor_id is None:
            return _(NOBODY[entry.surface]) if entry.surface in NOBODY else entry.surface
        return self._name("user_account", entry.actor_id)

    def _name(self, kind: str, number: int) -> str:
        return self._names.get((kind, number), f"№ {number}")

    def _subject(self, entry: AuditEntry, told: Mapping[str, Any]) -> Markup | str:
        if not entry.subject_kind or entry.subject_id is None:
            return _(NAMELESS)
        if (entry.subject_kind, entry.subject_id) in self._names:
            return self._named(entry.subject_kind, entry.subject_id)
        return str(told.get("name") or told.get("title") or f"№ {entry.subject_id}")

    def _named(self, kind: str, number: int) -> Markup | str:
        name, page = self._name(kind, number), _PAGES.get(kind)
        if page is None:
            return name
        permission, endpoint, argument = page
        if not may(self._reader, permission):
            return name
        values: dict[str, Any] = {argument: number}
        address = url_for(endpoint, **values)
        # A name may be written in another direction than the sentence.
        return Markup('<bdi><a href="{}">{}</a></bdi>').format(address, name)

    def _value(self, name: str, value: Any) -> str:
        if isinstance(value, dict):
            value = [f"{key}: {self._value(name, part)}" for key, part in value.items()]
        if isinstance(value, list):
            return ", ".join(self._value(name, part) for part in value) or "—"
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return "—" if value in (None, "") else self._word(name, value)

    def _word(self, name: str, value: Any) -> str:
        """Return a single value as people call it."""
        mentioned = _mention(value)
        if mentioned:
            return self._names.get(mentioned, str(value))
        if name in _WORD_FIELDS:
            return self._words.get((_WORD_FIELDS[name], value), str(value))
        return str(_LABELS.get(name, {}).get(value, value))


def _details(entry: AuditEntry) -> dict[str, Any]:
    """Return the details of an entry; what somebody broke by force is shown as it stands."""
    text = str(entry.details)
    try:
        told = json.loads(text) if text.count("[") + text.count("{") < MOST_BRACKETS else None
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"note": text[:300]}


def _pairs(changes: Any) -> dict[str, list[Any]]:
    """Return what is told from → to, and nothing of what is not."""
    items = changes.items() if isinstance(changes, dict) else ()
    return {name: pair for name, pair in items if isinstance(pair, list) and len(pair) == 2}


def _mentioned(value: Any) -> Iterator[queries.Subject]:
    """Give the rows that details mention."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _mentioned(part)
    else:
        found = _mention(value)
        if found:
            yield found


def _mention(value: Any) -> queries.Subject | None:
    kind, _colon, number = value.partition(":") if isinstance(value, str) else ("", "", "")
    known = kind in ("user_account", "asset") and number.isdecimal() and len(number) < 19
    return (kind, int(number)) if known else None


def _label(name: str) -> str:
    return _(FIELDS[name]) if name in FIELDS else name
