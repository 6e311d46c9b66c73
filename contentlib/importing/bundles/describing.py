"""What is said of each file of a run: guesses, rules, a table beside it and people's words."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.extraction import KINDS
from contentlib.importing.bundles import rules
from contentlib.importing.bundles.guessing import Words, words_of
from contentlib.importing.bundles.models import ImportFile
from contentlib.importing.models import ImportRun
from contentlib.library.models import Audience, Status
from contentlib.library.taxonomy import AssetType, Nicknamed, Persona, Stage, Tag
from contentlib.library.uploads.service import likely_type

AXES: dict[str, type[Any]] = {
    "type": AssetType,
    "stages": Stage,
    "personas": Persona,
    "tags": Tag,
}


def known_words() -> Words:
    """Return the words of the taxonomy as they are now."""
    return words_of({name: list(_names_of(kind)) for name, kind in AXES.items()})


def _names_of(kind: type[Nicknamed]) -> Iterable[tuple[str, str]]:
    for term in db.session.scalars(select(kind).where(kind.retired.is_(False))):
        for name in (term.key, term.name_pt, term.name_en, *term.other_names):
            yield name, term.key


class Describer:
    """Says what counts of each file of one run, by the rules it has now."""

    def __init__(self, run: ImportRun, *, language: str) -> None:
        self._words = known_words()
        self._rules = rules.read(run.mapping.get("rules", []))
        self._usual: dict[str, Any] = {
            "stages": [],
            "personas": [],
            "tags": [],
            "language": language,
            "audience": Audience.INTERNAL.value,
            "owner": run.by_id or run.mapping.get("owner"),
            "status": Status.DRAFT.value,
        }

    def describe(self, file: ImportFile) -> None:
        """Set what is said of a file, as it follows from all who speak of it."""
        kind = KINDS.get(file.kind or "")
        said = rules.together(
            self._words.guess(file.path),
            file.heard,
            rules.said_by(self._rules, file.path),
            file.told,
            file.by_hand,
        )
        usual = self._usual | {"type": likely_type(kind) if kind else "article"}
        file.facts = usual | said
        file.complete = is_complete(file.facts)

    def understood(self, folder: str) -> bool:
        """Tell whether a folder's name says anything by itself or by a rule."""
        return self._words.understood(folder) or any(
            rule.matches(f"{folder}/x") for rule in self._rules
        )


def is_complete(facts: dict[str, Any]) -> bool:
    """Tell whether sellers could see a material of which this is said."""
    return all(facts.get(name) for name in ("title", "stages", "personas", "owner"))
