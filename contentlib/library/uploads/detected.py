"""What a file's own words tell about it: its language, and a better title than its name."""

import re
from collections.abc import Sequence

from contentlib.core.folding import fold
from contentlib.core.lines import one_line
from contentlib.extraction import PageText

# Words that are frequent in one of the languages and rare in the other.
_PORTUGUESE = """
a ao aos as até com como da das de depois do dos e ela ele eles em entre era essa esse está estão
foram isso já mais mas mesmo muito na nas no nos não o os ou para pela pelo por quando que quem se
sem ser seu seus sua suas são também tem ter um uma você às é
"""
_ENGLISH = """
about all an and are as be but by can each for from had has have her his how if in into is it its
like make many more not of on or our out she so some than that the their them then there these they
this time to up was we were what when which will with would you your
"""
_MARKERS = {"pt": frozenset(_PORTUGUESE.split()), "en": frozenset(_ENGLISH.split())}
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 5
_ENOUGH_WORDS = 2000
# Titles that programs write into files by themselves.
_EMPTY_TITLES = re.compile(
    r"(?:untitled|sem título|presentation|powerpoint presentation|apresentação|document|documento"
    r"|apresentação do powerpoint|microsoft \w+ - .*|slide ?\d*"
    r"|.*\.(?:pdf|pptx?|docx?|xlsx?|indd|key))",
    re.IGNORECASE,
)


def guess_language(text: str) -> str | None:
    """Return `pt` or `en` when the small words of a text tell it clearly, else nothing."""
    words = [word.lower() for word in _WORD.findall(text)[:_ENOUGH_WORDS]]
    counts = {
        language: sum(word in marks for word in words) for language, marks in _MARKERS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    other = min(counts.values())
    return best if counts[best] >= _FEWEST and counts[best] >= 2 * other else None


def beginning_of(pages: Sequence[PageText]) -> str:
    """Return what a file says on its first pages, where a title stands."""
    return " ".join(page.text for page in pages[:_BEGINNING])


_BEGINNING = 3


def usable_title(text: str, beginning: str) -> str | None:
    """Return the title that a file gives itself, unless a program wrote it.

    Many a file began as a copy of another and still has its title: one is believed when most of its
    words stand at the beginning of what the file says, where that says anything.
    """
    title = one_line(text)
    if len(title) < 4 or len(title) > 160 or _EMPTY_TITLES.fullmatch(title):
        return None
    said, claimed = _words_of(beginning), _words_of(title)
    return title if not said or 2 * len(claimed & said) > len(claimed) else None


def _words_of(text: str) -> set[str]:
    return {word for word in _WORD_OR_NUMBER.findall(fold(text)) if len(word) > 2}


_WORD_OR_NUMBER = re.compile(r"\w+")
