"""The chain itself: what of an entry is hashed, and how a link holds the one before it.

Pure functions; `docs/audit.md` says the same in words, so that anybody can verify an export with a
few lines of their own. Hashes and seals are 64 small hexadecimal digits. Links are joined as in
Haber and Stornetta, "How to time-stamp a digital document" (1991); the canonical form is that of
RFC 8785 for the values allowed here.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Entry = Mapping[str, Any]
# What the first link follows.
NOTHING = "0" * 64
LARGEST = 2**53 - 1


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: names in order, no spaces, letters as they are.

    Takes objects with ASCII names, lists, texts, whole numbers up to 2^53 - 1, truth values and
    null; raises ``TypeError`` for anything else, such as a fraction, which databases do not give
    back as they got it, and ``ValueError`` for a number that is too large or half a letter.
    """
    _refuse_ambiguous(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text.encode()
    return text


_PLAIN = frozenset({str, bool, type(None)})


def _refuse_ambiguous(value: Any) -> None:
    if type(value) in _PLAIN:
        return
    if isinstance(value, dict):
        if not all(isinstance(name, str) and name.isascii() for name in value):
            raise TypeError("only ASCII letters can name anything here")
        _refuse_any(value.values())
    elif isinstance(value, (list, tuple)):
        _refuse_any(value)
    elif not isinstance(value, (int, str)):
        raise TypeError(f"a {type(value).__name__} has no canonical form")
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError(f"{value} is not the same number everywhere")


def _refuse_any(values: Iterable[Any]) -> None:
    for value in values:
        if type(value) not in _PLAIN:
            _refuse_ambiguous(value)


def link_hash(number: int, previous: str, entry: Entry) -> str:
    """Return the hash of a link: SHA-256 over its number, the hash before it and its entry."""
    return _sha256(canonical({"entry": dict(entry), "number": number, "previous": previous}))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def seal(key: bytes, entry: Entry) -> str:
    """Return what only the holder of a key can put on an entry: HMAC-SHA-256, RFC 2104."""
    return hmac.new(key, canonical(dict(entry)).encode(), hashlib.sha256).hexdigest()


def is_sealed(key: bytes, entry: Entry, told: str) -> bool:
    """Tell whether a seal is that of an entry under a key."""
    return hmac.compare_digest(seal(key, entry), told)


def end_of_chain(number: int, last: str) -> Entry:
    """Return what is sealed of a chain's end: how many links there are and the last one's hash."""
    return {"hash": last, "number": number}


@dataclass(frozen=True)
class Link:
    """A link as it was found: its place, the hashes that stand there, the entry or None."""

    number: int
    previous: str
    hash: str
    entry: Entry | None


@dataclass(frozen=True)
class End:
    """Where a chain has come to: the number and the hash of its last link."""

    number: int = 0
    hash: str = NOTHING


def fault_after(end: End, link: Link) -> str | None:
    """Say what is wrong with a link that should follow an end; None when it does.

    `missing`: there is a gap before it, or its entry is gone. `displaced`: it follows another link
    than the one before it. `changed`: it is not what was hashed.
    """
    if link.number != end.number + 1 or link.entry is None:
        return "missing"
    try:
        hashed = link_hash(link.number, end.hash, link.entry)
    except (TypeError, ValueError):
        return "changed"
    if link.previous != end.hash:
        # Where the hash still tells the right predecessor, only the copy of it was changed.
        return "changed" if hashed == link.hash else "displaced"
    return None if hashed == link.hash else "changed"
