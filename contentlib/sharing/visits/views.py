"""Pages of what buyers read: of a deal, of one link, and how all of it is counted."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contentlib.accounts.models import Role
from contentlib.accounts.permissions import me, requires
from contentlib.core.clock import now
from contentlib.core.db import begin_read_only, begin_writing, db
from contentlib.core.errors import Absent
from contentlib.core.numbers import whole
from contentlib.deals.models import Contact, Deal
from contentlib.deals.queries import find_deal, get_deal
from contentlib.deals.views import bp as deals_bp
from contentlib.library.firm_day import firm_today
from contentlib.sharing import erasing
from contentlib.sharing.consent_views import contact_of
from contentlib.sharing.models import ShareLink
from contentlib.sharing.touches import service as touches
from contentlib.sharing.visits import looking, page
from contentlib.sharing.visits.beacon_views import bp
from contentlib.sharing.visits.figures import TRACES


@deals_bp.get("/deals/<int:deal_id>/reading")
@requires("deal.view")
def reading(deal_id: int) -> ResponseReturnValue:
    """Show what the buyers of a deal read and did, and what came that does not count."""
    deal = get_deal(me(), deal_id)
    _note_look(deal)
    shown = page.of_deal(deal, for_=me(), moment=now(), today=firm_today())
    return render_template("sharing/reading.html", title=deal.title, **shown)


@bp.get("/links/<int:link_id>/reading")
@requires("deal.view")
def link_reading(link_id: int) -> ResponseReturnValue:
    """Show what was read by one link, which may belong to no deal."""
    link = _get_link(link_id)
    _note_look(link.deal or link)
    title = link.title or ", ".join(item.asset.title for item in link.items)
    return render_template("sharing/reading.html", title=title, **page.of_links([link]))


def _note_look(thing: Deal | ShareLink) -> None:
    """Write down who looks, before anything is shown; within an hour it stands there already.

    Only that first look writes, so that a page that is loaded again waits for nobody.
    """
    if request.method == "HEAD" or looking.is_noted(thing, by=me()):
        return
    begin_writing()
    looking.note_look(thing, by=me())
    db.session.commit()
    begin_read_only(True)


@deals_bp.post("/deals/<int:deal_id>/reading/split")
@requires("deal.edit")
def split_touch(deal_id: int) -> ResponseReturnValue:
    """Say that an address or number of another system is not this person's."""
    deal = get_deal(me(), deal_id)
    touches.split(_contact_of(deal), _identity(), by=me())
    db.session.commit()
    flash(_("Its touches are no longer shown as theirs."))
    return redirect(url_for("deals.reading", deal_id=deal.id))


@deals_bp.post("/deals/<int:deal_id>/reading/merge")
@requires("deal.edit")
def merge_touch(deal_id: int) -> ResponseReturnValue:
    """Take that back."""
    deal = get_deal(me(), deal_id)
    touches.merge_again(_contact_of(deal), _identity())
    db.session.commit()
    return redirect(url_for("deals.reading", deal_id=deal.id))


@bp.post("/links/<int:link_id>/erase")
@requires("reader.erase")
def erase_reader(link_id: int) -> ResponseReturnValue:
    """Erase who a link was for, in every link to the same person."""
    link = _get_link(link_id)
    erasing.erase_reader(link, by=me())
    db.session.commit()
    flash(_("Erased. What was read stays, as nobody's."))
    if link.deal_id:
        return redirect(url_for("deals.reading", deal_id=link.deal_id))
    return redirect(url_for("visits.link_reading", link_id=link.id))


@bp.get("/counting")
@requires("self")
def counting() -> ResponseReturnValue:
    """Say in plain words what counts as a person's reading, and what does not."""
    return render_template("sharing/counting.html", figures=TRACES)


def _get_link(link_id: int) -> ShareLink:
    """Return a link if its deal is one for this person, or it is their own without a deal."""
    link = db.session.scalars(select(ShareLink).where(ShareLink.id == link_id)).first()
    if link is None:
        raise Absent
    if link.deal_id is not None:
        visible = find_deal(me(), link.deal_id) is not None
    else:
        visible = link.by_id == me().id or me().role in (Role.MARKETER, Role.ADMIN)
    if not visible:
        raise Absent
    return link


def _contact_of(deal: Deal) -> Contact:
    return contact_of(deal, request.form.get("contact", type=whole))


def _identity() -> str:
    identity = request.form.get("identity", "")[:260]
    if not identity.startswith(("email:", "id:")):
        raise Absent
    return identity
