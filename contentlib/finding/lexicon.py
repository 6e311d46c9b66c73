"""What the words of a query may mean here: names of the taxonomy, languages, and synonyms."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Text, cast, literal, select, union_all

from contentlib.core.commas import items
from contentlib.core.db import db
from contentlib.finding.models import Synonym
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag
from contentlib.search.meanings import Entry, Lexicon

KEPT = "finding.lexicon"
TAG = "tag"
_KINDS: dict[str, Any] = {"stage": Stage, "persona": Persona, "type": AssetType}
LANGUAGES = (
    Entry(("português", "em português", "portuguese", "in portuguese"), (), (("language", "pt"),)),
    Entry(("inglês", "em inglês", "english", "in english"), (), (("language", "en"),)),
)

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Kept:
    """A lexicon and the rows it was made from."""

    rows: Rows
    lexicon: Lexicon


def current_lexicon() -> Lexicon:
    """Return the lexicon of this moment.

    The few rows it is made from are read and compared each time, which is exact and costs less
    than a millisecond: an edit counts at once in every process, and one that is undone does not.
    """
    rows = _rows()
    kept: _Kept | None = current_app.extensions.get(KEPT)
    if kept is None or kept.rows != rows:
        kept = current_app.extensions[KEPT] = _Kept(rows, Lexicon(_entries(rows)))
    return kept.lexicon


# Retired words are among them: they still stand on older materials. Groups are read as the text
# they are stored as, which compares as well and is taken apart only where it changed.
_NONE = literal("")
_READ = union_all(
    *(
        select(literal(facet), kind.key, kind.name_pt, kind.name_en, kind.aliases)
        for facet, kind in _KINDS.items()
    ),
    select(literal(TAG), Tag.key, Tag.name_pt, Tag.name_en, Tag.aliases).where(Tag.aliases != ""),
    select(_NONE, _NONE, _NONE, _NONE, cast(Synonym.words, Text)),
)


def _rows() -> Rows:
    return tuple(sorted(map(tuple, db.session.execute(_READ))))


def _entries(rows: Rows) -> Iterator[Entry]:
    yield from LANGUAGES
    for facet, key, name_pt, name_en, others in rows:
        if not facet:
            group = tuple(json.loads(others))
            yield Entry(group, group)
            continue
        names = tuple(dict.fromkeys((name_pt, name_en, *items(others))))
        # Tags are words of the materials themselves, no filter: their names are synonyms.
        yield Entry(names, names) if facet == TAG else Entry(names, (), ((facet, key),))
