"""Closing a deal, and the retro that is asked right then or later."""

from collections.abc import Mapping

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.clock import local_day, now, start_of_day
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Invalid
from contentlib.core.forms import Blaming, options
from contentlib.core.i18n import language
from contentlib.deals import outcomes, queries, retro, service
from contentlib.deals.forms import CloseForm
from contentlib.deals.models import Deal, Outcome, Verdict
from contentlib.deals.views import bp


@bp.get("/deals/<int:deal_id>/close/<outcome>")
@requires("deal.edit")
def close_form(deal_id: int, outcome: str) -> ResponseReturnValue:
    """Ask, before a deal is closed, what helped, what was missing and why it was lost."""
    if outcome not in (Outcome.WON, Outcome.LOST):
        raise Absent
    deal = queries.get_deal(me(), deal_id)
    return _page(deal, Outcome(outcome), closing=True)


@bp.post("/deals/<int:deal_id>/close/<outcome>")
@requires("deal.edit")
def close(deal_id: int, outcome: str) -> ResponseReturnValue:
    """Close a deal and keep what was answered; skipping the answers leaves them waiting."""
    if outcome not in (Outcome.WON, Outcome.LOST):
        raise Absent
    deal = queries.get_deal(me(), deal_id)
    form = _form()
    if form.validate_on_submit() and not _reason_missing(form, outcome):
        with Blaming(form):
            _close(deal, outcome, form)
            if "skip" not in request.form:
                retro.answer(deal, _answers(deal, request.form), by=me())
            db.session.commit()
            flash(_closed_sentence(outcome), "success")
            return redirect(url_for("deals.deal", deal_id=deal.id))
    return make_response(_page(deal, Outcome(outcome), closing=True, form=form), 422)


@bp.get("/deals/<int:deal_id>/retro")
@requires("deal.edit")
def retro_form(deal_id: int) -> ResponseReturnValue:
    """Ask what helped on a deal that is closed already."""
    deal = queries.get_deal(me(), deal_id)
    if deal.outcome == Outcome.OPEN:
        return redirect(url_for("deals.deal", deal_id=deal.id))
    return _page(deal, deal.outcome, closing=False)


@bp.post("/deals/<int:deal_id>/retro")
@requires("deal.edit")
def answer_retro(deal_id: int) -> ResponseReturnValue:
    """Keep the answers for a deal that is closed already."""
    deal = queries.get_deal(me(), deal_id)
    form = _form()
    with Blaming(form):
        retro.answer(deal, _answers(deal, request.form), by=me())
        db.session.commit()
        flash(_("Thank you. The answers are kept."), "success")
        return redirect(url_for("deals.deal", deal_id=deal.id))
    return make_response(_page(deal, deal.outcome, closing=False, form=form), 422)


def _page(deal: Deal, outcome: Outcome, *, closing: bool, form: CloseForm | None = None) -> str:
    typed = request.method == "POST"
    return render_template(
        "deals/retro.html",
        deal=deal,
        outcome=outcome,
        closing=closing,
        form=form or _form(),
        rows=retro.asked(deal),
        given=_answers(deal, request.form) if typed else retro.given(deal),
        verdicts=list(Verdict),
    )


def _form() -> CloseForm:
    form = CloseForm()
    names = {reason.key: reason.name(language()) for reason in outcomes.loss_reasons()}
    form.loss_reason.choices = options(names, empty=_("Choose the reason"))
    return form


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


def _answers(deal: Deal, form: Mapping[str, str]) -> retro.Answers:
    decisive = form.get("decisive", "")
    if decisive and not decisive.isdecimal():
        raise Invalid(N_("The request could not be understood."))
    return retro.Answers(
        verdicts=retro.read_verdicts(form, retro.asked(deal)),
        decisive=int(decisive) if decisive else None,
        missing=form.get("missing", "")[:2000],
        outside=form.get("outside", "")[:2000],
    )
