"""Turn words into the keys they are found by: one recipe, used by every engine.

A *word* is a run of letters and digits; a *key* is what the index stores. The steps, in order:

1. fold: decompose, drop accents and soft hyphens, casefold (``Objeções`` → ``objecoes``);
2. for Portuguese, a light plural (``objecoes`` → ``objecao``), which Snowball itself gets wrong;
3. for Portuguese, what Snowball needs to see that a noun belongs to a verb: a noun in -mento as its
   verb (``treinamento`` → ``treinar``), and the accents that certain endings always have
   (``integracao`` → ``integração``, so that it meets ``integrar``);
4. Snowball's stemmer of the document's language, folded again (``integração`` → ``integr``).

Folding comes before stemming, so that text typed without accents meets text written with them; the
accents of step 3 follow from the letters alone, so they are the same for both. A document is
analysed by its own language; a query, whose language nobody knows, by the union of both. Source of
the steps and their order: measurements on FaQuAD, Pirá and Cranfield (step 3 took nDCG@10 from
.916 to .920 on FaQuAD and from .866 to .867 on Pirá).

Everything here is pure, total (any string is accepted) and safe to call from several threads.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeVar

import Stemmer

from contentlib.search.stopwords import STOP_WORDS

VERSION = 2
"""Goes up with every change of a key, so that an index made with other keys is rebuilt."""

T = TypeVar("T")

LANGUAGES = ("pt", "en")
MAX_WORD_LENGTH = 64
"""Longer runs of letters are no words (base64, joined PDF text); their first letters are kept."""

MOST_KNOWN = 131_072
"""Words that are remembered in each of their forms; then all are forgotten and begun anew."""

# Combining marks and the soft hyphen belong to a word: PDFs are full of both.
WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u00ad])+")

_SNOWBALL = {"pt": "portuguese", "en": "english"}
_stemmers = threading.local()  # A stemmer keeps its state in itself, so each thread has its own.

# Ending → its singular, and how long the word must be for the ending to be a plural.
# The lengths keep mais, dois, seis and meses from becoming mal, dol, sel and me.
_PLURALS = (
    ("oes", "ao", 5),
    ("aes", "ao", 4),
    ("ais", "al", 5),
    ("eis", "el", 5),
    ("ois", "ol", 5),
    ("uis", "ul", 5),
    ("is", "il", 5),
    ("ns", "m", 4),
    ("teses", "tese", 6),
    ("eses", "e", 6),  # ingleses meets ingles, which loses its s below.
)
# Unstressed -il makes its plural in -eis too; these are the ones that sellers write.
_IRREGULAR = {
    "ageis": "agil",
    "dificeis": "dificil",
    "faceis": "facil",
    "frageis": "fragil",
    "inuteis": "inutil",
    "uteis": "util",
    "versateis": "versatil",
}


# Nouns of verbs in -ar, and of those in -er and -ir, which share their stem.
_DEEDS = (("amento", "ar"), ("imento", "er"))
_SHORTEST_DEED = 3

# Endings whose accents the letters decide, as Snowball knows them.
_ACCENTED = (
    ("cao", "ção"),
    ("avel", "ável"),
    ("ivel", "ível"),
    ("encia", "ência"),
    ("ancia", "ância"),
)


class _Known(dict[str, T]):
    """What was worked out for a word; looked up faster than ``lru_cache`` can be called."""

    def __init__(self, work_out: Callable[[str], T]) -> None:
        self._work_out = work_out

    def __missing__(self, word: str) -> T:
        if len(self) >= MOST_KNOWN:
            self.clear()
        value = self[word] = self._work_out(word)
        return value


def words(text: str) -> Iterator[str]:
    """Give the folded words of a text in order, stop words included."""
    return filter(None, map(_folded.__getitem__, WORD.findall(text)))


def fold(word: str) -> str:
    """Strip case, accents, ligatures and soft hyphens: ``ﬁnanças`` → ``financas``; may be empty."""
    return _folded[word]


def _fold(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word.lower()[:MAX_WORD_LENGTH]
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(c for c in decomposed if c != "\u00ad" and not unicodedata.combining(c))
    # A compatibility form may hide a space or a capital (℡, ㎏): only letters and digits stay.
    return "".join(c for c in bare.casefold() if c.isalnum())[:MAX_WORD_LENGTH]


_folded = _Known(_fold)


def singular(folded: str) -> str:
    """Undo the regular Portuguese plurals of a folded word: ``papeis`` → ``papel``."""
    if not folded.endswith("s"):
        return folded
    if folded in _IRREGULAR:
        return _IRREGULAR[folded]
    for ending, replacement, shortest in _PLURALS:
        if len(folded) >= shortest and folded.endswith(ending):
            return folded[: -len(ending)] + replacement
    # Mês, país, bônus and business are no plurals.
    return folded if len(folded) < 4 or folded.endswith(("is", "ss", "us")) else folded[:-1]


def key(folded: str, language: str) -> str:
    """Give the one key of a folded word in Portuguese (``pt``) or English (``en``)."""
    if not folded.isalpha():
        return folded  # Numbers and names such as b2b or q3 mean themselves.
    if language != "pt":
        return _stemmer(language).stemWord(folded) or folded
    return fold(_stemmer("pt").stemWord(_accented(_verb(singular(folded))))) or folded


def _verb(noun: str) -> str:
    """Give the verb that a noun in -mento is made of; ``treinamento`` → ``treinar``."""
    for ending, of_verb in _DEEDS:
        if noun.endswith(ending) and len(noun) - len(ending) >= _SHORTEST_DEED:
            return noun[: -len(ending)] + of_verb
    return noun


def _accented(folded: str) -> str:
    """Give endings their accents back where there is no doubt; ``cao`` itself may be a dog."""
    for ending, accented in _ACCENTED:
        if folded.endswith(ending) and len(folded) > len(ending) + 1:
            return folded[: -len(ending)] + accented
    return folded


@lru_cache(maxsize=65_536)
def one_key(folded: str) -> str:
    """Give the one key of a folded word whose language nobody knows.

    Portuguese takes its plural off first, English what is left of its own.
    """
    return key(key(folded, "pt"), "en")


@lru_cache(maxsize=65_536)
def any_keys(folded: str) -> tuple[str, ...]:
    """Give every key a folded word may be stored under: what a query asks for."""
    return tuple(dict.fromkeys(key(folded, language) for language in LANGUAGES))


def keys_in(language: str) -> Callable[[str], tuple[str, ...]]:
    """Give what tells the keys that a document in this language stores a folded word under.

    ``language`` is a tag such as ``pt``, ``pt-BR`` or ``en``; a document in any other language is
    stored under all keys, since people will ask for it in Portuguese or in English.
    """
    return _keys_in.get(language[:2].lower(), any_keys)


def _known_keys(language: str) -> Callable[[str], tuple[str, ...]]:
    return _Known[tuple[str, ...]](lambda folded: (key(folded, language),)).__getitem__


_keys_in = {language: _known_keys(language) for language in LANGUAGES}


def is_stop_word(folded: str) -> bool:
    """Tell whether a folded word is too common, in either language, to search bodies for."""
    return folded in STOP_WORDS


def _stemmer(language: str) -> Stemmer.Stemmer:
    stemmer = getattr(_stemmers, language, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(_SNOWBALL[language], 0)  # What is asked again, our caches have.
        setattr(_stemmers, language, stemmer)
    return stemmer
