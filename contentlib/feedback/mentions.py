"""Whom a text speaks to: `@` before an address or a whole name, as people write them.

A name counts in any case and without its accents, and only where it ends: `@Ana Souza` means no
`Ana Souz`. Of two names that begin alike the longer one is meant; people of the same name are all
meant, and who wants one of them writes the address.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

# As many are told of one text; who wants more of them writes to a team.
MOST = 20
MOST_SIGNS = 100
_SIGN = re.compile(r"(?<![\w.+-])@(?=\w)")


@dataclass(frozen=True)
class Person:
    """Somebody who may be meant."""

    id: int
    name: str
    email: str


def mentioned(text: str, people: Iterable[Person]) -> frozenset[int]:
    """Return the ids of the people whom a text speaks to, at most ``MOST`` of them."""
    folded = _folded(text)
    names = ((_folded(word), one.id) for one in people for word in (one.email, one.name))
    known = [(word, id_) for word, id_ in names if word]
    meant: dict[int, None] = {}
    for sign in islice(_SIGN.finditer(folded), MOST_SIGNS):
        rest = folded[sign.end() :]
        fitting = [(word, id_) for word, id_ in known if _begins(rest, word)]
        longest = max((len(word) for word, _ in fitting), default=0)
        meant |= dict.fromkeys(id_ for word, id_ in fitting if len(word) == longest)
    return frozenset([*meant][:MOST])


def _begins(text: str, word: str) -> bool:
    """Tell whether a text begins with a word that ends there: no letter, nor more of an address."""
    return text.startswith(word) and re.match(r"\w|[.@-]\w", text[len(word) :]) is None


def _folded(text: str) -> str:
    """Return a text in one case and without accents, its lines and spaces single."""
    bare = unicodedata.normalize("NFKD", text)
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(kept.casefold().split())
