"""The page behind a link of a letter: its one retro, for its one person, without a sign-in.

Opening the link changes nothing, since mail scanners open every link; only sending the form does.
A link that was never made, ran out, is void or is another person's gives one and the same answer.
"""

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contentlib.accounts.models import User
from contentlib.accounts.permissions import may, requires
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import ContentlibError
from contentlib.core.forms import Blaming
from contentlib.deals.forms import CloseForm
from contentlib.deals.models import Deal
from contentlib.deals.retros import answers, invitations, page, skips
from contentlib.deals.retros.invitations import Standing
from contentlib.deals.retros.models import RetroInvitation
from contentlib.deals.retros.views import gone
from contentlib.deals.views import bp


@bp.get("/retro/<token>")
@requires("public")
def retro_link(token: str) -> ResponseReturnValue:
    """Ask what helped, or say what became of the link."""
    row = _invitation(token)
    if row is None:
        return gone([])
    if invitations.standing(row, now()) is Standing.ANSWERED:
        return _answered(row, thanks=False)
    return _page(row, token, page.close_form())


@bp.post("/retro/<token>")
@requires("public")
def answer_by_link(token: str) -> ResponseReturnValue:
    """Keep what was answered or why it is skipped; after this the link has done its work."""
    row = _invitation(token)
    if row is None:
        return gone(page.what_was_typed(request.form))
    if invitations.standing(row, now()) is Standing.ANSWERED:
        return _answered(row, thanks=False)
    form = page.close_form()
    with Blaming(form, ContentlibError):
        invitations.use(row)
        _keep(row.deal, form, by=row.user)
        db.session.commit()
        return _answered(row, thanks=True)
    return make_response(_page(row, token, form), 422)


def _keep(deal: Deal, form: CloseForm, *, by: User) -> None:
    if "skip" in request.form:
        skips.skip(deal, request.form.get("skip_reason", ""), by=by)
        return
    said = page.read_answers(deal, request.form)
    answers.answer(deal, said, by=by, close=page.asked_close(request.form))
    page.explain_loss(deal, form, by=by)


def _invitation(token: str) -> RetroInvitation | None:
    """Return the invitation if it does anything for whoever has opened it."""
    row = invitations.find(token)
    if row is None or invitations.standing(row, now()) is Standing.GONE:
        return None
    if not may(row.user, "deal.edit"):
        return None
    if current_user.is_authenticated and current_user.id != row.user_id:
        return None
    g.language = row.user.language
    return row


def _page(row: RetroInvitation, token: str, form: CloseForm) -> str:
    facts = page.facts_of(row.deal, row.deal.outcome, form)
    return render_template("deals/retro_link.html", token=token, closing=False, **facts)


def _answered(row: RetroInvitation, *, thanks: bool) -> str:
    return render_template("deals/retro_answered.html", deal_id=row.deal_id, thanks=thanks)
