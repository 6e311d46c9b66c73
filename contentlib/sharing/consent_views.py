"""What a person of a deal said of being told apart as a reader, noted on a page of its own."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.core.forms import Blaming
from contentlib.deals.forms import ConsentForm
from contentlib.deals.models import Consent, Contact, Deal
from contentlib.deals.queries import get_deal
from contentlib.deals.views import bp
from contentlib.library.firm_day import firm_today
from contentlib.sharing.opposing import note_consent


@bp.route("/deals/<int:deal_id>/contacts/<int:contact_id>/consent", methods=["GET", "POST"])
@requires("deal.edit")
def consent(deal_id: int, contact_id: int) -> ResponseReturnValue:
    """Note what a person said, since when and how; it holds for their links at once."""
    deal = get_deal(me(), deal_id)
    contact = contact_of(deal, contact_id)
    form = ConsentForm()
    if form.validate_on_submit():
        with Blaming(form):
            note_consent(
                contact,
                Consent(form.consent.data),
                on=form.since.data,
                source=form.source.data or "",
                by=me(),
                today=firm_today(),
            )
            db.session.commit()
            flash(_("Noted. It holds for every link to %(name)s.", name=contact.name))
            return redirect(url_for("deals.reading", deal_id=deal.id))
    if request.method == "GET":
        form.show(contact)
    page = render_template("sharing/consent.html", form=form, deal=deal, contact=contact)
    return page, 422 if form.errors else 200


def contact_of(deal: Deal, contact_id: int | None) -> Contact:
    """Return a person of a deal, or say that there is none."""
    for contact in deal.contacts:
        if contact.id == contact_id:
            return contact
    raise Absent
