"""The deal that a page of the library is used for: named by its address or chosen on it since."""

from flask import request

from contentlib.accounts.permissions import me
from contentlib.core.numbers import whole
from contentlib.deals import queries
from contentlib.deals.models import Deal


def deal_in_hand() -> Deal | None:
    """Return the deal named last, as a choice follows the address; a hidden deal is none."""
    *_, last = ["", *request.values.getlist("deal")]
    try:
        return queries.find_deal(me(), whole(last))
    except ValueError:
        return None
