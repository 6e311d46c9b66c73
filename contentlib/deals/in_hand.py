"""The deal that a page is used for: named by its address or chosen on it since."""

import re
from urllib.parse import parse_qs, urlsplit

from flask import request

from contentlib.accounts.permissions import me
from contentlib.core.numbers import whole
from contentlib.deals import queries
from contentlib.deals.models import Deal

_PAGE_OF_A_DEAL = re.compile(r"/deals/(\d{1,18})(?:/|$)")


def deal_in_hand() -> Deal | None:
    """Return the deal named last, as a choice follows the address; a hidden deal is none."""
    *_, last = ["", *request.values.getlist("deal")]
    return _visible(last)


def deal_of_page() -> Deal | None:
    """Return the deal of the page that asks for a part of itself: its own, or the one in hand."""
    address = urlsplit(request.headers.get("HX-Current-URL", ""))
    named = parse_qs(address.query).get("deal", [])
    if named:
        return _visible(named[-1])
    page = _PAGE_OF_A_DEAL.match(address.path)
    return _visible(page[1]) if page else None


def _visible(number: str) -> Deal | None:
    try:
        return queries.find_deal(me(), whole(number))
    except ValueError:
        return None
