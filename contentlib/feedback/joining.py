"""Two changes of one text brought together, where they concern different places of it.

A text was changed by two people who both began with the same words. What only one of them changed
is taken from that one; where both changed the same lines, each otherwise, somebody has to decide.
Lines are compared, the unit in which people write; equal changes of both are one change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Beyond so many lines nobody reads a comparison; such a text is decided on as a whole.
MOST_LINES = 2000

Words = Mapping[str, str]
# From which line to which of the old text something else stands, and what.
_Change = tuple[int, int, list[str]]


@dataclass(frozen=True)
class Joined:
    """The parts of a text after both changes; those in conflict as they are at present."""

    words: Words
    conflicts: frozenset[str] = frozenset()


def join(base: Words, present: Words, suggested: Words) -> Joined:
    """Bring a suggestion, made from `base`, together with what the text has become since."""
    words, conflicts = {}, set()
    for part, now in present.items():
        before = base.get(part, "")
        both = join_texts(before, now, suggested.get(part, before))
        words[part] = now if both is None else both
        if both is None:
            conflicts.add(part)
    return Joined(words, frozenset(conflicts))


def join_texts(base: str, one: str, other: str) -> str | None:
    """Return a text with the changes of both, or None where they cannot both be made."""
    if other in (one, base):
        return one
    if one == base:
        return other
    old = base.splitlines()
    if max(len(old), len(one.splitlines()), len(other.splitlines())) > MOST_LINES:
        return None
    changes = sorted([*_changes(old, one.splitlines()), *_changes(old, other.splitlines())])
    return _made(old, changes)


def _changes(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        (low, high, [*new[start:end]]) for tag, low, high, start, end in codes if tag != "equal"
    ]


def _meet(before: _Change, after: _Change) -> bool:
    """Tell whether two changes touch the same lines, or nobody could say which comes first."""
    adds_only = before[0] == before[1] or after[0] == after[1]
    return after[0] < before[1] or (after[0] == before[1] and adds_only)


def _made(old: Sequence[str], changes: Sequence[_Change]) -> str | None:
    """Make changes in their order, unless two of them touch the same lines."""
    lines: list[str] = []
    done = 0
    before: _Change | None = None
    for change in changes:
        if change == before:
            continue
        low, high, new = change
        if before is not None and _meet(before, change):
            return None
        lines += [*old[done:low], *new]
        done, before = high, change
    return "\n".join([*lines, *old[done:]])
