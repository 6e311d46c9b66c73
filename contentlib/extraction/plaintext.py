"""Bytes that are text, and the text they are."""

import codecs
import re

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def looks_like_text(head: bytes) -> bool:
    """Tell whether the beginning of a file reads as text in UTF-8, UTF-16 or Latin-1."""
    if head.startswith(_UTF16):
        return "\0" not in head[: len(head) // 2 * 2].decode("utf-16", "ignore")
    return _CONTROL.search(head) is None


def decode(content: bytes) -> str:
    """Decode text whose encoding nobody told: its mark, else UTF-8, else Windows' Latin-1."""
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
