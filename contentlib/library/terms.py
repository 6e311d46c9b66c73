"""Changes to the words of the taxonomy; the index follows where materials carry them."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, func, select

from contentlib import audit
from contentlib.audit import Action
from contentlib.core.commas import items
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Conflict, Invalid
from contentlib.core.folding import fold
from contentlib.core.lines import one_line
from contentlib.library.indexing import term_changed
from contentlib.library.models import Asset, asset_persona, asset_stage, asset_tag
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag, add_term, own_names

# Of all other names of a word together.
MOST_LETTERS = 500

Word = Stage | Persona | AssetType | Tag
# mypy sees the common base of four classes only as what they inherit from the database.
KINDS: dict[str, Any] = {"stage": Stage, "persona": Persona, "type": AssetType, "tag": Tag}
_PAIRS: dict[str, Table] = {"stage": asset_stage, "persona": asset_persona, "tag": asset_tag}


def all_words(kind: str) -> list[Word]:
    """Return all words of a kind, those in use first, in their order."""
    row = KINDS[kind]
    return list(db.session.scalars(select(row).order_by(row.retired, row.position, row.id)))


def get_word(kind: str, word_id: int) -> Word:
    """Return a word, or say that there is none."""
    if kind not in KINDS:
        raise Absent
    word: Word | None = db.session.get(KINDS[kind], word_id)
    if word is None:
        raise Absent
    return word


def use_counts(kind: str) -> Mapping[int, int]:
    """Return how many materials carry each word of a kind."""
    if kind == "type":
        column = Asset.type_id
        counted = select(column, func.count(Asset.id)).group_by(column)
    else:
        pair = _PAIRS[kind].c[f"{kind}_id"]
        counted = select(pair, func.count()).group_by(pair)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def add_word(kind: str, *, name_pt: str, name_en: str, aliases: str = "") -> Word:
    """Add a word at the end of its list."""
    if kind not in KINDS:
        raise Absent
    name_pt, name_en = _names(name_pt, name_en)
    aliases = _aliases(aliases, name_pt, name_en)
    _refuse_twin(KINDS[kind], name_pt, name_en, aliases, but=None)
    return cast(Word, add_term(KINDS[kind], name_pt, name_en, aliases))


def rename_word(word: Word, *, name_pt: str, name_en: str, aliases: str = "") -> None:
    """Change how a word is called; its key, and what carries it, stay."""
    name_pt, name_en = _names(name_pt, name_en)
    aliases = _aliases(aliases, name_pt, name_en)
    _refuse_twin(type(word), name_pt, name_en, aliases, but=word)
    renamed = (name_pt, name_en) != (word.name_pt, word.name_en)
    before = _names_of(word)
    word.name_pt, word.name_en, word.aliases = name_pt, name_en, aliases
    db.session.flush()
    changes = audit.differences(before, _names_of(word))
    if changes:
        audit.record(Action.TERM_RENAMED, subject=word, name=name_pt, changes=changes)
    # Only its own names stand in the index; other names are looked up when somebody searches.
    if renamed:
        term_changed(word)


def _names_of(word: Word) -> dict[str, str]:
    return {"name_pt": word.name_pt, "name_en": word.name_en, "aliases": word.aliases}


def move_word(kind: str, word: Word, *, steps: int) -> None:
    """Move a word up (negative) or down in its list."""
    words = [other for other in all_words(kind) if not other.retired]
    if word not in words:
        raise Conflict(N_("Only a word in use has a place in the list."))
    place = words.index(word)
    words.insert(max(0, min(len(words) - 1, place + steps)), words.pop(place))
    for position, other in enumerate(words):
        other.position = position
    db.session.flush()
    changes = audit.differences({"place": place + 1}, {"place": words.index(word) + 1})
    if changes:
        audit.record(Action.TERM_MOVED, subject=word, name=word.name_pt, changes=changes)


def retire_word(word: Word) -> None:
    """Offer a word no more; materials and deals that carry it keep it."""
    if word.retired:
        raise Conflict(N_("This word is retired already."))
    word.retired = True
    audit.record(Action.TERM_RETIRED, subject=word, name=word.name_pt)
    db.session.flush()


def reinstate_word(word: Word) -> None:
    """Offer a retired word again."""
    if not word.retired:
        raise Conflict(N_("This word is in use already."))
    word.retired = False
    audit.record(Action.TERM_REINSTATED, subject=word, name=word.name_pt)
    db.session.flush()


def _names(name_pt: str, name_en: str) -> tuple[str, str]:
    name_pt = one_line(name_pt)[:120]
    if not any(character.isalnum() for character in name_pt):
        raise Invalid(N_("Write a name."), field="name_pt")
    return name_pt, one_line(name_en)[:120] or name_pt


def _aliases(typed: str, name_pt: str, name_en: str) -> str:
    """Return other names as they are kept: each once, and none that is a name already."""
    own = {fold(name_pt), fold(name_en)}
    return ", ".join(item for item in items(typed[:MOST_LETTERS]) if fold(item) not in own)


def _refuse_twin(kind: Any, name_pt: str, name_en: str, aliases: str, *, but: Word | None) -> None:
    """Refuse a name that another word has: imports and searches could not tell the two apart."""
    for other in db.session.scalars(select(kind)):
        if other is but:
            continue
        taken = own_names(other) | set(map(fold, other.other_names))
        if taken & {fold(name_pt), fold(name_en)}:
            raise Invalid(N_("There is a word of this name already."), field="name_pt")
        for alias in items(aliases):
            if fold(alias) in taken:
                raise Invalid(
                    N_("“%(name)s” already stands for “%(word)s”."),
                    field="aliases",
                    name=alias,
                    word=other.name_pt,
                )
