"""What led somebody to a material, as the address of its page tells."""

import re
from typing import Any

from flask import request

from contentlib.core.numbers import whole

SEARCH_ID = re.compile(r"[0-9a-f-]{8,36}")


def origin() -> dict[str, Any]:
    """Return the deal in hand, the search and the place among its results, each none if not told.

    What is noted from the page carries this along; packages above make something of the deal.
    """
    search, position = request.args.get("search", ""), request.args.get("pos", type=whole)
    found = SEARCH_ID.fullmatch(search) is not None
    return {
        "deal": request.args.get("deal", type=whole),
        "search": search if found else None,
        "pos": position if found and position and 0 < position < 10_000 else None,
    }
