"""The library as the database lists it: all of it without words, and found by rough words when the
index cannot answer.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select

from contentlib.core.db import db
from contentlib.finding.criteria import FACETS, Criteria
from contentlib.finding.rough_text import assets_with
from contentlib.finding.searcher import Searcher
from contentlib.finding.shown import shown_version
from contentlib.library.files.formats import format_expression
from contentlib.library.models import Asset, AssetVersion
from contentlib.library.standing import standing_expression
from contentlib.library.taxonomy import AssetType, Persona, Stage
from contentlib.search import Answer, Highlight, Hit, language

MOST_WORDS = 8
MOST_FOUND = 5000


def listed(criteria: Criteria, searcher: Searcher, *, offset: int, limit: int) -> Answer:
    """Answer a search from the database alone, with the same facets and rules of access."""
    conditions = _conditions(criteria, searcher)
    wanted = _assets(conditions)
    total = db.session.scalar(wanted.with_only_columns(func.count(Asset.id))) or 0
    ordered = wanted.order_by(*_order(criteria.order)).offset(offset).limit(limit)
    ids = db.session.scalars(ordered.with_only_columns(Asset.id))
    return Answer(
        total=total,
        hits=tuple(Hit(f"asset:{asset_id}", 0.0) for asset_id in ids),
        facets={facet: _counts(facet, conditions, searcher) for facet in FACETS},
        highlight=_highlight(criteria.words),
    )


def among(criteria: Criteria, searcher: Searcher, ids: Collection[int]) -> set[int]:
    """Return those of some materials that the filters of a search let through."""
    wanted = _assets(_conditions(replace(criteria, words=""), searcher)).where(Asset.id.in_(ids))
    return set(db.session.scalars(wanted.with_only_columns(Asset.id)))


def _assets(
    conditions: Mapping[str, ColumnElement[bool]], *, counted: str | None = None
) -> Select[Any]:
    """Select what meets the conditions; for a facet that is counted, all but its own."""
    kept = (condition for name, condition in conditions.items() if name != counted)
    # Named outright, since a statement reduced to one column would forget where it comes from.
    wanted = select(Asset).select_from(Asset).where(*kept)
    if counted != "format" and "format" not in conditions:
        return wanted
    return wanted.outerjoin(AssetVersion, shown_version()).outerjoin(AssetVersion.blob)


def _conditions(criteria: Criteria, searcher: Searcher) -> dict[str, ColumnElement[bool]]:
    """Give the conditions by facet, so that a facet can be counted without its own."""
    having: dict[str, ColumnElement[bool]] = {"": searcher.may_find()}
    if criteria.words:
        words = list(dict.fromkeys(language.words(criteria.words)))
        telling = [word for word in words if not language.is_stop_word(word)] or words
        found = set.intersection(*map(assets_with, telling[:MOST_WORDS])) if telling else set()
        having["words"] = Asset.id.in_(sorted(found, reverse=True)[:MOST_FOUND])
    for facet, values in criteria.filters.items():
        column, relation = _facet_column(facet, searcher)
        chosen = column.in_(sorted(values))
        having[facet] = relation.any(chosen) if relation is not None else chosen
    return having


def _facet_column(facet: str, searcher: Searcher) -> tuple[Any, Any]:
    """Give the column that holds a facet's values and, if there are several, the way to it."""
    return _FACET_COLUMNS[facet](searcher)


def _type_key() -> Any:
    key = select(AssetType.key).where(AssetType.id == Asset.type_id)
    return key.correlate(Asset).scalar_subquery()


# Only the one that is asked for is built: some are long.
_FACET_COLUMNS: Mapping[str, Callable[[Searcher], tuple[Any, Any]]] = {
    "stage": lambda _searcher: (Stage.key, Asset.stages),
    "persona": lambda _searcher: (Persona.key, Asset.personas),
    "type": lambda _searcher: (_type_key(), None),
    "language": lambda _searcher: (Asset.language, None),
    "state": lambda searcher: (standing_expression(searcher.day), None),
    "format": lambda _searcher: (format_expression(), None),
    "owner": lambda _searcher: (cast(Asset.owner_id, String), None),
}


def _counts(
    facet: str, conditions: Mapping[str, ColumnElement[bool]], searcher: Searcher
) -> dict[str, int]:
    column, relation = _facet_column(facet, searcher)
    wanted = _assets(conditions, counted=facet)
    if relation is not None:
        wanted = wanted.join(relation)
    rows = wanted.with_only_columns(column.label("value"), func.count()).group_by("value")
    return dict(db.session.execute(rows).all())


def _order(sort: str) -> tuple[Any, ...]:
    newest = (func.coalesce(Asset.published_at, Asset.created_at).desc(), Asset.id.desc())
    if sort == "title":
        return (func.lower(Asset.title), Asset.id)
    if sort == "review":
        return (Asset.review_due.is_(None), Asset.review_due, *newest)
    return newest


def _highlight(words: str) -> Highlight:
    keys = tuple(frozenset(language.any_keys(word)) for word in language.words(words))
    return Highlight(frozenset().union(*keys), words=keys)
