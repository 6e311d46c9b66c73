"""File names as people send them, made harmless."""

import re
import unicodedata

from contentlib.extraction.kinds import BY_EXTENSION, Kind

_LONGEST = 180  # bytes in UTF-8: room for a suffix below the 255 every file system takes
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
_SPACES = re.compile(r"\s+")


def extension_of(name: str) -> str:
    """Return what follows the last dot of a cleaned name, in lower case."""
    _, dot, extension = clean_filename(name).rpartition(".")
    return extension.lower() if dot else ""


def clean_filename(name: str, kind: Kind | None = None) -> str:
    """Return a name that is safe to show, to store and to save a download under.

    Folders, control characters, NUL and marks that turn the reading direction are dropped (an
    `exe.fdp` must not read as `pdf.exe`); a very long name keeps its ending. With `kind`, a
    missing or foreign ending is completed.
    """
    name = re.split(r"[/\\]", name.replace("\0", ""))[-1]
    name = unicodedata.normalize("NFC", name)
    name = "".join(" " if char.isspace() else char for char in name if not _invisible(char))
    name = _SPACES.sub(" ", _FORBIDDEN.sub("_", name)).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        stem, ending = name, ""
    if kind is not None and ending.lower() not in kind.extensions:
        stem, ending = stem if ending.lower() in BY_EXTENSION else name, kind.extension
    suffix = f".{ending}" if ending else ""
    return _shorten(stem.rstrip(" ."), _LONGEST - len(suffix.encode())) + suffix


def _invisible(char: str) -> bool:
    """Control, format, surrogate, private and unassigned characters, but not line breaks."""
    return unicodedata.category(char).startswith("C") and not char.isspace()


def _shorten(stem: str, room: int) -> str:
    short = stem.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore").rstrip(" .")
    return short or "file"
