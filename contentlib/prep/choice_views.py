"""What people do with the cards of a brief: note it, pin one, leave one out, take them along."""

from typing import Any
from urllib.parse import urljoin

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Conflict
from contentlib.core.i18n import language
from contentlib.core.ids import new_token
from contentlib.core.numbers import whole
from contentlib.core.signing import signing_keys
from contentlib.deals import use
from contentlib.deals.forms import CHANNELS
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.queries import get_deal
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.queries import get_asset, get_assets
from contentlib.mail.current import mail_is_set_up
from contentlib.notifications.service import send_letter
from contentlib.prep import queries, receipts, service
from contentlib.prep.brief import Shown
from contentlib.prep.models import Chose, How, PrepBrief, PrepChoice
from contentlib.prep.talk import Talk
from contentlib.prep.views import bp, brief_of, current_talk, page_of
from contentlib.usage.models import Action

PARTS = frozenset({"answer", "script", "whatsapp"})
MOST_LOGGED = 20


@bp.post("/prep/opened")
@requires("asset.view")
def opened() -> ResponseReturnValue:
    """Keep the brief that somebody has before them; the page says so itself once it is there."""
    token = request.form.get("receipt", "")
    service.keep_brief(receipts.NOTES.read(token, signing_keys(), user_id=me().id))
    db.session.commit()
    return "", 204


@bp.post("/prep/followed")
@requires("asset.view")
def followed() -> ResponseReturnValue:
    """Keep that a card was opened."""
    _follow(_asset(request.form.get("asset", 0, type=whole)), How.OPENED)
    db.session.commit()
    return "", 204


@bp.post("/prep/copied")
@requires("asset.view")
def copied() -> ResponseReturnValue:
    """Write down in the ledger that the words of a card were copied, and keep which brief's."""
    asset = _asset(request.args.get("asset", 0, type=whole))
    part = request.args.get("part", "")
    use.note_taking(
        Action.COPIED,
        asset,
        deal_in_hand(),
        by=me(),
        key=request.args.get("key", "")[:60] or new_token(),
        part=part if part in PARTS else None,
    )
    _follow(asset, How.COPIED)
    db.session.commit()
    return "", 204


@bp.post("/prep/pin")
@requires("asset.view")
def pin() -> ResponseReturnValue:
    """Keep a card where it is for this conversation."""
    talk, asset = _talk(), _asset(request.form.get("asset", 0, type=whole))
    section = request.form.get("section", "")
    choice = service.pin(talk, asset, section, by=me(), brief=_brief())
    db.session.commit()
    return _changed(talk, choice, _("Pinned: “%(title)s” stays.", title=asset.title))


@bp.post("/prep/dismiss")
@requires("asset.view")
def dismiss() -> ResponseReturnValue:
    """Leave a card out of this conversation, and say why."""
    talk, asset = _talk(), _asset(request.form.get("asset", 0, type=whole))
    choice = service.dismiss(
        talk,
        asset,
        request.form.get("section", ""),
        reason=request.form.get("reason", ""),
        by=me(),
        brief=_brief(),
    )
    db.session.commit()
    return _changed(talk, choice, _("Left out: “%(title)s”.", title=asset.title))


@bp.post("/prep/choices/<int:choice_id>/undo")
@requires("asset.view")
def undo(choice_id: int) -> ResponseReturnValue:
    """Take a choice back: a card left out returns, a pin is loosened."""
    choice = queries.get_choice(me().id, choice_id)
    service.take_back(choice)
    db.session.commit()
    text = _("Unpinned.") if choice.chose is Chose.PIN else _("It may come back.")
    return _changed(_talk(), None, text)


@bp.get("/prep/log")
@requires("usage.record")
def log_dialog() -> ResponseReturnValue:
    """Give the dialog that notes what was used in a conversation, the cards of the brief ticked."""
    numbers = request.args.getlist("asset", type=whole)[:MOST_LOGGED]
    return render_template(
        "prep/log_dialog.html",
        deal=get_deal(me(), request.args.get("deal", 0, type=whole)),
        assets=get_assets(me(), numbers, firm_today()),
        channels=CHANNELS,
        key=new_token(),
        today=firm_today(),
    )


@bp.post("/prep/send")
@requires("asset.view")
def send_to_me() -> ResponseReturnValue:
    """Send a brief to the mailbox of whoever prepares."""
    talk = _talk()
    if not mail_is_set_up():
        raise Conflict(N_("E-mail is not set up here, so nothing was sent."))
    brief = brief_of(talk)
    send_letter(
        to=me().email,
        language=language(),
        template="prep",
        key=f"prep:{brief.key}",
        facts=_letter(talk, page_of(brief)),
    )
    db.session.commit()
    text = _("On its way to %(email)s.", email=me().email)
    return _changed(talk, None, text, refresh=False)


def _letter(talk: Talk, page: dict[str, Any]) -> dict[str, Any]:
    """Return what the letter names, each card in the words of the page and with its address."""
    deal = talk.deal.id if talk.deal else None
    return {
        "title": render_template("prep/letter_title.txt", talk=talk).strip(),
        "address": urljoin(request.host_url, page["here"]),
        "cards": [
            {
                "section": str(page["section_names"][shown.section]),
                "title": shown.asset.title,
                "says": shown.says.text if shown.says else shown.asset.summary,
                "why": _why(page, shown),
                "address": url_for(
                    "library.asset", asset_id=shown.asset.id, deal=deal, _external=True
                ),
            }
            for shown in page["brief"].cards
        ],
    }


def _why(page: dict[str, Any], shown: Shown) -> str:
    """Return why a card is there, as the page says it; the words come escaped."""
    words = Markup(render_template("prep/why.txt", shown=shown, **page))  # noqa: S704 - escaped
    return str(words.unescape()).strip()


def _talk() -> Talk:
    talk = current_talk()
    if talk is None:
        raise Absent
    return talk


def _asset(number: int) -> Asset:
    return get_asset(me(), number, firm_today())


def _brief() -> PrepBrief | None:
    return queries.find_brief(me().id, request.values.get("brief", "")[:36])


def _follow(asset: Asset, how: How) -> None:
    brief = _brief()
    if brief is not None:
        service.follow(brief, asset.id, how)


def _changed(
    talk: Talk, choice: PrepChoice | None, text: str, *, refresh: bool = True
) -> ResponseReturnValue:
    """Answer with a message and let the page renew itself; without htmx lead back to it."""
    if not request.headers.get("HX-Request"):
        flash(text)
        return redirect(_here(talk), 303)
    undo_url = None
    if choice is not None:
        undo_url = url_for("prep.undo", choice_id=choice.id, **talk.parameters)
    answer = make_response(render_template("prep/changed.html", text=text, undo_url=undo_url))
    if refresh:
        answer.headers["HX-Trigger"] = '{"prepChanged": true}'
    return answer


def _here(talk: Talk) -> str:
    if talk.deal is None:
        return url_for("prep.situation", **talk.parameters)
    return url_for("prep.deal_brief", deal_id=talk.deal.id)
