"""A deck without its other slides, so that the first one is shown as early as that of a short deck.

LibreOffice reads only the slides that the list in `ppt/presentation.xml` names (ECMA-376, part 1,
19.2.1.34), and most of the time goes into reading them. Runs inside the sandbox.
"""

import re
import zipfile
from pathlib import Path

_LIST = "ppt/presentation.xml"
_NAMED = re.compile(rb"<p:sldId\s[^>]*?(?:/>|>.*?</p:sldId>)", re.DOTALL)


def keep_first_slide(path: Path) -> None:
    """Take all slides but the first off the list of a PPTX; one written otherwise stays whole."""
    with zipfile.ZipFile(path, "a") as deck:
        if _LIST not in deck.NameToInfo:
            return
        listed = deck.read(_LIST)
        # What the directory no longer names is not there; the other parts need not be copied.
        deck.filelist.remove(deck.NameToInfo.pop(_LIST))
        deck.writestr(_LIST, _shortened(listed))


def _shortened(listed: bytes) -> bytes:
    first = _NAMED.search(listed)
    end = first.end() if first else len(listed)
    return listed[:end] + _NAMED.sub(b"", listed[end:])
