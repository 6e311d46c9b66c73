"""Noting a use from any other page, such as that of a deal in the CRM, by a bookmark."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.i18n import explain
from contentlib.core.ids import new_token
from contentlib.core.numbers import whole
from contentlib.deals import queries, use
from contentlib.deals.forms import CHANNELS
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.models import Deal
from contentlib.deals.outside import deals_meant
from contentlib.deals.recent import recent_assets
from contentlib.deals.use_views import chosen_assets, key_of_form, told_use
from contentlib.deals.views import bp
from contentlib.library.firm_day import firm_today, firm_zone
from contentlib.library.models import Asset
from contentlib.library.queries import find_by_title, get_assets
from contentlib.usage.models import UsageEvent

LONGEST_ADDRESS, LONGEST_TITLE = 2000, 300
# Whatever page it is used on tells us its address and title, and nothing besides.
BOOKMARKLET = (
    "javascript:(()=>{{window.open('{address}?url='+encodeURIComponent(location.href)"
    "+'&title='+encodeURIComponent(document.title),'contentlib','width=480,height=720')}})()"
)


@bp.get("/me/bookmarklet")
@requires("self")
def bookmarklet() -> ResponseReturnValue:
    """Show the bookmark that notes a use from any page, and how to keep it."""
    address = current_app.config["BASE_URL"].rstrip("/") + url_for("deals.use_page")
    return render_template("deals/bookmarklet.html", script=BOOKMARKLET.format(address=address))


@bp.get("/use")
@requires("usage.record")
def use_page() -> ResponseReturnValue:
    """Show the form of a use as a page, with the deal that the page it was opened on is about."""
    deals = _deals_of_page()
    likely = deal_in_hand() or next(iter([*deals, *queries.suggestions(me(), "", 1)]), None)
    return _form(likely=likely, is_recognised=bool(deals))


@bp.post("/use")
@requires("usage.record")
def record_use_page() -> ResponseReturnValue:
    """Write the use down; what cannot be used keeps the form as it was filled in."""
    try:
        deal, assets = _named_deal(), _named_assets()
        events = use.note_use(
            deal, assets, told_use("bookmarklet"), by=me(), key=key_of_form(), zone=firm_zone()
        )
    except Invalid as error:
        db.session.rollback()
        return _refused(explain(error)), 422
    db.session.commit()
    return _done(deal, events)


def _done(deal: Deal, events: Sequence[UsageEvent]) -> str:
    before = use.told_before(events, key_of_form())
    new = [event for event in events if event not in before]
    return render_template("deals/use_noted.html", deal=deal, events=new, before=before)


def _deals_of_page() -> Sequence[Deal]:
    address = request.values.get("url", "")[:LONGEST_ADDRESS]
    title = request.values.get("title", "")[:LONGEST_TITLE]
    return deals_meant(me(), address=address, title=title)


def _form(*, likely: Deal | None, is_recognised: bool = False, **told: Any) -> str:
    shown = {"recent": recent_assets(me(), likely), "ticked": [], "refusal": "", **told}
    return render_template(
        "deals/use_page.html",
        assets=[],
        deal=likely,
        likely=likely,
        with_deal=True,
        is_recognised=is_recognised,
        channels=CHANNELS,
        key=request.form.get("key", "")[:60] or new_token(),
        today=firm_today(),
        **shown,
    )


def _refused(sentence: str) -> str:
    """Show the form again; materials of which a name was the beginning can be ticked in it."""
    form = request.form
    ticked = chosen_assets(form.getlist("asset", type=whole))
    meant = _by_title(form.get("asset_text", "")) if not ticked else []
    likely = queries.find_deal(me(), form.get("deal", 0, type=whole))
    return _form(
        likely=likely,
        recent=_each_once([*ticked, *meant, *recent_assets(me(), likely)]),
        ticked=[asset.id for asset in ticked],
        refusal=sentence,
        asset_text=form.get("asset_text", "")[:200],
        deal_text=form.get("deal_text", "")[:200],
        day=form.get("occurred_on", "")[:10],
        note=form.get("note", "")[:500],
        told_more=True,
    )


def _each_once(assets: Sequence[Asset]) -> list[Asset]:
    return list({asset.id: asset for asset in assets}.values())


def _named_deal() -> Deal:
    """Return the deal chosen from the list, or the one whose name was typed without scripts."""
    chosen = request.form.get("deal", type=whole)
    deal = queries.get_deal(me(), chosen) if chosen else None
    typed = request.form.get("deal_text", "").strip()[:100]
    if deal is not None and typed in ("", deal.title):
        return deal
    found = queries.suggestions(me(), typed) if typed else []
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"“{one.title}”" for one in found[:5])
        raise Invalid(N_("Several deals are called so: %(names)s."), field="deal", names=names)
    raise Invalid(N_("Choose the deal."), field="deal")


def _named_assets() -> list[Asset]:
    """Return the materials ticked, and the one whose title was typed without scripts."""
    ticked = chosen_assets(request.form.getlist("asset", type=whole))
    typed = request.form.get("asset_text", "").strip()[:100]
    found = _by_title(typed) if typed else []
    if len(found) == 1:
        return _each_once([*ticked, *found])
    if found and not ticked:
        raise Invalid(N_("Several materials are called so: tick those you used."), field="assets")
    return ticked


def _by_title(typed: str) -> list[Asset]:
    found = find_by_title(typed[:100], firm_today()) if typed.strip() else []
    return get_assets(me(), [asset.id for asset in found], firm_today())
