"""Filling in a script's fields from a deal; a part of the script's page."""

from urllib.parse import parse_qs, urlencode, urlsplit

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.numbers import whole
from contentlib.deals import merging
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.views import bp

# Over the page of one script another one may be open, and each has fields of its own.
PLACES = {"palette": "palette-"}


@bp.get("/deals/fill")
@requires("deal.view")
def fill() -> ResponseReturnValue:
    """Give the choice of a deal and of a person, and what they say of the fields asked for."""
    person_id, fields = request.args.get("person", type=whole), request.args.getlist("field")[:60]
    deal = deal_in_hand()
    people = sorted(deal.contacts, key=lambda one: one.id) if deal else []
    person = next((one for one in people if one.id == person_id), people[0] if people else None)
    answer = make_response(
        render_template(
            "deals/fill.html",
            fields=fields,
            place=PLACES.get(request.args.get("place", ""), ""),
            keep=request.args.get("keep", "")[:10],
            helps=merging.knows_any(fields),
            deal=deal,
            people=people,
            person=person,
            values=merging.values_of(fields, sender=me(), deal=deal, person=person),
        )
    )
    # Chosen on the page of the script, and not in a dialog over another page.
    if request.args.get("deal_text") is not None and request.args.get("keep") == "address":
        answer.headers["HX-Replace-Url"] = _page_with(deal.id if deal else None)
    return answer


def _page_with(deal_id: int | None) -> str:
    """Return the address of the page with its deal, so that to reload or go back keeps it."""
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    values = {name: value for name, value in parse_qs(page.query).items() if name != "deal"}
    query = urlencode(values | ({"deal": [str(deal_id)]} if deal_id else {}), doseq=True)
    return f"{page.path or '/'}{'?' if query else ''}{query}"
