"""Comparing what people write without regard to case, accents and stray characters."""

import re
import unicodedata


def fold(text: str) -> str:
    """Return a text for comparison: no accents, one case, single spaces."""
    bare = unicodedata.normalize("NFKD", text)
    kept = "".join(character for character in bare if not unicodedata.combining(character))
    return " ".join(kept.casefold().replace("_", " ").split())


def slug(text: str) -> str:
    """Return a stable key for a name, made of small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")[:60] or "unnamed"
