"""Pages of requests: asking, the list with who waits, and what marketing answers."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contentlib.accounts.models import Role
from contentlib.accounts.permissions import may, me, requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.forms import Blaming
from contentlib.core.i18n import language
from contentlib.core.numbers import whole
from contentlib.core.paging import page_number, paginate
from contentlib.deals.in_hand import deal_in_hand
from contentlib.library.choices import LANGUAGES
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.standing import visible_to
from contentlib.library.taxonomy import AssetType, Persona, Stage, Term
from contentlib.requests import queries, service
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
    page = paginate(
        queries.listed(me(), tab), number=page_number(request.args.get("page")), size=PAGE_SIZE
    )
    return render_template(
        "requests/requests.html",
        page=page,
        tab=tab,
        counts=queries.counts(me()),
        reach=queries.reach_of(me(), page.rows, firm_today()),
        names=_names(),
        page_url=lambda number: url_for("requests.requests", show=tab, page=number),
    )


@bp.get("/requests/new")
@requires("request.ask")
def new() -> ResponseReturnValue:
    """Show the form, with what was searched for in vain already in it."""
    form = RequestForm(formdata=None)
    form.fill(language())
    words = " ".join(request.args.get("words", "").split())[:200]
    form.begin(words, {facet: request.args.getlist(facet)[:20] for facet in FACETS})
    return _form_page(form)


@bp.post("/requests")
@requires("request.ask")
def create() -> ResponseReturnValue:
    """Ask marketing."""
    form = RequestForm()
    form.fill(language())
    if form.validate():
        with Blaming(form):
            service.ask(
                title=form.title.data,
                by=me(),
                words=form.words.data or "",
                filters=form.filters(),
                note=form.note.data or "",
                deal=deal_in_hand(),
            )
            db.session.commit()
            flash(_("Marketing has your request. The answer appears on your Today page."))
            return redirect(url_for("requests.requests", show="mine"), 303)
    return _form_page(form), 422


def _form_page(form: RequestForm) -> str:
    return render_template(
        "requests/new.html",
        form=form,
        deal=deal_in_hand(),
        similar=queries.similar_to(form.title.data or ""),
        waits_for=_waits_for,
    )


@bp.get("/requests/similar")
@requires("request.ask")
def similar() -> ResponseReturnValue:
    """Give the open requests that may mean the same as the words typed so far."""
    rows = queries.similar_to(request.args.get("title", "")[:200])
    return render_template("requests/similar.html", similar=rows, waits_for=_waits_for)


@bp.post("/requests/<int:request_id>/join")
@requires("request.ask")
def join(request_id: int) -> ResponseReturnValue:
    """Wait for a request as well."""
    row = queries.get_request(me(), request_id)
    service.join(row, by=me())
    db.session.commit()
    flash(_("You are waiting for “%(title)s” as well.", title=row.title))
    return redirect(_at(row.id, "mine"), 303)


@bp.post("/requests/<int:request_id>/leave")
@requires("request.ask")
def leave(request_id: int) -> ResponseReturnValue:
    """Wait for a request no longer."""
    service.leave(queries.get_request(me(), request_id), by=me())
    db.session.commit()
    return redirect(_at(request_id, "open"), 303)


@bp.post("/requests/seen")
@requires("request.ask")
def seen() -> ResponseReturnValue:
    """Note that a person read what became of their requests."""
    service.mark_seen(me())
    db.session.commit()
    return "", 204


@bp.post("/requests/<int:request_id>/accept")
@requires("request.answer")
def accept(request_id: int) -> ResponseReturnValue:
    """Say that it will be made."""
    service.accept(queries.get_request(me(), request_id), by=me())
    db.session.commit()
    return redirect(_at(request_id, "open"), 303)


@bp.get("/requests/<int:request_id>/answer")
@requires("request.answer")
def answer_dialog(request_id: int) -> ResponseReturnValue:
    """Give the dialog that asks for the material, or for the reason why there will be none."""
    row = queries.get_request(me(), request_id)
    kind = "decline" if request.args.get("as") == "decline" else "deliver"
    return render_template(f"requests/{kind}.html", asked=row)


@bp.post("/requests/<int:request_id>/deliver")
@requires("request.answer")
def deliver(request_id: int) -> ResponseReturnValue:
    """Answer with a material."""
    row = queries.get_request(me(), request_id)
    service.deliver(row, _chosen_asset(), by=me(), answer=request.form.get("answer", ""))
    db.session.commit()
    return _answered(_("Delivered. Everybody who waits for it sees it on their Today page."))


@bp.post("/requests/<int:request_id>/decline")
@requires("request.answer")
def decline(request_id: int) -> ResponseReturnValue:
    """Say that it will not be made, and why."""
    row = queries.get_request(me(), request_id)
    service.decline(row, by=me(), reason=request.form.get("reason", ""))
    db.session.commit()
    return _answered(_("Declined. Everybody who waits for it reads your reason."))


def _answered(message: str) -> ResponseReturnValue:
    """Lead back to the list, also out of a dialog."""
    flash(message)
    target = url_for("requests.requests", show="open")
    if not request.headers.get("HX-Request"):
        return redirect(target, 303)
    answer = make_response("", 204)
    answer.headers["HX-Redirect"] = target
    return answer


def _chosen_asset() -> Asset:
    """Return the material named, which sellers must be able to open."""
    wanted = select(Asset).where(
        visible_to(Role.SELLER, firm_today()),
        Asset.id == request.form.get("asset", 0, type=whole),
    )
    asset = db.session.scalars(wanted).first()
    if asset is None:
        raise Invalid(N_("Choose a published material."), field="asset")
    return asset


def _waits_for(row: Any) -> bool:
    return me().id in {one.user_id for one in row.waiting}


def _names() -> dict[str, dict[str, str]]:
    """Return the names of what requests are for, by facet and key; retired words as well."""
    kinds: dict[str, type[Term]] = {"stage": Stage, "persona": Persona, "type": AssetType}
    names = {
        facet: {term.key: term.name(language()) for term in db.session.scalars(select(kind))}
        for facet, kind in kinds.items()
    }
    return names | {"language": {key: str(name) for key, name in LANGUAGES.items()}}


def _at(request_id: int, tab: str) -> str:
    return url_for("requests.requests", show=tab, _anchor=f"request-{request_id}")
