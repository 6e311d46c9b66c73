"""The cells of the grid: facts as people read and type them, and back into what is kept."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contentlib.accounts.models import User
from contentlib.accounts.queries import active_users
from contentlib.core.commas import items
from contentlib.core.errors import N_, Invalid
from contentlib.core.folding import fold
from contentlib.importing.bundles.guessing import MANY
from contentlib.importing.bundles.models import Action, ImportFile
from contentlib.library import taxonomy
from contentlib.library.models import Audience, Status
from contentlib.library.service import clean_title
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag

# In the order of the columns; the action is a column of its own at the end.
COLUMNS = ("title", "type", "stages", "personas", "language", "owner", "audience", "status")
CHOICES = {
    "language": ("pt", "en"),
    "audience": tuple(Audience),
    "status": (Status.DRAFT, Status.PUBLISHED),
}
LONGEST_LIST = 20


@dataclass
class Lookup:
    """The words of all axes and the people, read once for a page of rows."""

    language: str
    _names: dict[str, dict[str, str]] = field(default_factory=dict)
    _keys: dict[str, dict[str, str]] = field(default_factory=dict)
    people: dict[int, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for axis, kind in (("type", AssetType), ("stages", Stage), ("personas", Persona)):
            self._learn(axis, taxonomy.all_terms(kind))
        self._learn("tags", taxonomy.all_terms(Tag))
        self.people = {user.id: user for user in active_users()}

    def _learn(self, axis: str, terms: Iterable[Any]) -> None:
        self._names[axis] = {term.key: term.name(self.language) for term in terms}
        keys = self._keys.setdefault(axis, {})
        for names in (lambda term: term.other_names, taxonomy.own_names):
            # What is a word's own name wins over what another is also called.
            keys.update({fold(name): term.key for term in terms for name in names(term)})

    def names(self, axis: str) -> dict[str, str]:
        """Return the words of an axis: keys and their names."""
        return self._names[axis]

    def shown(self, name: str, value: Any) -> str:
        """Return a fact as its cell shows it."""
        if name in MANY:
            return ", ".join(self._names[name].get(key, key) for key in value or ())
        if name == "owner":
            person = self.people.get(value)
            return person.name if person else ""
        return str(value or "")

    def read(self, name: str, text: str) -> Any:
        """Read what was typed into a cell, or say what is wrong with it."""
        reader: Callable[[str, str], Any] = {
            "title": lambda _name, text: clean_title(text),
            "owner": self._person,
            "tags": self._tags,
            "stages": self._words,
            "personas": self._words,
        }.get(name, self._choice)
        return reader(name, text)

    def _choice(self, name: str, text: str) -> str:
        known = self._names["type"] if name == "type" else CHOICES[name]
        if text not in known:
            raise Invalid(N_("“%(text)s” is not a known value."), field=name, text=text[:60])
        return str(text)

    def _words(self, name: str, text: str) -> list[str]:
        return [self._word(name, item) for item in items(text)[:LONGEST_LIST]]

    def _word(self, name: str, text: str) -> str:
        key = self._keys[name].get(fold(text))
        if key is None:
            raise Invalid(N_("“%(text)s” is not a known value."), field=name, text=text[:60])
        return key

    def _tags(self, name: str, text: str) -> list[str]:
        found = []
        for item in items(text)[:LONGEST_LIST]:
            key = self._keys[name].get(fold(item))
            if key is None:
                tag = taxonomy.add_term(Tag, item[:120])
                self._learn(name, [*taxonomy.all_terms(Tag)])
                key = tag.key
            found.append(key)
        return found

    def _person(self, name: str, text: str) -> int:
        wanted = fold(text)
        found = [
            user.id
            for user in self.people.values()
            if wanted in (fold(user.name), fold(user.email or ""))
        ]
        if len(found) != 1:
            sentence = (
                N_("Several people are called “%(text)s”; name one by address.")
                if found
                else N_("There is nobody “%(text)s” here.")
            )
            raise Invalid(sentence, field=name, text=text[:60])
        return found[0]


@dataclass
class Typed:
    """What a person typed into one row: the facts that differ, the action, what is wrong."""

    facts: dict[str, Any]
    action: Action | None
    wrong: dict[str, Invalid]
    # What stands in the cells that cannot be read.
    texts: dict[str, str] = field(default_factory=dict)


def read_row(file: ImportFile, given: Mapping[str, str], lookup: Lookup) -> Typed:
    """Read the cells of a row that were changed; what a person left alone stays a guess."""
    typed = Typed({}, None, {})
    for name in (*COLUMNS, "tags"):
        text = given.get(name)
        if text is None or text.strip() == lookup.shown(name, file.facts.get(name)):
            continue
        try:
            value = lookup.read(name, text.strip())
        except Invalid as error:
            typed.wrong[name], typed.texts[name] = error, text
            continue
        if value != file.facts.get(name):
            typed.facts[name] = value
    action = given.get("action", "")
    if action in tuple(Action) and action != file.action:
        typed.action = Action(action)
    return typed


def read_for_all(given: Mapping[str, str], lookup: Lookup) -> Typed:
    """Read what is said of many rows at once; an empty cell says nothing."""
    typed = Typed({}, None, {})
    for name in (*COLUMNS[1:], "tags"):
        text = given.get(name, "").strip()
        if not text:
            continue
        try:
            typed.facts[name] = lookup.read(name, text)
        except Invalid as error:
            typed.wrong[name] = error
    action = given.get("action", "")
    typed.action = Action(action) if action in tuple(Action) else None
    return typed
