"""Telling whether an answer worked, in two taps, and what is known of it beside its words."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.deals.answers import service
from contentlib.deals.answers.models import AnswerOutcome
from contentlib.deals.answers.record import record_facts
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.models import Deal
from contentlib.deals.taking_views import usable_asset
from contentlib.deals.views import bp
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, VersionKind
from contentlib.library.queries import get_asset

SAID = frozenset({VersionKind.OBJECTION, VersionKind.SCRIPT})


@bp.post("/assets/<int:asset_id>/outcome")
@requires("usage.record")
def note_outcome(asset_id: int) -> ResponseReturnValue:
    """Write down whether an answer worked, on the deal in hand if there is one."""
    asset, deal = usable_asset(asset_id), deal_in_hand()
    version = asset.shown_version
    if version is None or version.kind not in SAID:
        raise Invalid(N_("Only answers and scripts work or fail."))
    if request.form.get("worked") == "yes":
        outcome = service.note_worked(asset, deal, by=me())
    else:
        outcome = service.note_failed(asset, deal, by=me(), address=_at(asset))
    db.session.commit()
    return _told(asset, outcome)


@bp.post("/outcomes/<int:outcome_id>/why")
@requires("usage.record")
def explain_outcome(outcome_id: int) -> ResponseReturnValue:
    """Add why it did not work."""
    outcome = service.explain(outcome_id, request.form.get("note", ""), by=me())
    db.session.commit()
    return _told(_asset_of(outcome), outcome)


@bp.post("/outcomes/<int:outcome_id>/undo")
@requires("usage.record")
def undo_outcome(outcome_id: int) -> ResponseReturnValue:
    """Take back what was told by a slip."""
    outcome = service.undo(outcome_id, by=me())
    db.session.commit()
    return _told(_asset_of(outcome), outcome)


def _asset_of(outcome: AnswerOutcome) -> Asset:
    return get_asset(me(), outcome.asset_id, firm_today())


def _told(asset: Asset, outcome: AnswerOutcome) -> ResponseReturnValue:
    """Say what was noted in place of the buttons; a page without scripts is shown again."""
    if request.headers.get("HX-Request"):
        deal = db.session.get(Deal, outcome.deal_id) if outcome.deal_id else None
        return render_template("deals/outcome.html", asset=asset, deal=deal, outcome=outcome)
    flash(_("Taken back.") if outcome.undone_at else _("Thank you. Noted."))
    return redirect(_at(asset, deal=outcome.deal_id))


def _at(asset: Asset, **query: Any) -> str:
    return url_for("library.asset", asset_id=asset.id, **query)


@bp.get("/assets/<int:asset_id>/record")
@requires("asset.view")
def answer_record(asset_id: int) -> ResponseReturnValue:
    """Show on how many similar wins an answer was used, and to its keepers how often it worked."""
    asset = get_asset(me(), asset_id, firm_today())
    grade = current_app.extensions["settings"].unused_grade
    facts = record_facts(asset, deal_in_hand(), for_=me(), grade=grade)
    return render_template("deals/answer_record.html", **facts)
