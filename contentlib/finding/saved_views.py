"""Saved searches: keeping the one at hand, and the list of one's own."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.i18n import language
from contentlib.finding import alerts, saving
from contentlib.finding.criteria import FACETS, Criteria, read_criteria
from contentlib.finding.facets import FACET_NAMES, Names
from contentlib.finding.models import SavedSearch
from contentlib.finding.views import bp
from contentlib.library.firm_day import firm_today
from contentlib.search.current import current_engine

SAVED = "/search/saved"


@bp.get(SAVED)
@requires("asset.view")
def saved() -> ResponseReturnValue:
    """Show a person the searches they keep, with what is new in them."""
    return render_template("finding/saved.html", **_list())


@bp.get(f"{SAVED}/new")
@requires("asset.view")
def save_dialog() -> ResponseReturnValue:
    """Give the dialog that asks under which name to keep the search at hand."""
    criteria = _criteria(request.args)
    return render_template(
        "finding/save_dialog.html",
        criteria=criteria,
        name=_likely_name(criteria),
        deal=request.args.get("deal", "")[:20],
    )


@bp.post(SAVED)
@requires("asset.view")
def save() -> ResponseReturnValue:
    """Keep the search at hand."""
    criteria = _criteria(request.form)
    name = request.form.get("name", "")
    row = saving.save(me(), criteria, name=name, alert="alert" in request.form)
    db.session.commit()
    if not request.headers.get("HX-Request"):
        flash(_("Saved."), "success")
        return redirect(_search(criteria, deal=request.form.get("deal") or None), 303)
    answer = make_response(render_template("finding/saved_now.html", saved=row))
    answer.headers["HX-Trigger"] = '{"closeDialog": true}'
    return answer


@bp.get(f"{SAVED}/<int:saved_id>/name")
@requires("asset.view")
def rename_dialog(saved_id: int) -> ResponseReturnValue:
    """Give the dialog that asks for another name."""
    row = saving.get_saved(me(), saved_id)
    return render_template("finding/rename_dialog.html", saved=row)


@bp.post(f"{SAVED}/<int:saved_id>/name")
@requires("asset.view")
def rename(saved_id: int) -> ResponseReturnValue:
    """Give a saved search another name."""
    saving.rename(saving.get_saved(me(), saved_id), request.form.get("name", ""))
    db.session.commit()
    return _changed(_("Renamed."))


@bp.post(f"{SAVED}/<int:saved_id>/alert")
@requires("asset.view")
def set_alert(saved_id: int) -> ResponseReturnValue:
    """Watch a saved search for its person, or leave it alone."""
    row = saving.get_saved(me(), saved_id)
    if "on" in request.form:
        saving.watch(row)
    else:
        saving.leave_alone(row)
    db.session.commit()
    return _changed(_("Alert switched on.") if row.alert else _("Alert switched off."))


@bp.post(f"{SAVED}/<int:saved_id>/seen")
@requires("asset.view")
def saved_seen(saved_id: int) -> ResponseReturnValue:
    """Note that somebody stayed on the results of a search they keep."""
    saving.mark_seen(saving.get_saved(me(), saved_id))
    db.session.commit()
    return "", 204


@bp.post(f"{SAVED}/<int:saved_id>/remove")
@requires("asset.view")
def remove(saved_id: int) -> ResponseReturnValue:
    """Remove a saved search; the message can bring it back."""
    row = saving.get_saved(me(), saved_id)
    saving.remove(row)
    db.session.commit()
    undo = url_for("finding.restore", saved_id=saved_id)
    return _changed(_("“%(name)s” was removed.", name=row.name), undo=undo)


@bp.post(f"{SAVED}/<int:saved_id>/restore")
@requires("asset.view")
def restore(saved_id: int) -> ResponseReturnValue:
    """Bring a removed search back."""
    saving.restore(saving.get_saved(me(), saved_id, removed=True), by=me())
    db.session.commit()
    return _changed("")


def _criteria(given: Any) -> Criteria:
    return read_criteria(given.to_dict(flat=False)).on_page(1)


def _search(criteria: Criteria, deal: str | None = None) -> str:
    """Return the address of a search; the deal in hand goes along."""
    parameters: dict[str, Any] = criteria.parameters()
    return url_for("finding.search", **parameters, deal=deal)


def _likely_name(criteria: Criteria) -> str:
    """Return the words, or without any the names of the filters."""
    if criteria.words:
        return criteria.words[: saving.LONGEST_NAME]
    filters = _filters(criteria, Names.load(language(), _))
    return ", ".join(name for _facet, name in filters)[: saving.LONGEST_NAME]


def _filters(criteria: Criteria, names: Names) -> list[tuple[str, str]]:
    """Return the filters in force in words, each with its facet."""
    return [
        (_(FACET_NAMES[facet]), names.of(facet, value))
        for facet in FACETS
        for value in sorted(criteria.chosen(facet))
    ]


def _list() -> dict[str, Any]:
    """Return what the list shows: each search with its filters in words, and its news."""
    rows, names = saving.saved_by(me()), Names.load(language(), _)
    news = alerts.news_of(me(), rows, current_engine(), firm_today(), most=saving.MOST)

    def shown(row: SavedSearch) -> dict[str, Any]:
        criteria = saving.criteria_of(row)
        fresh = news.get(row.id)
        target = fresh.criteria if fresh else criteria
        return {
            "saved": row,
            "words": criteria.words,
            "filters": _filters(criteria, names),
            "news": fresh,
            "href": _search(target),
        }

    return {"rows": [shown(row) for row in rows]}


def _changed(message: str, *, undo: str | None = None) -> ResponseReturnValue:
    """Answer a change with the list as it is now and a passing message."""
    if not request.headers.get("HX-Request"):
        if message:
            flash(message)
        return redirect(url_for("finding.saved"), 303)
    page = render_template("finding/saved_changed.html", message=message, undo=undo, **_list())
    answer = make_response(page)
    answer.headers["HX-Trigger"] = '{"closeDialog": true}'
    return answer
