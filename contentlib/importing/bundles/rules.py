"""Rules that a person writes: what lies in a folder, or is named so, is of that type or stage.

A pattern without wildcards is the name of a folder, anywhere in a path. With `*` or `?` it is the
name of a file, or, with a slash too, a whole path. Case and accents never matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from contentlib.core.folding import fold
from contentlib.importing.bundles.guessing import MANY
from contentlib.importing.bundles.paths import folders_of, name_of

LONGEST_PATTERN = 200
MOST_RULES = 200
# What a rule may say of a file.
AXES = ("type", "stages", "personas", "tags", "language", "audience", "owner", "status")


@dataclass(frozen=True)
class Rule:
    """A pattern, and what it says: one value for each axis it speaks of."""

    pattern: str
    says: Mapping[str, Any]

    def matches(self, path: str) -> bool:
        """Tell whether it speaks of a file."""
        pattern, whole = folded(self.pattern), folded(path)
        if not any(sign in pattern for sign in "*?"):
            return f"/{pattern.strip('/')}/" in f"/{'/'.join(folders_of(whole))}/"
        return fnmatchcase(whole if "/" in pattern else name_of(whole), pattern)


@lru_cache(maxsize=50_000)
def folded(path: str) -> str:
    """Return a path for comparison; its folders stay apart, and no bracket means anything."""
    return "/".join(fold(part) for part in path.replace("[", "(").replace("]", ")").split("/"))


def kept(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Return rules in a form that can be kept with a run."""
    return [{"pattern": rule.pattern, "says": dict(rule.says)} for rule in rules]


def read(rows: Sequence[Mapping[str, Any]]) -> list[Rule]:
    """Return the rules that were kept."""
    return [Rule(row["pattern"], row["says"]) for row in rows]


def said_by(rules: Sequence[Rule], path: str) -> dict[str, Any]:
    """Return what all rules say of a file: of lists everything, of single facts the last word."""
    said: dict[str, Any] = {}
    for rule in rules:
        if rule.matches(path):
            for name, value in rule.says.items():
                known = said.get(name, [])
                said[name] = (
                    [*known, *(v for v in value if v not in known)] if name in MANY else value
                )
    return said


def together(
    guessed: Mapping[str, Any],
    heard: Mapping[str, Any],
    ruled: Mapping[str, Any],
    told: Mapping[str, Any],
    by_hand: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what counts: hands, then tables, rules, the file itself, and guesses last."""
    return {**guessed, **heard, **ruled, **told, **by_hand}
