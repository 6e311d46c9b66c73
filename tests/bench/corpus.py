"""A made-up sales library of any size: Portuguese and English, the same documents every time.

Words are drawn by Zipf's law, steeper beyond the first thousands as it is in real texts, from
function words, real words of sales and a long tail of invented ones with the shapes of the
language. Each document has a theme that it returns to, so that words repeat within it.
"""

import random
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from contentlib.search import Document, Page
from tests.bench import corpus_words as given

VERSION = 2
"""Goes up with every change of what is generated or recorded; then all is built anew."""

SEED = 20_240
FORMS = 120_000
"""Different word forms a language has."""

KERNEL, TAIL = 5_000.0, 1.6
"""The rank from which words become rare faster, and the exponent from there on."""

MEAN_WORDS = 580
SPREAD = 0.75
PAGE_WORDS = 190
THEME = 36
THEME_SHARE = 0.2
PORTUGUESE_SHARE = 0.65
TEAMS = 12
MAY_READ = frozenset({"everyone", "team:3"})
"""The labels of the person who searches: about three quarters of all documents are theirs."""

FACETS = ("stage", "persona", "type", "language", "owner")


class Tongue:
    """The words of a language from the most to the least frequent, and how often each comes."""

    def __init__(self, name: str) -> None:
        self.name = name
        common, core = given.FUNCTION[name].split(), given.SALES[name].split()
        invented = _invented(name, FORMS - len(common) - len(core))
        self.words = [*common, *_interleaved(core, invented)]
        self.core = core
        ranks = np.arange(len(self.words)) + 2.7
        shares = np.where(ranks < KERNEL, 1 / ranks, KERNEL ** (TAIL - 1) / ranks**TAIL)
        self.cumulative = np.cumsum(shares / shares.sum())

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
        """Give the ranks of that many words."""
        ranks = np.searchsorted(self.cumulative, rng.random(count))
        return np.minimum(ranks, len(self.words) - 1)


def documents(count: int, start: int = 0) -> Iterator[Document]:
    """Give the documents in order; the first ones are the same whatever the count."""
    for number in range(start, start + count):
        yield document(number)


def document(number: int) -> Document:
    """Give one document."""
    rng = np.random.default_rng([SEED, number])
    tongue = _tongue("pt" if rng.random() < PORTUGUESE_SHARE else "en")
    theme = np.exp(rng.uniform(np.log(120), np.log(20_000), THEME)).astype(int)
    length = int(np.clip(rng.lognormal(np.log(MEAN_WORDS) - SPREAD**2 / 2, SPREAD), 30, 6_000))
    ranks = tongue.draw(rng, length)
    themed = rng.random(length) < THEME_SHARE
    # The theme has words it returns to more than to others, too.
    ranks[themed] = theme[(THEME * rng.random(int(themed.sum())) ** 2).astype(int)]
    body = [tongue.words[rank] for rank in ranks]
    return Document(
        id=f"asset:{number}",
        revision=1,
        title=_title(rng, tongue, theme),
        language=tongue.name,
        tags=tuple(_some(rng, tongue.core, 1, 4)),
        pages=tuple(_pages(rng, body)),
        facets=_facets(rng, tongue.name),
        access=_access(rng),
        moment=1_700_000_000.0 + float(rng.integers(0, 60_000_000)),
    )


def _facets(rng: np.random.Generator, tongue: str) -> dict[str, tuple[str, ...]]:
    owner = int(np.clip(rng.zipf(1.4), 1, 60))
    return {
        "stage": (_weighted(rng, given.STAGES),),
        "persona": tuple(sorted(set(_some(rng, given.PERSONAS, 1, 3)))),
        "type": (_weighted(rng, given.TYPES),),
        "language": (tongue,),
        "owner": (f"owner-{owner:02}",),
    }


def _access(rng: np.random.Generator) -> tuple[str, ...]:
    if rng.random() < 0.7:
        return ("everyone",)
    return tuple(sorted({f"team:{team}" for team in rng.integers(0, TEAMS, 2)}))


def _title(rng: np.random.Generator, tongue: Tongue, theme: NDArray[np.int64]) -> str:
    words = [*_some(rng, tongue.core, 2, 3), *(tongue.words[rank] for rank in theme[:3])]
    rng.shuffle(words)
    return " ".join(words).capitalize()


def _pages(rng: np.random.Generator, body: list[str]) -> Iterator[Page]:
    for number, start in enumerate(range(0, len(body), PAGE_WORDS), start=1):
        words = body[start : start + PAGE_WORDS]
        sentences, position = [], 0
        while position < len(words):
            size = int(rng.integers(6, 22))
            sentences.append(" ".join(words[position : position + size]).capitalize())
            position += size
        yield Page(number, ". ".join(sentences) + ".")


def _some(rng: np.random.Generator, choices: list[str], least: int, most: int) -> list[str]:
    picked = rng.integers(0, len(choices), int(rng.integers(least, most + 1)))
    return [choices[index] for index in picked]


def _weighted(rng: np.random.Generator, choices: list[str]) -> str:
    """Choose so that the first ones come more often, as stages and types do."""
    return choices[int(len(choices) * rng.random() ** 1.5)]


def _interleaved(core: list[str], invented: list[str]) -> list[str]:
    """Put a real word after every four invented ones until none is left."""
    mixed = list(invented)
    for index, word in enumerate(core):
        mixed.insert(5 * index, word)
    return mixed


def _invented(name: str, count: int) -> list[str]:
    chance = random.Random(f"{SEED}-{name}")
    heads, tails = given.ONSETS[name].split(), given.VOWELS[name].split()
    endings = given.ENDINGS[name].split()
    roots = [
        "".join(
            chance.choice(heads) + chance.choice(tails) for _ in range(chance.choice((1, 2, 2)))
        )
        for _ in range(count // 3)
    ]
    found: dict[str, None] = {}
    while len(found) < count:
        found[chance.choice(roots) + chance.choice(endings)] = None
    # Frequent words are shorter, by and large.
    return sorted(found, key=lambda word: len(word) + chance.uniform(0, 8))


@lru_cache(maxsize=2)
def _tongue(name: str) -> Tongue:
    return Tongue(name)
