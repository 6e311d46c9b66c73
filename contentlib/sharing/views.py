"""Sending materials to buyers: the dialog, the links it makes, the words that go with them."""

import json
from collections.abc import Sequence

from flask import (
    Blueprint,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext, refresh
from flask_security.utils import hash_password

from contentlib.accounts.permissions import me, requires
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import Invalid
from contentlib.core.forms import Blaming
from contentlib.core.i18n import language
from contentlib.core.numbers import whole
from contentlib.core.signing import signing_keys
from contentlib.deals.models import Deal
from contentlib.deals.queries import get_deal, suggestions
from contentlib.library.firm_day import firm_today, firm_zone
from contentlib.library.models import Asset
from contentlib.library.queries import get_assets
from contentlib.mail.current import mail_is_set_up
from contentlib.sharing import passes, queries, sending, service, tokens
from contentlib.sharing.buyer import shown_of
from contentlib.sharing.fitness import why_not
from contentlib.sharing.forms import ShareForm
from contentlib.sharing.messages import Message, message_of
from contentlib.sharing.models import ShareLink
from contentlib.sharing.passes import Pass
from contentlib.sharing.public import buyer_page
from contentlib.sharing.recipients import Recipient, of_contacts, read_recipients

bp = Blueprint("sharing", __name__)

# How a link left, by the button that was pressed; copied alone, nobody knows.
CHANNELS = {"whatsapp": "whatsapp", "email": "email"}


@bp.route("/share", methods=["GET", "POST"])
@requires("share.create")
def share() -> ResponseReturnValue:
    """Ask for whom a link is and what holds for it; make one for each recipient."""
    form, again = ShareForm(), _repeated()
    deal = again.deal if again else _deal()
    form.offer(list(deal.contacts) if deal else [], codes=mail_is_set_up())
    if form.validate_on_submit():
        with Blaming(form):
            made = service.create_links(
                _chosen(),
                _recipients(form, deal),
                service.Terms(deal=deal, password_hash=_hashed(form), **form.facts(firm_zone())),
                by=me(),
                today=firm_today(),
                key=signing_keys()[-1],
            )
            db.session.commit()
            return _made_answer(made)
    assets = [item.asset for item in again.items] if again else _assets()
    if not form.is_submitted():
        _begin(form, again, assets)
    return _asking(form, deal, assets)


def _begin(form: ShareForm, again: ShareLink | None, assets: Sequence[Asset]) -> None:
    if again:
        form.repeat(again, firm_today())
        return
    form.begin(assets[0].language if assets else language(), firm_today())


def _asking(form: ShareForm, deal: Deal | None, assets: Sequence[Asset]) -> ResponseReturnValue:
    today = firm_today()
    reasons = {asset.id: why_not(asset, today) for asset in assets}
    is_part = bool(request.headers.get("HX-Request"))
    part = "_share_form.html" if form.is_submitted() else "share_dialog.html"
    page = render_template(
        f"sharing/{part if is_part else 'share_page.html'}",
        form=form,
        deal=deal,
        likely=[] if deal else suggestions(me(), "", 4),
        again=request.values.get("again", type=whole),
        assets=[asset for asset in assets if reasons[asset.id] is None],
        refused=[
            _(str(reasons[asset.id]), title=asset.title) for asset in assets if reasons[asset.id]
        ],
    )
    # What htmx is to put into the dialog is no error to it.
    return page, 422 if form.errors and not is_part else 200


@bp.get("/share/whom")
@requires("share.create")
def whom() -> ResponseReturnValue:
    """Give the part of the form that names a deal and its people, those ticked that were."""
    form, deal = ShareForm(), _deal()
    form.offer(list(deal.contacts) if deal else [], codes=mail_is_set_up())
    form.contacts.data = request.args.getlist("contacts")
    return render_template(
        "sharing/_whom.html",
        form=form,
        chosen=deal,
        likely=suggestions(me(), "", 4),
        assets=_assets(),
    )


def _deal() -> Deal | None:
    """Return the deal that a link is for; one that this person may not see is absent."""
    *_before, last = [None, *request.values.getlist("deal", type=whole)]
    return get_deal(me(), last) if last is not None else None


def _repeated() -> ShareLink | None:
    """Return the link that another one is to be made like, if the address names one."""
    number = request.values.get("again", type=whole)
    return queries.get_link(me(), number) if number is not None else None


def _assets() -> list[Asset]:
    """Return the materials that are asked for and exist for this person, in their order."""
    asked = request.values.getlist("asset", type=whole)
    return get_assets(me(), sorted(dict.fromkeys(asked), key=_place), firm_today())


def _chosen() -> list[Asset]:
    """Return the materials to be sent, or say that one of them is not there any more."""
    assets = _assets()
    if len(assets) < len(set(request.form.getlist("asset")) - {""}):
        raise Invalid(service.GONE, field="assets")
    return assets


def _place(asset_id: int) -> int:
    return request.values.get(f"place_{asset_id}", 99, type=whole)


def _recipients(form: ShareForm, deal: Deal | None) -> list[Recipient]:
    ticked = set(form.contacts.data or ())
    people = [one for one in deal.contacts if str(one.id) in ticked] if deal else []
    return [*of_contacts(people), *read_recipients(form.others.data or "")]


def _hashed(form: ShareForm) -> str | None:
    typed = (form.password.data or "").strip()
    return str(hash_password(typed)) if typed else None


def _made_answer(links: Sequence[ShareLink]) -> ResponseReturnValue:
    ids = [link.id for link in links]
    if request.headers.get("HX-Request"):
        answer = make_response(_made(queries.get_links(me(), ids), "_made.html"))
        answer.headers["HX-Trigger"] = json.dumps({"linksMade": True})
        return answer
    return redirect(url_for("sharing.made", link=ids), 303)


@bp.get("/links/made")
@requires("share.create")
def made() -> ResponseReturnValue:
    """Show links that were just made, each with the words that go with it."""
    links = queries.get_links(me(), request.args.getlist("link", type=whole))
    return _made(links, "made.html")


def _made(links: Sequence[ShareLink], template: str) -> str:
    return render_template(f"sharing/{template}", links=links, messages=messages_of(links))


def messages_of(links: Sequence[ShareLink]) -> dict[int, Message | None]:
    """Return the words for each of some links; none where its address cannot be made again."""
    addresses = {link.id: address_of(link) for link in links}
    return {
        link.id: message_of(link, address) if (address := addresses[link.id]) else None
        for link in links
    }


def address_of(link: ShareLink) -> str | None:
    """Return the address of a link for whoever may copy it, made again from its seed."""
    token = tokens.token_again(link.seed, link.token_hash, signing_keys())
    return url_for("shared.page", token=token, _external=True) if token else None


@bp.post("/links/<int:link_id>/sent")
@requires("share.create")
def sent(link_id: int) -> ResponseReturnValue:
    """Write down that a link was taken along: from now on it is a use."""
    link = queries.get_link(me(), link_id)
    channel = CHANNELS.get(request.values.get("channel", ""), "")
    sending.mark_sent(link, by=me(), channel=channel, today=firm_today())
    db.session.commit()
    if request.headers.get("HX-Request") or "beacon" in request.form:
        answer = make_response("", 204)
        answer.headers["HX-Trigger"] = json.dumps({"useRecorded": True})
        return answer
    return redirect(url_for("sharing.link", link_id=link.id), 303)


@bp.post("/links/undo")
@requires("share.create")
def undo() -> ResponseReturnValue:
    """Take links back that were a slip."""
    links = queries.get_links(me(), request.values.getlist("link", type=whole))
    for link in links:
        sending.undo(link, by=me())
    deal_id = next((link.deal_id for link in links), None)
    db.session.commit()
    flash(ngettext("%(num)s link taken back.", "%(num)s links taken back.", len(links)))
    there = url_for("deals.deal", deal_id=deal_id) if deal_id else url_for("sharing.links")
    return redirect(there, 303)


@bp.get("/links/<int:link_id>/preview")
@requires("share.create")
def preview(link_id: int) -> ResponseReturnValue:
    """Show the page as its buyer sees it; nothing of this is counted."""
    link = queries.get_link(me(), link_id)
    token = tokens.token_again(link.seed, link.token_hash, signing_keys())
    if token is None or not queries.is_live(link):
        return redirect(url_for("sharing.link", link_id=link.id))
    given = Pass("", link.recipient_email or "", now() + passes.PREVIEW_LIFE, is_preview=True)
    g.language = link.language
    refresh()
    shown = shown_of(link, firm_today())
    return buyer_page(link, token, passes.issue(link, given, signing_keys()), shown, None)
