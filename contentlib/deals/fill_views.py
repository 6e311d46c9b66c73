"""Filling in a script's fields from a deal; a part of the script's page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.numbers import whole
from contentlib.deals import merging
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.views import bp


@bp.get("/deals/fill")
@requires("deal.view")
def fill() -> ResponseReturnValue:
    """Give the choice of a deal and of a person, and what they say of the fields asked for."""
    person_id, fields = request.args.get("person", type=whole), request.args.getlist("field")[:60]
    deal = deal_in_hand()
    people = sorted(deal.contacts, key=lambda one: one.id) if deal else []
    person = next((one for one in people if one.id == person_id), people[0] if people else None)
    return render_template(
        "deals/fill.html",
        fields=fields,
        helps=merging.knows_any(fields),
        deal=deal,
        people=people,
        person=person,
        values=merging.values_of(fields, sender=me(), deal=deal, person=person),
    )
