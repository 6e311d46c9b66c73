"""Pages of deals: the board and table, one deal, its facts and its way through the stages."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.models import Role
from contentlib.accounts.permissions import me, requires
from contentlib.accounts.queries import active_users, all_teams, get_user
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.forms import Blaming
from contentlib.core.i18n import language
from contentlib.core.paging import paginate
from contentlib.deals import listing, outcomes, queries, service
from contentlib.deals.forms import CHANNELS, SIZE_BANDS, ContactForm, DealForm
from contentlib.deals.models import Deal
from contentlib.deals.retros import answers
from contentlib.deals.retros.skips import valid_skip
from contentlib.library.firm_day import firm_today
from contentlib.library.taxonomy import Persona, Stage, all_terms, get_term
from contentlib.usage.queries import events_on_deal

bp = Blueprint("deals", __name__)


@bp.get("/deals")
@requires("deal.view")
def board() -> ResponseReturnValue:
    """Show open deals by stage, or all deals as a table; the address holds every choice."""
    wanted, day = listing.read(request.args), firm_today()
    shown: dict[str, Any] = (
        {"columns": listing.board(me(), wanted, day)}
        if wanted.view == "board"
        else {"page": paginate(listing.table(me(), wanted, day), number=wanted.page)}
    )
    return render_template("deals/board.html", listing=wanted, **_choices(), **shown)


def _choices() -> dict[str, Any]:
    return {
        "sellers": active_users(Role.SELLER, Role.MANAGER),
        "teams": all_teams(),
        "stages": all_terms(Stage),
        "pipelines": outcomes.pipelines(),
    }


@bp.get("/deals/<int:deal_id>")
@requires("deal.view")
def deal(deal_id: int) -> ResponseReturnValue:
    """Show one deal: its facts, people, way through the stages and the materials used on it."""
    row = queries.get_deal(me(), deal_id)
    retro = queries.valid_retro(row)
    return render_template(
        "deals/deal.html",
        deal=row,
        history=queries.stage_history(row),
        evidence=answers.evidence(row),
        events=events_on_deal(row.id),
        retro=retro,
        retro_before=answers.history(retro) if retro else (),
        retro_changeable=answers.may_change(retro, now()),
        skipped=valid_skip(row),
        stages=all_terms(Stage),
        size_bands=SIZE_BANDS,
        channels=CHANNELS,
        today=firm_today(),
    )


@bp.route("/deals/new", methods=["GET", "POST"])
@requires("deal.edit")
def new() -> ResponseReturnValue:
    """Open a deal."""
    form = _deal_form(None)
    if form.validate_on_submit():
        with Blaming(form):
            row = service.open_deal(
                company=service.get_or_add_company(form.company.data),
                owner=get_user(int(form.owner.data)) if form.owner.data else me(),
                pipeline=outcomes.get_pipeline(form.pipeline.data),
                stage=get_term(Stage, form.stage.data),
                by=me(),
                **form.facts(),
            )
            db.session.commit()
            return redirect(_at(row))
    return render_template("deals/edit.html", form=form, deal=None), 422 if form.errors else 200


@bp.route("/deals/<int:deal_id>/edit", methods=["GET", "POST"])
@requires("deal.edit")
def edit(deal_id: int) -> ResponseReturnValue:
    """Change the facts of a deal."""
    row = queries.get_deal(me(), deal_id)
    form = _deal_form(row)
    if form.validate_on_submit():
        with Blaming(form):
            service.change_deal(
                row,
                by=me(),
                company=service.get_or_add_company(form.company.data),
                owner=get_user(int(form.owner.data)) if form.owner.data else row.owner,
                pipeline=outcomes.get_pipeline(form.pipeline.data),
                **form.facts(),
            )
            db.session.commit()
            return redirect(_at(row))
    return render_template("deals/edit.html", form=form, deal=row), 422 if form.errors else 200


def _deal_form(row: Deal | None) -> DealForm:
    """Return the form with its choices; a deal's present facts stand in it."""
    form = DealForm(obj=row, data=None)
    settings = current_app.extensions["settings"]
    people = [user for user in active_users(Role.SELLER, Role.MANAGER) if _may_own(user.team_id)]
    form.fill(language(), people, settings.currency)
    if row is None and not form.is_submitted():
        form.currency.data, form.owner.data = settings.currency, str(me().id)
    if row is not None:
        form.stage.data = row.stage.key
        if not form.is_submitted():
            form.show(row, language())
    return form


def _may_own(team_id: int | None) -> bool:
    return me().role != Role.SELLER or team_id == me().team_id


@bp.post("/deals/<int:deal_id>/stage")
@requires("deal.edit")
def move(deal_id: int) -> ResponseReturnValue:
    """Let a deal arrive at another stage."""
    row = queries.get_deal(me(), deal_id)
    stage = get_term(Stage, request.form.get("stage", ""))
    service.move_to_stage(row, stage, by=me())
    db.session.commit()
    flash(_("“%(deal)s” is now in %(stage)s.", deal=row.title, stage=stage.name(language())))
    return redirect(_at(row) if "back" in request.form else url_for("deals.board"))


@bp.post("/deals/<int:deal_id>/reopen")
@requires("deal.edit")
def reopen(deal_id: int) -> ResponseReturnValue:
    """Take the outcome of a deal back."""
    row = queries.get_deal(me(), deal_id)
    service.reopen(row, by=me())
    db.session.commit()
    flash(_("The deal is open again. Answers given at its close no longer count."))
    return redirect(_at(row))


@bp.route("/deals/<int:deal_id>/contacts/new", methods=["GET", "POST"])
@requires("deal.edit")
def new_contact(deal_id: int) -> ResponseReturnValue:
    """Add a person of the buying company to a deal."""
    row = queries.get_deal(me(), deal_id)
    form = ContactForm()
    form.offer(all_terms(Persona), language())
    if form.validate_on_submit():
        with Blaming(form):
            company = row.company or service.get_or_add_company(row.title)
            contact = service.add_contact(company, **form.facts())
            service.change_deal(row, by=me(), company=company, contacts=[*row.contacts, contact])
            db.session.commit()
            return redirect(_at(row))
    return render_template("deals/contact.html", form=form, deal=row), 422 if form.errors else 200


@bp.get("/companies/<int:company_id>")
@requires("deal.view")
def company(company_id: int) -> ResponseReturnValue:
    """Show a company with its people and those of its deals that one may see."""
    row = queries.get_company(me(), company_id)
    return render_template(
        "deals/company.html",
        company=row,
        deals=queries.deals_of_company(me(), row),
        size_bands=SIZE_BANDS,
    )


def _at(row: Deal) -> str:
    return url_for("deals.deal", deal_id=row.id)
