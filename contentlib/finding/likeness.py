"""When two texts are the same words to a search, whatever their case, accents, plurals, order."""

from contentlib.search import language


def keys_of(text: str) -> tuple[str, ...]:
    """Return a key for each telling word of a text; stop words count where nothing else is there.

    `objeções` is `objeção` and `studies` is `study` although nobody knows the language of a query.
    """
    words = list(language.words(text))
    telling = [word for word in words if not language.is_stop_word(word)]
    return tuple(language.one_key(word) for word in telling or words)


def likeness(text: str) -> str:
    """Return a text that all queries of the same words share, in whatever order they stand."""
    return " ".join(sorted(set(keys_of(text))))[:256]
