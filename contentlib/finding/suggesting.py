"""What the search box proposes while somebody types. Proposing writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup
from sqlalchemy import select

from contentlib.core.db import db
from contentlib.finding import queries
from contentlib.finding.answering import Library
from contentlib.finding.names import Narrowing, all_names, begins, narrowings
from contentlib.library.models import Asset
from contentlib.library.taxonomy import AssetType
from contentlib.search import Answer, SearchError, language, mark

FEWEST_LETTERS = 2
MOST_ASKED = 12
MOST_MATERIALS = 5
MOST_OBJECTIONS = 3
MOST_NAMES = 3
MOST_RECENT = {True: 3, False: 6}
"""How many past searches are shown: beside other suggestions, and while nothing is typed."""
OBJECTION = "objection"


@dataclass(frozen=True)
class Material:
    """A material by its title, in which the typed words are marked."""

    id: int
    title: Markup
    type: AssetType


@dataclass(frozen=True)
class Suggestions:
    """What is proposed, in the groups that people see."""

    materials: Sequence[Material] = ()
    objections: Sequence[Material] = ()
    names: Mapping[str, Sequence[Narrowing]] = field(default_factory=dict)
    recent: Sequence[str] = ()

    @property
    def count(self) -> int:
        """Return how many lines there are."""
        groups = (self.materials, self.objections, *self.names.values(), self.recent)
        return sum(map(len, groups))


def suggestions(typed: str, library: Library, *, user_id: int, tongue: str) -> Suggestions:
    """Return what somebody may mean who has typed so far; of others' searches, nothing."""
    words = list(language.words(typed))
    recent = _recent(words, user_id)
    if len("".join(words)) < FEWEST_LETTERS:
        return Suggestions(recent=recent)
    found = materials_by_title(typed, library)
    return Suggestions(
        materials=[row for row in found if row.type.key != OBJECTION][:MOST_MATERIALS],
        objections=[row for row in found if row.type.key == OBJECTION][:MOST_OBJECTIONS],
        names=_names(narrowings(typed, all_names(), tongue=tongue)),
        recent=recent,
    )


def _names(named: Sequence[Narrowing]) -> dict[str, Sequence[Narrowing]]:
    by_facet: dict[str, list[Narrowing]] = {}
    for name in named:
        by_facet.setdefault(name.facet, []).append(name)
    return {facet: names[:MOST_NAMES] for facet, names in by_facet.items()}


def materials_by_title(typed: str, library: Library) -> list[Material]:
    """Load what the index knows by its title, asking the database once more who may see it."""
    answer = _by_title(typed, library)
    ids = [int(hit.id.removeprefix("asset:")) for hit in answer.hits]
    if not ids:
        return []
    query = (
        select(Asset.id, Asset.title, Asset.language, AssetType)
        .join(Asset.type)
        .where(Asset.id.in_(ids), library.searcher.may_find())
    )
    found = {
        asset_id: Material(asset_id, mark(title, answer.highlight, tongue), kind)
        for asset_id, title, tongue, kind in db.session.execute(query)
    }
    return [found[asset_id] for asset_id in ids if asset_id in found]


def _by_title(typed: str, library: Library) -> Answer:
    """Ask the index; without one there is nothing to propose, and the search itself says so."""
    query = replace(library.query(typed), limit=MOST_ASKED, typing=True, scope="titles")
    try:
        return library.engine.search(query)
    except SearchError:
        return Answer()


def _recent(words: Sequence[str], user_id: int) -> list[str]:
    """Return the person's latest searches that go on from these words, each once."""
    typed = " ".join(words)
    known: dict[str, str] = {}
    for query, normalised in queries.latest_searches(user_id):
        if normalised != typed and begins(words, normalised.split()):
            known.setdefault(normalised, query)
    return list(known.values())[: MOST_RECENT[bool(words)]]
