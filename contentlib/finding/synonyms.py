"""Words that mean the same to a search, kept by marketing; a change counts at the next search."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Invalid
from contentlib.core.folding import fold
from contentlib.core.lines import one_line
from contentlib.finding.likeness import keys_of
from contentlib.finding.models import Synonym
from contentlib.search import language

FEWEST, MOST = 2, 12
MOST_WORDS, MOST_LETTERS = 4, 60


def all_synonyms() -> list[Synonym]:
    """Return every group, by its first word."""
    return sorted(db.session.scalars(select(Synonym)), key=lambda row: (fold(row.words[0]), row.id))


def with_letters(groups: Iterable[Synonym], typed: str) -> list[Synonym]:
    """Return the groups in whose words some letters stand, accents and capitals aside."""
    wanted = fold(typed)
    return [row for row in groups if any(wanted in fold(word) for word in row.words)]


def get_synonym(synonym_id: int) -> Synonym:
    """Return a group, or say that there is none."""
    row = db.session.get(Synonym, synonym_id)
    if row is None:
        raise Absent
    return row


def add_synonym(words: Sequence[str], *, by: User | None) -> Synonym:
    """Let words mean the same from now on."""
    row = Synonym(words=_checked(words, but=None), created_by_id=by.id if by else None)
    db.session.add(row)
    audit.record(Action.SYNONYM_ADDED, subject=row, by=by, words=row.words)
    db.session.flush()
    return row


def change_synonym(row: Synonym, words: Sequence[str]) -> None:
    """Let a group have other words."""
    before, row.words = row.words, _checked(words, but=row)
    changes = audit.differences({"words": before}, {"words": row.words})
    if changes:
        audit.record(Action.SYNONYM_CHANGED, subject=row, words=row.words, changes=changes)
    db.session.flush()


def remove_synonym(row: Synonym) -> None:
    """Let the words of a group mean only themselves again."""
    audit.record(Action.SYNONYM_REMOVED, subject=row, words=row.words)
    db.session.delete(row)
    db.session.flush()


def group_of(text: str) -> Synonym | None:
    """Return the group in which some words stand, if there is one."""
    wanted = keys_of(text)
    groups = all_synonyms()
    return next((row for row in groups if wanted and wanted in map(keys_of, row.words)), None)


def _checked(words: Iterable[str], *, but: Synonym | None) -> list[str]:
    """Return the words of a group, each once, or say what keeps them from being one."""
    once: dict[tuple[str, ...], str] = {}
    for word in map(one_line, words):
        if any(language.words(word)):
            once.setdefault(keys_of(word), word)
    _refuse_odd_number(len(once))
    for word in once.values():
        _refuse_unusable(word)
    for other in db.session.scalars(select(Synonym)):
        for word in other.words:
            if other is not but and keys_of(word) in once:
                raise Invalid(
                    N_("“%(word)s” is in another group already: %(words)s."),
                    field="words",
                    word=once[keys_of(word)],
                    words=", ".join(other.words),
                )
    return list(once.values())


def _refuse_odd_number(number: int) -> None:
    if number < FEWEST:
        raise Invalid(N_("Write at least two different words that mean the same."), field="words")
    if number > MOST:
        raise Invalid(
            N_("A group holds up to %(most)s words; make two of it."), field="words", most=MOST
        )


def _refuse_unusable(word: str) -> None:
    parts = list(language.words(word))
    if len(parts) > MOST_WORDS or len(word) > MOST_LETTERS:
        raise Invalid(
            N_("“%(word)s” is too long: up to four words stand between two commas."),
            field="words",
            word=word[:MOST_LETTERS],
        )
    if all(map(language.is_stop_word, parts)):
        raise Invalid(
            N_("“%(word)s” is too common; searches pass over it."), field="words", word=word
        )
