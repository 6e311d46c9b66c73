"""SRT and WebVTT: what is said, in pages of five minutes; numbers and styles are left out."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

from contentlib.extraction.document import Document
from contentlib.extraction.plaintext import TIMING
from contentlib.extraction.readers.text import read_text

MINUTES = 5
# A file may claim any time; what comes after a day goes to the last page.
_LAST_PAGE = 24 * 60 // MINUTES
_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_MARKUP = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")


def read(path: Path) -> Document:
    """Read subtitles of either kind."""
    return Document(_pages(read_text(path).replace("\r\n", "\n").replace("\r", "\n")))


def _pages(text: str) -> Iterator[str]:
    """Give a page for each five minutes, also where nobody speaks."""
    said: list[list[str]] = [[]]
    for minute, lines in _cues(text):
        page = min(minute // MINUTES, _LAST_PAGE)
        while len(said) <= page:
            said.append([])
        said[-1].extend(lines)
    for lines in said:
        # Captions made live repeat the line that scrolls up.
        yield "\n".join(line for before, line in pairwise(["", *lines]) if line != before)


def _cues(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give what is said with its minute; a block without a time is no speech."""
    for block in _BLANK_LINES.split(text):
        lines = block.strip("\n").split("\n")
        for at, line in enumerate(lines[:2]):
            if found := TIMING.match(line):
                minute = int(found["hours"] or 0) * 60 + int(found["minutes"])
                spoken = (unescape(_MARKUP.sub("", words)).strip() for words in lines[at + 1 :])
                yield minute, [words for words in spoken if words]
                break
