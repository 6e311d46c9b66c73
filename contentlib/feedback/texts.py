"""What people type, made fit to be kept: nothing hidden in it, and no longer than it may be."""

from contentlib.core.errors import N_, Invalid
from contentlib.core.lines import one_line, visible

LONGEST = 5000
LONGEST_QUOTE = 500
LONGEST_PAGE = 100_000
TOO_LONG = N_("This text has more than %(most)s characters.")


def required(text: str, sentence: str, *, field: str = "text", most: int = LONGEST) -> str:
    """Return a text without what nobody sees, or say what is missing or too much."""
    kept = optional(text, field=field, most=most)
    if not kept:
        raise Invalid(sentence, field=field)
    return kept


def optional(text: str, *, field: str = "text", most: int = LONGEST) -> str:
    """Return a text that may be empty."""
    kept = visible(text).strip()
    if len(kept) > most:
        raise Invalid(TOO_LONG, field=field, most=most)
    return kept


def quoted(text: str) -> str:
    """Return marked words as they are quoted: on one line, cut where they become a page."""
    words = one_line(text)
    return words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1].rstrip()}…"


def page_of(number: int | None) -> int | None:
    """Return the number of a page, or nothing for one that no file has."""
    return number if number is not None and 0 < number <= LONGEST_PAGE else None
