"""What was said of a material: a part of its page, a page of its own, and its export."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core import csv_out
from contentlib.core.db import db
from contentlib.core.errors import Absent, Conflict, Invalid
from contentlib.core.i18n import explain
from contentlib.core.ids import new_token
from contentlib.core.numbers import whole
from contentlib.feedback import queries, ratings, reach
from contentlib.feedback.exporting import COLUMNS, rows_of
from contentlib.feedback.page import FeedbackPage, feedback_page
from contentlib.library import queries as library
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion

bp = Blueprint("feedback", __name__)

MOST_PEOPLE = 8
# Text that a form may carry back to its page; what is longer the services refuse by its length.
PLACE = ("page", "quote")


def version_at_hand(asset_id: int) -> AssetVersion:
    """Return the version that a person has before them: by `?v=`, or the one people see."""
    today, number = firm_today(), request.args.get("v", type=whole)
    if number is not None:
        return library.get_version(me(), asset_id, number, today)
    version = library.get_asset(me(), asset_id, today).shown_version
    if version is None:
        raise Absent
    return version


def load(asset_id: int) -> FeedbackPage:
    """Gather what was said of a material."""
    version = version_at_hand(asset_id)
    return feedback_page(me(), version.asset, version)


def surroundings(page: FeedbackPage, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what every template of feedback reads."""
    return {"page": page, "key": new_token(), "reasons": ratings.REASONS, "typed": typed}


def place() -> dict[str, Any]:
    """Return the place in a material that a form speaks of."""
    return {
        "page": request.form.get("page", type=whole),
        "quote": request.form.get("quote", ""),
    }


def key() -> str:
    """Return the key that a form was given when it was drawn."""
    return request.form.get("key", "")


def is_part() -> bool:
    """Tell whether a page asks for a part of itself."""
    return "HX-Request" in request.headers


def answer(
    asset_id: int, section: str, message: str = "", undo: str | None = None
) -> ResponseReturnValue:
    """Give the changed section anew, with a word on what was done; without JavaScript the page."""
    if is_part():
        page = load(asset_id)
        return render_template(
            "feedback/changed.html",
            section=section,
            message=message,
            undo=undo,
            **surroundings(page, {}),
        )
    if message:
        flash(message)
    shown = request.args.get("v", type=whole)
    return redirect(
        url_for("feedback.of_asset", asset_id=asset_id, v=shown, _anchor=f"feedback-{section}"), 303
    )


def keeping_what_was_typed(
    view: Callable[..., ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    """Draw the page with all that was typed where something is refused; scripts keep it anyway."""

    @wraps(view)
    def guarded(asset_id: int, **values: Any) -> ResponseReturnValue:
        try:
            return view(asset_id, **values)
        except (Invalid, Conflict) as refusal:
            if is_part():
                raise
            db.session.rollback()
            return page_with(asset_id, request.form, explain(refusal)), refusal.status

    return guarded


def page_with(asset_id: int, typed: Mapping[str, str], refusal: str = "") -> str:
    """Return the page of its own, with what was typed before."""
    shown = surroundings(load(asset_id), typed)
    return render_template("feedback/feedback.html", refusal=refusal, **shown)


@bp.get("/assets/<int:asset_id>/feedback")
@requires("asset.view")
def of_asset(asset_id: int) -> ResponseReturnValue:
    """Show what was said of a material; marked words in the address are about to be spoken of."""
    if is_part():
        return render_template("feedback/part.html", **surroundings(load(asset_id), {}))
    asked = {name: request.args.get(name, "")[:2000] for name in PLACE}
    return page_with(asset_id, asked | {"form": request.args.get("say", "")[:40]})


@bp.get("/assets/<int:asset_id>/feedback/mark")
@requires("asset.view")
def mark(asset_id: int) -> ResponseReturnValue:
    """Give what the viewer shows of it: whether it is outdated, and a way to speak of a place."""
    return render_template("feedback/mark.html", **surroundings(load(asset_id), {}))


@bp.get("/assets/<int:asset_id>/feedback/people")
@requires("feedback.give")
def people(asset_id: int) -> ResponseReturnValue:
    """Give the people whom one may speak to: those who see the material too."""
    today = firm_today()
    asset = library.get_asset(me(), asset_id, today)
    typed = request.args.get("name", "")[:120]
    found = reach.people_named(asset, typed, today, most=MOST_PEOPLE)
    return render_template("feedback/people.html", people=found)


@bp.post("/assets/<int:asset_id>/feedback/rating")
@requires("feedback.give")
@keeping_what_was_typed
def rate(asset_id: int) -> ResponseReturnValue:
    """Say whether a version helps."""
    ratings.rate(version_at_hand(asset_id), helps=request.form.get("helps") == "yes", by=me())
    db.session.commit()
    return answer(asset_id, "rating")


@bp.post("/assets/<int:asset_id>/feedback/rating/reason")
@requires("feedback.give")
@keeping_what_was_typed
def explain_rating(asset_id: int) -> ResponseReturnValue:
    """Say why it helps, or why not."""
    rating = ratings.rating_of(version_at_hand(asset_id), me())
    if rating is None:
        raise Absent
    reason, text = request.form.get("reason", ""), request.form.get("text", "")
    ratings.explain(rating, reason=reason, text=text)
    db.session.commit()
    return answer(
        asset_id, "rating", _("Thank you. Whoever keeps this material reads your reason.")
    )


@bp.post("/assets/<int:asset_id>/feedback/rating/take-back")
@requires("feedback.give")
def take_rating_back(asset_id: int) -> ResponseReturnValue:
    """Have no opinion any more."""
    ratings.take_back(version_at_hand(asset_id), by=me())
    db.session.commit()
    return answer(asset_id, "rating")


@bp.get("/assets/<int:asset_id>/feedback.csv")
@requires("feedback.decide")
def export(asset_id: int) -> ResponseReturnValue:
    """Give all that was said of a material as CSV; of ratings, never by whom."""
    asset = library.get_asset(me(), asset_id, firm_today())
    return Response(
        "".join(csv_out.lines(COLUMNS, rows_of(me(), asset), bom=True)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="feedback-{asset_id}.csv"'},
    )


def get_said(kind: type[queries.T], asset_id: int, row_id: int) -> queries.T:
    """Load one thing that was said, as far as the person may read it."""
    return queries.get_said(kind, me(), asset_id, row_id, firm_today())
