"""Choose the engine that a setting names."""

from collections.abc import Callable
from pathlib import Path

from contentlib.core.errors import N_
from contentlib.search.engine import Engine, SearchError
from contentlib.search.whoosh_engine import WhooshEngine

SCHEMES: dict[str, Callable[[str], Engine]] = {
    "whoosh": lambda rest: WhooshEngine(Path(rest)),
}


def open_engine(url: str) -> Engine:
    """Open the engine of a URL such as ``whoosh:var/index``; nothing is read or written yet."""
    scheme, colon, rest = url.partition(":")
    if not colon or not rest or scheme not in SCHEMES:
        raise SearchError(
            N_("CONTENTLIB_SEARCH_URL must look like whoosh:FOLDER; “%(url)s” names no engine."),
            url=url,
        )
    return SCHEMES[scheme](rest)
