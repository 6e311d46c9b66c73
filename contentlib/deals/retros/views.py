"""The retro of a deal that is closed already: answering it, changing it, skipping it."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import ContentlibError
from contentlib.core.forms import Blaming
from contentlib.deals import queries
from contentlib.deals.forms import CloseForm
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.retros import answers, page, skips
from contentlib.deals.views import bp


@bp.get("/deals/<int:deal_id>/retro")
@requires("deal.edit")
def retro_form(deal_id: int) -> ResponseReturnValue:
    """Ask what helped on a deal that is closed already."""
    deal = queries.get_deal(me(), deal_id)
    if deal.outcome == Outcome.OPEN:
        return redirect(url_for("deals.deal", deal_id=deal.id))
    return _page(deal, page.close_form())


@bp.post("/deals/<int:deal_id>/retro")
@requires("deal.edit")
def answer_retro(deal_id: int) -> ResponseReturnValue:
    """Keep the answers for a deal that is closed already."""
    deal = queries.find_deal(me(), deal_id)
    if deal is None:
        return gone(page.what_was_typed(request.form))
    form = page.close_form()
    with Blaming(form, ContentlibError):
        said = page.read_answers(deal, request.form)
        answers.answer(deal, said, by=me(), close=page.asked_close(request.form))
        page.explain_loss(deal, form, by=me())
        db.session.commit()
        flash(_("Thank you. The answers are kept."), "success")
        return redirect(url_for("deals.deal", deal_id=deal.id))
    return make_response(_page(deal, form), 422)


@bp.post("/deals/<int:deal_id>/retro/skip")
@requires("deal.edit")
def skip_retro(deal_id: int) -> ResponseReturnValue:
    """Note that a retro will not be answered, and why."""
    deal = queries.get_deal(me(), deal_id)
    form = page.close_form()
    with Blaming(form, ContentlibError):
        skips.skip(deal, request.form.get("skip_reason", ""), by=me())
        db.session.commit()
        flash(_("Skipped. You can still answer it on the page of the deal."))
        return redirect(url_for("deals.deal", deal_id=deal.id))
    return make_response(_page(deal, form), 422)


def gone(typed: list[str]) -> ResponseReturnValue:
    """Say the same of everything that cannot be answered here, and give back what was typed."""
    return make_response(render_template("deals/retro_gone.html", typed=typed), 404)


def _page(deal: Deal, form: CloseForm) -> str:
    facts = page.facts_of(deal, deal.outcome, form)
    return render_template("deals/retro.html", closing=False, **facts)
