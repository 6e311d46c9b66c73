"""What changed between two texts of several pages, word by word, as parts to be marked.

Pages are brought together first, so that one more page at the beginning does not make all others
look new. Within two pages the words are compared, and what both begin and end with is set aside:
most pages differ in a few words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

# A word with the space after it, so that the parts together are the text again.
_WORD = re.compile(r"\S+\s*|\s+")
# Words of a page that are compared; a page of a book has some 400.
MOST_WORDS = 3000
# Unchanged words that are shown around a change.
AROUND = 12


class Kind(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    # Kept as well, but so many that they are only counted.
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Part:
    """Words that stand together and share their fate; `words` counts those left out."""

    kind: Kind
    text: str
    words: int = 0


@dataclass(frozen=True)
class PageChange:
    """A page that changed: its numbers before and after, none where there is no such page."""

    before: int | None
    after: int | None
    parts: Sequence[Part]


@dataclass(frozen=True)
class Comparison:
    """Pages that changed, how many did not, and how many words came and went."""

    pages: Sequence[PageChange]
    same: int
    added: int
    removed: int
    # Some page was longer than is compared.
    is_cut: bool = False


Page = tuple[int, str]


def compare(before: Sequence[Page], after: Sequence[Page]) -> Comparison:
    """Compare two texts, each a list of page numbers and their words, in reading order."""
    pairs = _pairs(before, after)
    changed = [pair for pair in pairs if not _alike(*pair)]
    words = [(_words(old[1] if old else ""), _words(new[1] if new else "")) for old, new in changed]
    parts = [_parts(old[:MOST_WORDS], new[:MOST_WORDS]) for old, new in words]
    return Comparison(
        pages=[
            PageChange(old[0] if old else None, new[0] if new else None, _folded(page))
            for (old, new), page in zip(changed, parts, strict=True)
        ],
        same=len(pairs) - len(changed),
        added=_count(parts, Kind.ADDED),
        removed=_count(parts, Kind.REMOVED),
        is_cut=any(max(len(old), len(new)) > MOST_WORDS for old, new in words),
    )


def _pairs(before: Sequence[Page], after: Sequence[Page]) -> list[tuple[Page | None, Page | None]]:
    """Bring pages together: equal ones first, those between them in their order."""
    matcher = SequenceMatcher(
        None, [_plain(text) for _, text in before], [_plain(text) for _, text in after], False
    )
    found: list[tuple[Page | None, Page | None]] = []
    for _tag, low, high, start, end in matcher.get_opcodes():
        found += zip_longest(before[low:high], after[start:end])
    return found


def _alike(old: Page | None, new: Page | None) -> bool:
    return _plain(old[1] if old else "") == _plain(new[1] if new else "")


def _plain(text: str) -> str:
    return " ".join(text.split())


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _parts(old: list[str], new: list[str]) -> list[Part]:
    keys = [word.strip() for word in old], [word.strip() for word in new]
    head = _common(*keys)
    tail = _common(keys[0][head:][::-1], keys[1][head:][::-1])
    ends = len(old) - tail, len(new) - tail
    parts = [(Kind.KEPT, new[:head])]
    # Words that are everywhere on a long page are no anchors: that keeps a hostile page cheap.
    matcher = SequenceMatcher(None, keys[0][head : ends[0]], keys[1][head : ends[1]])
    for tag, low, high, start, end in matcher.get_opcodes():
        if tag == "equal":
            parts.append((Kind.KEPT, new[head + start : head + end]))
            continue
        parts.append((Kind.REMOVED, old[head + low : head + high]))
        parts.append((Kind.ADDED, new[head + start : head + end]))
    parts.append((Kind.KEPT, new[ends[1] :]))
    return [Part(kind, "".join(words), len(words)) for kind, words in parts if words]


def _common(one: list[str], other: list[str]) -> int:
    """Return with how many equal words two lists begin."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _folded(parts: list[Part]) -> list[Part]:
    """Leave out what is far from every change, and say how much it was."""
    folded: list[Part] = []
    for place, part in enumerate(parts):
        lead = 0 if place == 0 else AROUND
        trail = 0 if place == len(parts) - 1 else AROUND
        if part.kind is not Kind.KEPT or part.words <= lead + trail + AROUND:
            folded.append(part)
            continue
        words = _words(part.text)
        left_out = len(words) - lead - trail
        around = "".join(words[:lead]), "".join(words[len(words) - trail :])
        folded += [Part(Kind.KEPT, around[0], lead)] if lead else []
        folded.append(Part(Kind.LEFT_OUT, "", left_out))
        folded += [Part(Kind.KEPT, around[1], trail)] if trail else []
    return folded


def _count(pages: Sequence[Sequence[Part]], kind: Kind) -> int:
    return sum(part.words for parts in pages for part in parts if part.kind is kind)
