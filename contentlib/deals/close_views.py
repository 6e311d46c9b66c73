"""Closing a deal, with the retro that is asked right then."""

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.clock import local_day, now, start_of_day
from contentlib.core.db import db
from contentlib.core.errors import Absent, ContentlibError
from contentlib.core.forms import Blaming
from contentlib.deals import outcomes, queries, service
from contentlib.deals.forms import CloseForm
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.retros import answers, page
from contentlib.deals.views import bp


@bp.get("/deals/<int:deal_id>/close/<outcome>")
@requires("deal.edit")
def close_form(deal_id: int, outcome: str) -> ResponseReturnValue:
    """Ask, before a deal is closed, what helped, what was missing and why it was lost."""
    if outcome not in (Outcome.WON, Outcome.LOST):
        raise Absent
    deal = queries.get_deal(me(), deal_id)
    return _page(deal, Outcome(outcome), page.close_form())


@bp.post("/deals/<int:deal_id>/close/<outcome>")
@requires("deal.edit")
def close(deal_id: int, outcome: str) -> ResponseReturnValue:
    """Close a deal and keep what was answered; skipping the answers leaves them waiting."""
    if outcome not in (Outcome.WON, Outcome.LOST):
        raise Absent
    deal = queries.get_deal(me(), deal_id)
    form = page.close_form()
    if form.validate_on_submit() and not _reason_missing(form, outcome):
        with Blaming(form, ContentlibError):
            _close(deal, outcome, form)
            if "skip" not in request.form:
                answers.answer(deal, page.read_answers(deal, request.form), by=me())
            db.session.commit()
            flash(_closed_sentence(outcome), "success")
            return redirect(url_for("deals.deal", deal_id=deal.id))
    status = 422 if deal.outcome == Outcome.OPEN else 409
    return make_response(_page(deal, Outcome(outcome), form), status)


def _page(deal: Deal, outcome: Outcome, form: CloseForm) -> str:
    facts = page.facts_of(deal, outcome, form) | {"asks_loss": outcome == Outcome.LOST}
    return render_template("deals/retro.html", closing=True, **facts)


def _closed_sentence(outcome: str) -> str:
    return _("Won. Congratulations.") if outcome == Outcome.WON else _("Noted as lost.")


def _reason_missing(form: CloseForm, outcome: str) -> bool:
    if outcome == Outcome.LOST and not form.loss_reason.data:
        form.loss_reason.errors = (_("Say why it was lost; losses that tell why are worth most."),)
        return True
    return False


def _close(deal: Deal, outcome: str, form: CloseForm) -> None:
    zone = current_app.extensions["settings"].timezone
    day, moment = form.closed_on.data, now()
    closed_at = moment if day == local_day(moment, zone) else start_of_day(day, zone)
    if day == local_day(deal.opened_at, zone):
        closed_at = max(closed_at, deal.opened_at)
    if outcome == Outcome.WON:
        service.close_won(deal, by=me(), closed_at=closed_at)
        return
    service.close_lost(
        deal,
        by=me(),
        reason=outcomes.get_loss_reason(form.loss_reason.data),
        note=form.loss_note.data or "",
        competitor=form.competitor.data,
        closed_at=closed_at,
    )
