"""Questions about what was decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select

from contentlib.accounts.models import Team, User
from contentlib.admin.trail.address import Wanted
from contentlib.admin.trail.words import actions_of
from contentlib.audit.models import AuditEnd, AuditEntry, AuditLink
from contentlib.core.clock import start_of_day
from contentlib.core.db import db
from contentlib.deals.models import Contact, Deal
from contentlib.importing.models import ImportRun
from contentlib.library.models import Asset
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag
from contentlib.requests.models import ContentRequest

Subject = tuple[str, int]
Query = Select[*tuple[Any, ...]]
# An entry, and its number once it is joined.
Noted = tuple[AuditEntry, int | None]
# What may have a name of its own; whatever else an entry concerns, its details name.
_NAMED: Mapping[str, Any] = {
    "asset": Asset.title,
    "user_account": User.name,
    "team": Team.name,
    "import_run": ImportRun.file_name,
    "content_request": ContentRequest.title,
    "deal": Deal.title,
    "contact": Contact.name,
}
_WORDS: Mapping[str, Any] = {
    "stage": Stage,
    "persona": Persona,
    "asset_type": AssetType,
    "tag": Tag,
}


def entries(wanted: Wanted, zone: str, limit: int) -> list[Noted]:
    """Return entries with their numbers in the chain, the youngest first."""
    query: Query = (
        select(AuditEntry, AuditLink.number)
        .outerjoin(AuditLink, AuditLink.entry_id == AuditEntry.id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    )
    query = _of_days(_about(query, wanted), wanted, zone)
    if wanted.before:
        at, entry_id = wanted.before
        same = (AuditEntry.at == at) & (AuditEntry.id < entry_id)
        query = query.where(AuditEntry.at <= at, (AuditEntry.at < at) | same)
    return [(entry, number) for entry, number in db.session.execute(query)]


def _about(query: Query, wanted: Wanted) -> Query:
    if wanted.person:
        query = query.where(AuditEntry.actor_id == wanted.person)
    if wanted.kind:
        query = query.where(AuditEntry.subject_kind == wanted.kind)
    if wanted.number:
        query = query.where(AuditEntry.subject_id == wanted.number)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action.value)
    elif wanted.area:
        query = query.where(AuditEntry.action.in_([a.value for a in actions_of(wanted.area)]))
    return query


def _of_days(query: Query, wanted: Wanted, zone: str) -> Query:
    if wanted.first:
        query = query.where(AuditEntry.at >= start_of_day(wanted.first, zone))
    if wanted.last:
        query = query.where(AuditEntry.at < start_of_day(wanted.last + timedelta(days=1), zone))
    return query


def names_of(subjects: Iterable[Subject], language: str) -> Mapping[Subject, str]:
    """Return the present names of what entries concern, as far as it is still there."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, number in subjects:
        ids[kind].add(number)
    names: dict[Subject, str] = {}
    for kind, column in _NAMED.items():
        if ids[kind]:
            model = column.class_
            found = db.session.execute(select(model.id, column).where(model.id.in_(ids[kind])))
            names |= {(kind, number): name for number, name in found}
    for kind, model in _WORDS.items():
        if ids[kind]:
            words = db.session.scalars(select(model).where(model.id.in_(ids[kind])))
            names |= {(kind, word.id): word.name(language) for word in words}
    return names


def word_names(language: str) -> Mapping[tuple[str, str], str]:
    """Return the names of all words of the taxonomy by kind and key."""
    return {
        (kind, word.key): word.name(language)
        for kind, model in _WORDS.items()
        for word in db.session.scalars(select(model))
    }


def chain_end() -> AuditEnd:
    """Return where the chain ends and when it was last looked over."""
    return db.session.scalars(select(AuditEnd)).one()
