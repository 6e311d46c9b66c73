"""Bytes that are text, the text they are, and what tells subtitles from other text."""

import codecs
import re

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
TIMING = re.compile(
    r"\s*(?:(?P<hours>\d{1,3}):)?(?P<minutes>\d{1,2}):\d{1,2}[.,]\d{1,3}[ \t]*-->[ \t]*\d"
)
_WEBVTT = re.compile(r"WEBVTT(?:[ \t\r\n]|$)")
_FIRST_CUE = re.compile(rf"\s*\d{{1,6}}[ \t]*\r?\n{TIMING.pattern}")
# Where so many times more letters beyond ASCII are whole, they did not become UTF-8 by chance.
_WHOLE_PER_DAMAGED = 4
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def looks_like_text(head: bytes) -> bool:
    """Tell whether the beginning of a file reads as text in UTF-8, UTF-16 or Latin-1."""
    if head.startswith(_UTF16):
        return "\0" not in head[: len(head) // 2 * 2].decode("utf-16", "ignore")
    return _CONTROL.search(head) is None


def subtitles_in(head: bytes) -> str | None:
    """Tell whether text begins as subtitles do, by the name of their kind."""
    text = decode(head)
    if _WEBVTT.match(text):
        return "vtt"
    return "srt" if _FIRST_CUE.match(text) else None


def decode(content: bytes) -> str:
    """Decode text whose encoding nobody told: its mark, else UTF-8, else Windows' Latin-1.

    What is cut off in the middle of a letter, or damaged in few places, is still UTF-8.
    """
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(content)
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", "replace")
    damaged = text.count("\N{REPLACEMENT CHARACTER}")
    if damaged * _WHOLE_PER_DAMAGED < sum(not char.isascii() for char in text):
        return text
    return content.decode("cp1252", "replace")
