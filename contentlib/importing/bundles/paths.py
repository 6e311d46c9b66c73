"""Names in folders and archives: what they say, and which of them are no content at all."""

import re
import unicodedata

from contentlib.core.errors import N_
from contentlib.core.folding import fold

LONGEST_PATH = 1000
# What systems and programs put beside the files of people.
_NOISE = frozenset((".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".localized", "icon\r"))
_NOISE_FOLDERS = frozenset(("__macosx", ".git", ".svn", "$recycle.bin", ".trashes", "@eadir"))
_DRIVE = re.compile(r"[A-Za-z]:")
# Of the encodings that archives are written in without saying so, the likeliest first.
_OLD_ENCODINGS = ("cp850", "cp1252", "cp437")
_LETTERS = frozenset("áàâãéêíóôõúüçÁÀÂÃÉÊÍÓÔÕÚÜÇñÑªº")

LEADS_OUT = N_(
    "This name leads out of the folder, as no honest one does, so the file is not taken."
)
TOO_LONG = N_("The name of this file, with its folders, is too long.")
NOISE = N_("Computers keep this file for themselves; it is no content.")


def decoded(raw: bytes) -> str:
    """Return a name whose encoding nobody tells, as it most likely was written.

    Finder and many tools write UTF-8 without saying so, Windows the old encoding of its consoles.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    readings = [raw.decode(encoding, "replace") for encoding in _OLD_ENCODINGS]
    return max(readings, key=_likelihood)


def _likelihood(text: str) -> int:
    """Count the letters that Portuguese has; what it never has counts against a reading."""
    foreign = [character for character in text if not character.isascii()]
    return sum(1 if character in _LETTERS else -1 for character in foreign)


def tidy(path: str) -> str:
    """Return a path as it is shown and matched: slashes, composed accents, nothing hidden."""
    text = unicodedata.normalize("NFC", path.replace("\\", "/"))
    return "".join(c for c in text if not unicodedata.category(c).startswith("C"))


def is_noise(path: str) -> bool:
    """Tell whether a file is one that computers keep for themselves."""
    *folders, name = path.split("/")
    return (
        name.lower() in _NOISE
        or name.startswith(("._", "~$"))
        or any(folder.lower() in _NOISE_FOLDERS for folder in folders)
    )


def what_is_wrong(path: str) -> str | None:
    """Return why a path cannot be an honest file's, or nothing.

    Nothing is ever written under these names; who sends one that climbs is still not trusted.
    """
    if path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        return LEADS_OUT
    if not path.rpartition("/")[2].strip():
        return LEADS_OUT
    return TOO_LONG if len(path) > LONGEST_PATH else None


def folders_of(path: str) -> list[str]:
    """Return the folders a file lies in, the outermost first."""
    return [folder for folder in path.split("/")[:-1] if folder]


def name_of(path: str) -> str:
    """Return a file's own name."""
    return path.rpartition("/")[2]


def stem_of(path: str) -> str:
    """Return a file's own name without its ending."""
    name = name_of(path)
    stem, dot, ending = name.rpartition(".")
    return stem if dot and 0 < len(ending) <= 5 else name


_COPY = re.compile(
    r"^(?:c[oó]pia de|copy of)\s+|\s*(?:- c[oó]pia|- copy)?\s*\(\d{1,2}\)$|\s*- (?:c[oó]pia|copy)$",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^(?:\d{1,3}\s*[.)\-–—]\s+|0\d{0,2}\s+(?=\D))")
_EDITION = re.compile(
    r"[\s._(\[-]*(?:\b|_)(?:v(?:ers[aã]o|er)?\.?\s?\d+(?:\.\d+)*|vf|final|finalizad[oa]|revisad[oa]|rev\d*"
    r"|aprovad[oa]|atualizad[oa])[)\]]?(?=$|[\s._-])",
    re.IGNORECASE,
)


def title_in(path: str) -> str:
    """Read a title from a file's name: without numbering, edition and signs of a copy."""
    stem = " ".join(stem_of(path).replace("_", " ").split())
    if " " not in stem:
        stem = stem.replace("-", " ").strip()
    short = stem
    for _round in range(3):
        short = _COPY.sub("", short).strip(" -–—._")
        short = _EDITION.sub("", short).strip(" -–—._")
    short = _NUMBERING.sub("", short)
    words = short if len(short) >= 3 else stem
    return (words[:1].upper() + words[1:])[:200]


def bare(text: str) -> str:
    """Return what is left of a title or name when editions, years and signs are taken away."""
    words = re.findall(r"[a-z]+|\d+", fold(title_in(text)))
    return " ".join(word for word in words if not re.fullmatch(r"(?:19|20)\d\d", word))
