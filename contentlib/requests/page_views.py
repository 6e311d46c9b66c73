"""The page of one request: what is asked, where it stands, who waits, and what is said of it."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contentlib.accounts.models import Role
from contentlib.accounts.permissions import may, me, requires
from contentlib.accounts.queries import active_users
from contentlib.core.db import db
from contentlib.core.errors import Absent, Invalid
from contentlib.core.i18n import explain
from contentlib.requests import queries, service, showing, stakes, working
from contentlib.requests.models import MOVES, ContentRequest
from contentlib.requests.views import bp


@bp.get("/requests/<int:request_id>")
@requires("request.ask")
def one(request_id: int) -> ResponseReturnValue:
    """Show a request; one that went into another leads there."""
    try:
        row = queries.get_request(me(), request_id)
    except Absent:
        target = queries.merged_into(request_id)
        if target is None:
            raise
        queries.get_request(me(), target)
        return redirect(url_for("requests.one", request_id=target), 303)
    if row.merged_into_id:
        return redirect(url_for("requests.one", request_id=row.merged_into_id), 303)
    return page_of(row)


@bp.post("/requests/<int:request_id>/comment")
@requires("request.ask")
def comment(request_id: int) -> ResponseReturnValue:
    """Say something of a request."""
    row = queries.get_request(me(), request_id)
    try:
        said = working.comment(row, request.form.get("text", ""), by=me())
    except Invalid as error:
        db.session.rollback()
        return make_response(page_of(row, wrong=explain(error)), 422)
    db.session.commit()
    anchor = f"comment-{said.id}"
    return redirect(url_for("requests.one", request_id=request_id, _anchor=anchor), 303)


@bp.post("/requests/<int:request_id>/seen")
@requires("request.ask")
def one_seen(request_id: int) -> ResponseReturnValue:
    """Note that a person read what became of this request."""
    service.mark_one_seen(queries.get_request(me(), request_id), me())
    db.session.commit()
    return "", 204


def page_of(row: ContentRequest, wrong: str = "") -> str:
    """Draw the page of a request, with what was wrong with a comment if anything was."""
    answering = may(me(), "request.answer")
    return render_template(
        "requests/one.html",
        row=row,
        wrong=wrong,
        typed=request.form.get("text", "") if wrong else "",
        comments=queries.comments_on(row),
        deals=stakes.named_deals(me(), row),
        my_deal=stakes.my_deal(me(), row),
        moves=MOVES,
        drafts=queries.drafts_to_link(row) if answering else (),
        people=active_users(Role.MARKETER, Role.ADMIN) if answering else (),
        similar=queries.similar_to(f"{row.title} {row.words}", but=row.id) if answering else (),
        waits=showing.waits_for(row),
        **showing.facts_of([row]),
    )
