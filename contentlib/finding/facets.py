"""The filters beside the results: every value with its name and how many it would leave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, String, cast, literal, select, union_all

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import N_
from contentlib.finding.criteria import FACETS, Criteria
from contentlib.library.files.formats import FORMAT_NAMES
from contentlib.library.standing import STANDING_NAMES
from contentlib.library.taxonomy import AssetType, Persona, Stage
from contentlib.search import Answer

FACET_NAMES = {
    "stage": N_("Funnel stage"),
    "persona": N_("Persona"),
    "type": N_("Type"),
    "language": N_("Language"),
    "state": N_("State"),
    "format": N_("Format"),
    "owner": N_("Owner"),
}
LANGUAGE_NAMES = {"pt": N_("Portuguese"), "en": N_("English")}

_KINDS: dict[str, Any] = {"stage": Stage, "persona": Persona, "type": AssetType}

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Option:
    """One value of a facet."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Facet:
    """One group of filters."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Names:
    """The names of all values of all facets, in a reader's language and in their order."""

    by_facet: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, language: str, translate: Translate) -> "Names":
        """Read the names that are data and translate those that are ours."""
        known: dict[str, dict[str, str]] = {facet: {} for facet in (*_KINDS, "owner")}
        for facet, value, name, *_order in db.session.execute(_names(language)):
            known[facet][value] = name
        ours: dict[str, Mapping[str, str]] = {
            "language": LANGUAGE_NAMES,
            "state": {standing.value: name for standing, name in STANDING_NAMES.items()},
            "format": FORMAT_NAMES,
        }
        translated = {
            facet: {value: translate(name) for value, name in names.items()}
            for facet, names in ours.items()
        }
        return cls(known | translated)

    def of(self, facet: str, value: str) -> str:
        """Return the name of a value; one that is not known stands for itself."""
        return self.by_facet[facet].get(value, value)


@cache
def _names(language: str) -> CompoundSelect[Any]:
    """Select facet, value and name of what is data, in its order.

    Retired words are among them, since they still stand on older materials.
    """
    terms = (
        select(
            literal(facet),
            kind.key,
            (kind.name_en if language == "en" else kind.name_pt).label("name"),
            kind.position.label("position"),
            kind.id.label("number"),
        )
        for facet, kind in _KINDS.items()
    )
    people = select(literal("owner"), cast(User.id, String), User.name, literal(0), literal(0))
    return union_all(*terms, people).order_by("position", "number", "name")


def facets_of(
    criteria: Criteria, answer: Answer, names: Names, translate: Translate
) -> list[Facet]:
    """Return the facets worth showing: values that occur, and those that are chosen."""
    facets = []
    for facet in FACETS:
        counts, chosen = answer.facets.get(facet, {}), criteria.chosen(facet)
        known = names.by_facet[facet]
        values = [value for value in known if counts.get(value) or value in chosen]
        values += sorted(chosen - known.keys())
        options = tuple(
            Option(value, names.of(facet, value), counts.get(value, 0), value in chosen)
            for value in values
        )
        if options:
            facets.append(Facet(facet, translate(FACET_NAMES[facet]), options))
    return facets
