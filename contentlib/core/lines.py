"""Text as people type it, without what nobody sees: control characters and turned direction."""

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
# Control characters, marks that hide or turn the reading direction, and halves of characters.
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})
_KEPT = frozenset("\n\t\u200c\u200d")
# They hold emoji and letters of some scripts together; beside Latin ones they join nothing.
_LOOSE_JOINER = re.compile(
    r"(?<![\u0250-\U0010ffff])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0250-\U0010ffff])"
)


def visible(text: str) -> str:
    """Return a text of any number of lines without hidden characters; tabs and joiners stay.

    Its lines end in a plain line feed.
    """
    text = _LINE_ENDS.sub("\n", text)
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    kept = "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _HIDDEN)
    return _LOOSE_JOINER.sub("", kept)


def one_line(text: str) -> str:
    """Return a name or title on one line: nothing hidden, single spaces, accents composed."""
    return unicodedata.normalize("NFC", " ".join(visible(text).split()))
