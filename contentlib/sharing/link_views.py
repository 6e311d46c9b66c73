"""Links that were sent: lists of them, one of them, and its end."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Invalid
from contentlib.core.numbers import whole
from contentlib.core.paging import page_number, paginate
from contentlib.deals.queries import get_deal
from contentlib.library.firm_day import firm_today, firm_zone
from contentlib.library.models import Asset, Audience
from contentlib.library.queries import get_asset
from contentlib.sharing import queries, service
from contentlib.sharing.fitness import is_behind, version_shown
from contentlib.sharing.forms import FOLLOWING, GATES, end_of_day, last_day
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.releases import concerns
from contentlib.sharing.views import bp, messages_of

TABS = ("active", "expired", "revoked", "all")


@bp.get("/links")
@requires("share.create")
def links() -> ResponseReturnValue:
    """Show the links that this person made, by how they stand; or theirs with one material."""
    state = request.args.get("show", "active")
    state = state if state in TABS else "active"
    asset = _asset_asked_for()
    rows = queries.links_with(me(), state, asset.id) if asset else queries.links_by(me(), state)
    page = paginate(rows, number=page_number(request.args.get("page")))
    return render_template(
        "sharing/links.html", page=page, state=state, asset=asset, **_listed(page.rows)
    )


def _asset_asked_for() -> Asset | None:
    number = request.args.get("asset", type=whole)
    return get_asset(me(), number, firm_today()) if number is not None else None


@bp.get("/deals/<int:deal_id>/links")
@requires("share.create")
def of_deal(deal_id: int) -> ResponseReturnValue:
    """Give the links of a deal, for its page."""
    deal = get_deal(me(), deal_id)
    rows = queries.links_of_deal(me(), deal)
    return render_template("sharing/of_deal.html", deal=deal, rows=rows, **_listed(rows))


@bp.get("/assets/<int:asset_id>/links")
@requires("share.create")
def of_asset(asset_id: int) -> ResponseReturnValue:
    """Give the links that hold a material, for its page; nothing where there are none."""
    asset = get_asset(me(), asset_id, firm_today())
    rows = queries.links_of_asset(me(), asset.id)
    return render_template("sharing/of_asset.html", asset=asset, rows=rows, **_listed(rows))


@bp.get("/assets/<int:asset_id>/links/live")
@requires("asset.edit")
def at_release(asset_id: int) -> ResponseReturnValue:
    """Give the live links that a version concerns, and the choice to tell whose they are.

    `?form=` names the form of the page that releases it, `?v=` the version if there is one already.
    """
    asset = get_asset(me(), asset_id, firm_today())
    number = request.args.get("v", type=whole)
    version = next((one for one in asset.versions if one.number == number), None)
    rows = queries.live_links_of(me(), asset_id) if asset.audience is Audience.SHAREABLE else []
    found = concerns(rows, asset_id, version)
    return render_template(
        "sharing/at_release.html",
        following=[link for one in found for link in one.following],
        staying=sum(len(one.staying) for one in found),
        told=[one for one in found if one.person.id != me().id],
        form_id=request.args.get("form", "")[:40],
    )


@bp.get("/links/<int:link_id>")
@requires("share.create")
def link(link_id: int) -> ResponseReturnValue:
    """Show one link: its words, what holds for it, what is gone of it."""
    row = queries.get_link(me(), link_id)
    today = firm_today()
    gone = {item.position for item in row.items if version_shown(row, item, today) is None}
    return render_template(
        "sharing/link.html",
        link=row,
        gone=gone,
        renewable={item.position for item in row.items if is_behind(row, item)} - gone,
        message=messages_of([row])[row.id],
        gates=GATES,
        following=FOLLOWING,
        today=today,
        link_day=last_day(row.expires_at, firm_zone()),
        **_listed([row]),
    )


@bp.post("/links/<int:link_id>/revoke")
@requires("share.create")
def revoke(link_id: int) -> ResponseReturnValue:
    """End a link at once."""
    row = queries.get_link(me(), link_id)
    service.revoke(row, by=me())
    db.session.commit()
    flash(_("The link opens nothing any more."))
    return _to(row)


@bp.post("/links/<int:link_id>/expiry")
@requires("share.create")
def change_expiry(link_id: int) -> ResponseReturnValue:
    """Let a link end on another day."""
    row = queries.get_link(me(), link_id)
    day = _day(request.form.get("expires_on", ""))
    service.change_expiry(row, end_of_day(day, firm_zone()), by=me())
    db.session.commit()
    flash(_("The link has a new last day."))
    return _to(row)


@bp.post("/links/<int:link_id>/items/<int:position>/replace")
@requires("share.create")
def replace(link_id: int, position: int) -> ResponseReturnValue:
    """Put another material into the place of one; the buyer's address stays."""
    row = queries.get_link(me(), link_id)
    item, chosen = _item_at(row, position), request.form.get("asset", type=whole)
    if chosen is None:
        raise Invalid(N_("Choose a material."), field="asset")
    asset = get_asset(me(), chosen, firm_today())
    service.replace_item(item, asset, link=row, by=me(), today=firm_today())
    db.session.commit()
    flash(_("The buyer now finds “%(title)s” there.", title=asset.title))
    return _to(row)


@bp.post("/links/<int:link_id>/items/<int:position>/renew")
@requires("share.create")
def renew(link_id: int, position: int) -> ResponseReturnValue:
    """Let a link that stays with a version show the one published now."""
    row = queries.get_link(me(), link_id)
    service.renew_item(_item_at(row, position), link=row, by=me(), today=firm_today())
    db.session.commit()
    flash(_("The buyer now sees the new version."), "success")
    return _to(row)


def _item_at(row: ShareLink, position: int) -> ShareItem:
    for item in row.items:
        if item.position == position:
            return item
    raise Absent


def _to(row: ShareLink) -> ResponseReturnValue:
    return redirect(url_for("sharing.link", link_id=row.id), 303)


def _listed(rows: Sequence[ShareLink]) -> dict[str, object]:
    """Return what a list shows of links besides their rows."""
    return {
        "behind": {row.id: any(is_behind(row, item) for item in row.items) for row in rows},
        "opened": queries.opened(rows),
        "states": {row.id: queries.state_of(row) for row in rows},
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(N_("“%(text)s” is not a day."), field="expires_on", text=text[:20]) from None
