"""Pages of requests: asking, the lists with who waits, and waiting along."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import may, me, requires
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.core.forms import Blaming
from contentlib.core.i18n import language
from contentlib.core.numbers import whole
from contentlib.core.paging import page_number, paginate
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.models import Deal
from contentlib.requests import queries, service, showing, stakes, wishes
from contentlib.requests.forms import FACETS, RequestForm

bp = Blueprint("requests", __name__)

TABS = ("open", "mine", "answered")
PAGE_SIZE = 30


@bp.get("/requests")
@requires("request.ask")
def requests() -> ResponseReturnValue:
    """Show what was asked of marketing, and what became of it."""
    usual = "open" if may(me(), "request.answer") else "mine"
    wanted = request.args.get("show", "")
    tab = wanted if wanted in TABS else usual
    if tab == "open" and request.args.get("view") == "board":
        return _board()
    page = paginate(
        queries.listed(me(), tab), number=page_number(request.args.get("page")), size=PAGE_SIZE
    )
    return render_template(
        "requests/requests.html",
        page=page,
        tab=tab,
        counts=queries.counts(me()),
        wishes=wishes.wishes_of(me(), now()) if tab == "mine" else (),
        at_stake=stakes.stake_of_all(me()) if tab == "open" else (),
        page_url=lambda number: url_for("requests.requests", show=tab, page=number),
        **showing.facts_of(page.rows),
    )


def _board() -> str:
    columns = queries.open_by_state(me())
    return render_template(
        "requests/board.html",
        columns=columns,
        counts=queries.counts(me()),
        at_stake=stakes.stake_of_all(me()),
        **showing.facts_of([row for rows in columns.values() for row in rows]),
    )


@bp.get("/requests/new")
@requires("request.ask")
def new() -> ResponseReturnValue:
    """Show the form, with what was searched for in vain, or missed by a retro, already in it."""
    form = RequestForm(formdata=None)
    form.fill(language())
    if request.args.get("retro"):
        wish = wishes.get_wish(me(), request.args.get("retro", 0, type=whole))
        form.begin_with(wish)
        return _form_page(form, wish.deal)
    words = " ".join(request.args.get("words", "").split())[:200]
    form.begin(words, {facet: request.args.getlist(facet)[:20] for facet in FACETS})
    return _form_page(form, deal_in_hand())


@bp.post("/requests")
@requires("request.ask")
def create() -> ResponseReturnValue:
    """Ask marketing."""
    form = RequestForm()
    form.fill(language())
    if form.validate():
        with Blaming(form):
            wish = _wish(form.retro.data or "")
            service.ask(
                title=form.title.data,
                by=me(),
                words=form.words.data or "",
                filters=form.filters(),
                note=form.note.data or "",
                deal=deal_in_hand(),
                retro_id=wish.retro_id if wish else None,
            )
            db.session.commit()
            flash(_("Marketing has your request. The answer appears on your Today page."))
            return redirect(url_for("requests.requests", show="mine"), 303)
    return _form_page(form, deal_in_hand()), 422


def _form_page(form: RequestForm, deal: Deal | None) -> str:
    return render_template(
        "requests/new.html",
        form=form,
        deal=deal,
        similar=queries.similar_to(form.title.data or ""),
        waits_for=showing.waits_for,
    )


def _wish(text: str) -> wishes.Wish | None:
    """Return the draft that a form was begun with, unless it was asked or dropped meanwhile."""
    try:
        return wishes.get_wish(me(), whole(text))
    except (ValueError, Absent):
        return None


@bp.post("/requests/drafts/<int:retro_id>/drop")
@requires("request.ask")
def drop_draft(retro_id: int) -> ResponseReturnValue:
    """Let what a retro missed be asked no more."""
    wishes.drop(wishes.get_wish(me(), retro_id), by=me())
    db.session.commit()
    flash(_("Dropped. The retro keeps what you wrote."))
    return redirect(url_for("requests.requests", show="mine"), 303)


@bp.get("/requests/similar")
@requires("request.ask")
def similar() -> ResponseReturnValue:
    """Give the open requests that may mean the same as the words typed so far."""
    rows = queries.similar_to(request.args.get("title", "")[:200])
    return render_template(
        "requests/similar.html", similar=rows, deal=deal_in_hand(), waits_for=showing.waits_for
    )


@bp.post("/requests/<int:request_id>/join")
@requires("request.ask")
def join(request_id: int) -> ResponseReturnValue:
    """Wait for a request as well, perhaps for a deal."""
    row = queries.get_request(me(), request_id)
    service.join(row, by=me(), deal=deal_in_hand())
    db.session.commit()
    flash(_("You are waiting for “%(title)s” as well.", title=row.title))
    return redirect(url_for("requests.one", request_id=row.id), 303)


@bp.post("/requests/<int:request_id>/leave")
@requires("request.ask")
def leave(request_id: int) -> ResponseReturnValue:
    """Wait for a request no longer."""
    service.leave(queries.get_request(me(), request_id), by=me())
    db.session.commit()
    return redirect(url_for("requests.one", request_id=request_id), 303)


@bp.post("/requests/seen")
@requires("request.ask")
def seen() -> ResponseReturnValue:
    """Note that a person read what became of their requests."""
    service.mark_seen(me())
    db.session.commit()
    return "", 204
