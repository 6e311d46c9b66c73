"""TXT and Markdown: the text as it stands."""

from pathlib import Path

from contentlib.extraction.document import MOST_CHARACTERS, Document
from contentlib.extraction.plaintext import decode

# A character takes up to four bytes, so a longer file is always seen to be cut.
_MOST_BYTES = 4 * MOST_CHARACTERS + 4


def read(path: Path) -> Document:
    """Read a text file."""
    return Document(iter([read_text(path)]), page_count=1)


def read_text(path: Path) -> str:
    """Return the decoded beginning of a file."""
    with path.open("rb") as stream:
        return decode(stream.read(_MOST_BYTES))
