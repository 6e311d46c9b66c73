"""What a buyer opens: the page of a link, without an account, a cookie or a script.

Every request asks the row of its link anew. What is guessed, expired, revoked or altered gets one
and the same answer, and so does whatever else lies below this address. What writes is short; pages
are drawn and bytes sent after it, so that no buyer waits for another one.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from flask_login import current_user
from sqlalchemy import select

from contentlib.accounts.permissions import requires
from contentlib.core.db import begin_read_only, begin_writing, db
from contentlib.core.errors import Absent, Conflict
from contentlib.core.signing import signing_keys
from contentlib.deals import consents
from contentlib.extraction import SMALLER_WIDTHS
from contentlib.library.firm_day import firm_today
from contentlib.library.written import plain
from contentlib.notifications.service import tell
from contentlib.sharing import gates, passes, queries, throttle
from contentlib.sharing.buyer import Shown, shown_of
from contentlib.sharing.models import ShareLink
from contentlib.sharing.passes import Pass
from contentlib.sharing.releases import keepers_of
from contentlib.sharing.visits.arriving import arrive, visitor_of
from contentlib.sharing.visits.bare import keep_bare
from contentlib.sharing.visits.caller import address_of, facts_of
from contentlib.sharing.visits.models import Visit, What
from contentlib.sharing.visits.noting import note_hit
from contentlib.storage import ObjectMissing

bp = Blueprint("shared", __name__)
bp.add_app_template_filter(plain, "plain_words")
throttle.attach(bp)

GONE = "share.gone"


@bp.after_request
def keep_apart(response: Any) -> Any:
    """Keep links out of search engines, of other sites' statistics and of caches."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@bp.errorhandler(Absent)
@bp.errorhandler(Conflict)
@bp.errorhandler(ObjectMissing)
def nothing(_error: Exception) -> ResponseReturnValue:
    """Answer whatever opens nothing alike, and note it where the link is known."""
    begin_writing()
    link = g.get("share_link")
    # Not even the language tells whether there is such a link.
    g.pop("language", None)
    refresh()
    if link is not None:
        note_hit(link, What.REFUSED, facts=facts())
        db.session.commit()
    answer = make_response(render_template("sharing/nothing.html", **frame()), 404)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/s/<token>")
@requires("public")
def page(token: str) -> ResponseReturnValue:
    """Show the materials of a link in their order, or what it asks before it does."""
    begin_writing()
    link = live_link(token)
    given, visit = pass_in_hand(link), None
    if request.method == "HEAD":
        what = What.CARD
    else:
        visit = visit_here(link, given.email if given else "")
        what = What.PAGE if is_open(link, visit, given) else What.GATE
    note_hit(link, what, visit=visit, facts=facts())
    db.session.commit()
    return _drawn(token, what, visit, given)


@bp.get("/s/<token>/privacy")
@requires("public")
def privacy(token: str) -> ResponseReturnValue:
    """Say what is recorded of a visit, who sees it and how it is erased."""
    link = live_link(token)
    back = url_for("shared.page", token=token, v=request.args.get("v") or None)
    told = {"back": back, "is_recorded": is_recorded(link, known_visit(link, pass_in_hand(link)))}
    return render_template("sharing/privacy.html", link=link, **told, **frame())


@bp.get("/s/<token>/more")
@requires("public")
def trap(token: str) -> ResponseReturnValue:
    """Answer what no person follows: the address stands on the page for machines alone."""
    begin_writing()
    link = live_link(token)
    note_hit(link, What.TRAP, visit=visit_here(link), facts=facts())
    db.session.commit()
    return "", 204


@bp.route("/s/", defaults={"_rest": ""})
@bp.route("/s/<path:_rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@requires("public")
def elsewhere(_rest: str) -> ResponseReturnValue:
    """Answer whatever else is asked below this address as if it were a wrong token."""
    raise Absent


def live_link(token: str) -> ShareLink:
    """Return the link of a token if it opens anything now; each guess that does not is counted."""
    link = queries.by_token(token)
    if link is None or not queries.is_live(link):
        g.share_link = link
        throttle.count_miss(throttle.MISSES, address_of(request))
        raise Absent
    g.share_link = link
    g.language = link.language
    refresh()
    return link


def brand() -> str:
    """Return the name that buyers read at the top."""
    return str(current_app.extensions["settings"].brand_name)


def frame() -> dict[str, Any]:
    """Return what every page of buyers shows around its content."""
    logo = current_app.extensions["settings"].brand_logo
    return {"brand": brand(), "has_logo": logo is not None}


def pass_in_hand(link: ShareLink) -> Pass | None:
    """Return the pass that the address carries, if it is good for this link."""
    return passes.read(link, request.args.get("v", ""), signing_keys())


def is_open(link: ShareLink, visit: Visit, given: Pass | None) -> bool:
    """Tell whether a visit sees the material: by a pass, and where opens are limited by itself."""
    if not gates.asks_anything(link):
        return True
    passed = given is not None and not given.is_preview
    return passed and gates.is_admitted(link, visit)


def visit_here(link: ShareLink, email: str = "") -> Visit:
    """Return the visit that this request begins or goes on with.

    Who said an address whose person objects to being told apart is recorded no more by somebody
    else's link than by their own.
    """
    agent = request.headers.get("User-Agent", "")[:500]
    visitor = visitor_of(address_of(request), agent, key=signing_keys()[-1])
    user_id = current_user.id if current_user.is_authenticated else None
    visit = arrive(link, visitor=visitor, user_id=user_id)
    if not visit.is_bare and consents.is_opposed(email):
        keep_bare(visit)
    return visit


def facts() -> dict[str, Any]:
    """Return how the request at hand was made, its address without what tells one house."""
    return facts_of(request)


def known_visit(link: ShareLink, given: Pass | None) -> Visit | None:
    """Return the visit that a pass was given to, if there is one."""
    if given is None:
        return None
    known = select(Visit).where(Visit.key == given.visit, Visit.link_id == link.id)
    return db.session.scalars(known).first()


def is_recorded(link: ShareLink, visit: Visit | None) -> bool:
    """Tell whether what is read here is recorded: unless its reader objects to it."""
    return not (link.is_unrecorded or (visit is not None and visit.is_bare))


def gate_page(link: ShareLink, token: str, **more: Any) -> str:
    """Draw what a link asks before it opens."""
    told = {"asked": "", "email": "", "problem": "", **more}
    told["is_recorded"] = is_recorded(link, None)
    return render_template("sharing/gate.html", link=link, token=token, **frame(), **told)


def _drawn(token: str, what: What, visit: Visit | None, given: Pass | None) -> str:
    """Draw what was decided to be shown, with nothing locked."""
    begin_read_only(True)
    link = queries.by_token(token)
    if link is None or visit is None:
        return ""
    if what is What.GATE:
        return gate_page(link, token)
    until = given.until if given else visit.started_at + passes.LIFE
    own = Pass(visit.key, given.email if given else "", until)
    shown = shown_of(link, firm_today())
    drawn = buyer_page(link, token, passes.issue(link, own, signing_keys()), shown, visit)
    if gone := [one.position for one in shown if one.form == "gone"]:
        _tell_of_what_is_gone(link, gone)
    return drawn


def buyer_page(
    link: ShareLink, token: str, pass_: str, shown: Sequence[Shown], visit: Visit | None
) -> str:
    """Draw the page as a buyer sees it; a preview has no visit, so nothing of it is counted."""
    return render_template(
        "sharing/buyer.html",
        link=link,
        token=token,
        pass_=pass_,
        shown=shown,
        visit_key=visit.key if visit else "",
        is_recorded=is_recorded(link, visit),
        widths=SMALLER_WIDTHS,
        **frame(),
    )


def _tell_of_what_is_gone(link: ShareLink, positions: Sequence[int]) -> None:
    """Tell whose link it is, once of each, which materials of a link its buyer did not find."""
    begin_writing()
    keeper = keepers_of([link]).get(link.id)
    recipient = link.recipient_name or link.recipient_email or ""
    for item in link.items:
        if keeper is not None and item.position in positions:
            tell(
                keeper.id,
                GONE,
                key=f"{GONE}:{link.id}:{item.asset_id}",
                address=url_for("sharing.link", link_id=link.id),
                facts={"asset": item.asset.title, "recipient": recipient},
            )
    db.session.commit()
