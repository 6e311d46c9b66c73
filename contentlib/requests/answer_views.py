"""What marketing does with requests: taking them up, moving, merging, delivering, declining."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contentlib.accounts.models import Role, User
from contentlib.accounts.permissions import me, requires
from contentlib.accounts.queries import get_user
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.numbers import whole
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.queries import visible
from contentlib.library.standing import visible_to
from contentlib.requests import queries, service, working
from contentlib.requests.models import MOVES, State
from contentlib.requests.views import bp

DIALOGS = {"deliver", "decline", "wait", "merge"}


@bp.post("/requests/<int:request_id>/accept")
@requires("request.answer")
def accept(request_id: int) -> ResponseReturnValue:
    """Say that it will be made."""
    service.accept(queries.get_request(me(), request_id), by=me())
    db.session.commit()
    return _to(request_id)


@bp.post("/requests/<int:request_id>/move")
@requires("request.answer")
def move(request_id: int) -> ResponseReturnValue:
    """Let a request come to another state."""
    state = request.form.get("state", "")
    row = queries.get_request(me(), request_id)
    if state not in MOVES:
        raise Invalid(N_("A request cannot be moved there."), field="state")
    working.move(row, State(state), by=me(), question=request.form.get("question", ""))
    db.session.commit()
    if request.form.get("back") == "board":
        return redirect(url_for("requests.requests", show="open", view="board"), 303)
    return _to(request_id)


@bp.post("/requests/<int:request_id>/assign")
@requires("request.answer")
def assign(request_id: int) -> ResponseReturnValue:
    """Say who works on a request."""
    row = queries.get_request(me(), request_id)
    working.assign(row, _person(), by=me())
    db.session.commit()
    return _to(request_id)


@bp.post("/requests/<int:request_id>/draft")
@requires("request.answer")
def link_draft(request_id: int) -> ResponseReturnValue:
    """Say which material is being made for a request."""
    row = queries.get_request(me(), request_id)
    wanted = visible(me(), firm_today()).where(Asset.id == _number("asset"))
    asset = db.session.scalars(wanted).first()
    if asset is None and _number("asset"):
        raise Invalid(N_("Choose a material."), field="asset")
    working.link_draft(row, asset)
    db.session.commit()
    return _to(request_id)


@bp.get("/requests/<int:request_id>/answer")
@requires("request.answer")
def answer_dialog(request_id: int) -> ResponseReturnValue:
    """Give the dialog that asks for the material, the reason, the question or the other request."""
    row = queries.get_request(me(), request_id)
    kind = request.args.get("as", "")
    similar = queries.similar_to(f"{row.title} {row.words}", but=row.id) if kind == "merge" else ()
    name = kind if kind in DIALOGS else "deliver"
    return render_template(f"requests/{name}.html", asked=row, similar=similar)


@bp.post("/requests/<int:request_id>/merge")
@requires("request.answer")
def merge(request_id: int) -> ResponseReturnValue:
    """Let a request go into another that asks for the same."""
    row = queries.get_request(me(), request_id)
    into = queries.get_request(me(), _number("into"))
    working.merge(row, into, by=me())
    db.session.commit()
    flash(_("Merged. Everybody who waited for it waits for “%(title)s” now.", title=into.title))
    return _to(into.id)


@bp.post("/requests/<int:request_id>/deliver")
@requires("request.answer")
def deliver(request_id: int) -> ResponseReturnValue:
    """Answer with a material."""
    row = queries.get_request(me(), request_id)
    service.deliver(row, _chosen_asset(), by=me(), answer=request.form.get("answer", ""))
    db.session.commit()
    flash(_("Delivered. Everybody who waits for it is told."))
    return _to(request_id)


@bp.post("/requests/<int:request_id>/decline")
@requires("request.answer")
def decline(request_id: int) -> ResponseReturnValue:
    """Say that it will not be made, and why."""
    row = queries.get_request(me(), request_id)
    service.decline(row, by=me(), reason=request.form.get("reason", ""))
    db.session.commit()
    flash(_("Declined. Everybody who waits for it reads your reason."))
    return _to(request_id)


def _to(request_id: int) -> ResponseReturnValue:
    """Lead to the request, also out of a dialog."""
    target = url_for("requests.one", request_id=request_id)
    if not request.headers.get("HX-Request"):
        return redirect(target, 303)
    answer = make_response("", 204)
    answer.headers["HX-Redirect"] = target
    return answer


def _chosen_asset() -> Asset:
    """Return the material named, which sellers must be able to open."""
    wanted = select(Asset).where(
        visible_to(Role.SELLER, firm_today()), Asset.id == _number("asset")
    )
    asset = db.session.scalars(wanted).first()
    if asset is None:
        raise Invalid(N_("Choose a published material."), field="asset")
    return asset


def _person() -> User | None:
    number = _number("person")
    return get_user(number) if number else None


def _number(name: str) -> int:
    """Return the number of a row that the form names, 0 if it names none."""
    return request.form.get(name, 0, type=whole)
