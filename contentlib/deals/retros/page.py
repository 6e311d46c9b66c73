"""What the pages of a retro show and read, in the application, at the close and behind a link."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _

from contentlib.core.clock import now
from contentlib.core.errors import N_
from contentlib.core.forms import options
from contentlib.core.i18n import language
from contentlib.core.numbers import whole
from contentlib.deals import outcomes, service
from contentlib.deals.forms import CloseForm
from contentlib.deals.models import Deal, Outcome, Verdict
from contentlib.deals.queries import valid_retro
from contentlib.deals.retros import answers
from contentlib.deals.retros.closes import close_number
from contentlib.deals.retros.models import WhyNot

LONGEST = 2000
WHY_NOT = {
    WhyNot.NOT_INVOLVED: N_("I was not part of this deal"),
    WhyNot.NOTHING_USED: N_("No material played a part"),
    WhyNot.CANNOT_TELL: N_("I cannot tell what helped"),
}


def close_form() -> CloseForm:
    """Return the form with the reasons of a loss in the person's language."""
    form = CloseForm()
    names = {reason.key: reason.name(language()) for reason in outcomes.loss_reasons()}
    form.loss_reason.choices = options(names, empty=_("Choose the reason"))
    return form


def facts_of(deal: Deal, outcome: Outcome, form: CloseForm) -> dict[str, Any]:
    """Return what every page of a retro draws; what was just typed stands before what is kept."""
    typed = request.method == "POST"
    return {
        "deal": deal,
        "outcome": outcome,
        "form": form,
        "rows": answers.asked(deal),
        "given": read_answers(deal, request.form) if typed else answers.given(deal),
        "close": close_number(deal),
        "changeable": answers.may_change(valid_retro(deal), now()),
        "verdicts": list(Verdict),
        "why_not": {reason.value: _(words) for reason, words in WHY_NOT.items()},
        "skip_reason": request.form.get("skip_reason", ""),
        "asks_loss": outcome == Outcome.LOST and deal.loss_reason_id is None,
    }


def read_answers(deal: Deal, form: Mapping[str, str]) -> answers.Answers:
    """Read what was answered; a material that is not asked about, or no longer, is left out."""
    rows = answers.asked(deal)
    decisive = form.get("decisive", "")
    return answers.Answers(
        verdicts=answers.read_verdicts(form, rows),
        decisive=next((row.asset.id for row in rows if str(row.asset.id) == decisive), None),
        missing=form.get("missing", "")[:LONGEST],
        outside=form.get("outside", "")[:LONGEST],
    )


def asked_close(form: Mapping[str, str]) -> int | None:
    """Return which close the sent page asked about; a page of before told none."""
    try:
        return whole(form.get("close", ""))
    except ValueError:
        return None


def explain_loss(deal: Deal, form: CloseForm, *, by: Any) -> None:
    """Keep why a deal was lost, where the one who closed it could not say."""
    if deal.outcome != Outcome.LOST or deal.loss_reason_id or not form.loss_reason.data:
        return
    service.explain_loss(
        deal,
        by=by,
        reason=outcomes.get_loss_reason(form.loss_reason.data),
        note=form.loss_note.data or "",
        competitor=form.competitor.data,
    )


def what_was_typed(form: Mapping[str, str]) -> list[str]:
    """Return the free texts of a form that could not be kept, so that nobody writes them twice."""
    names = ("missing", "outside", "loss_note", "competitor")
    return [text for name in names if (text := form.get(name, "")[:LONGEST].strip())]
