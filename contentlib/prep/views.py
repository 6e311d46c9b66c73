"""Pages of call prep: a deal's brief, and one for a situation that has no deal here."""

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.clock import now
from contentlib.core.config import Settings
from contentlib.core.i18n import language
from contentlib.core.numbers import whole
from contentlib.core.signing import signing_keys
from contentlib.deals import queries as deals
from contentlib.deals.forms import SIZE_BANDS
from contentlib.deals.models import LossReason
from contentlib.library.choices import LANGUAGES
from contentlib.library.firm_day import firm_today
from contentlib.library.taxonomy import Persona, Stage, all_terms
from contentlib.mail.current import mail_is_set_up
from contentlib.prep import queries, receipts, talk
from contentlib.prep.brief import Brief, brief_for
from contentlib.prep.words import DISMISSALS, SECTION_NAMES, names_of, sections_of

bp = Blueprint("prep", __name__)


@bp.get("/deals/<int:deal_id>/prep")
@requires("deal.view")
def deal_brief(deal_id: int) -> ResponseReturnValue:
    """Show what helps in the next conversation on a deal."""
    deal = deals.get_deal(me(), deal_id)
    found = talk.talk_of_deal(deal, request.args, language=_settings().default_language)
    return render_template(
        "prep/deal.html", age=queries.stage_age(deal, now()), **page_of(brief_of(found))
    )


@bp.get("/prep")
@requires("asset.view")
def situation() -> ResponseReturnValue:
    """Show what helps in a situation that the address describes, or ask for it."""
    found = current_talk()
    offered = {
        "stages": all_terms(Stage),
        "personas": all_terms(Persona),
        "industries": talk.industries(me()),
        "sizes": SIZE_BANDS,
        "languages": LANGUAGES,
        "lang": _settings().default_language,
    }
    if found is None:
        return render_template("prep/situation.html", brief=None, **offered)
    return render_template("prep/situation.html", **offered, **page_of(brief_of(found)))


def current_talk() -> talk.Talk | None:
    """Return the conversation that the address means; a deal one may not see is none at all."""
    firm = _settings().default_language
    deal_id = request.args.get("deal", type=whole)
    if deal_id is not None:
        return talk.talk_of_deal(deals.get_deal(me(), deal_id), request.args, language=firm)
    return talk.talk_of_address(request.args, request.args.getlist("persona"), language=firm)


def brief_of(found: talk.Talk) -> Brief:
    """Return the brief of the person at hand for a conversation now."""
    grade = _settings().unused_grade
    return brief_for(me(), found, moment=now(), day=firm_today(), grade=grade)


def page_of(brief: Brief) -> dict[str, Any]:
    """Return what every page of a brief shows."""
    deal = brief.talk.deal
    parameters = brief.talk.parameters
    here = url_for("prep.situation", **parameters)
    if deal is not None:
        more = {name: value for name, value in parameters.items() if name != "deal"}
        here = url_for("prep.deal_brief", deal_id=deal.id, **more)
    shown = {"brief": brief, "talk": brief.talk, "section_names": SECTION_NAMES}
    return shown | {
        "message": render_template("prep/message.txt", **shown).strip(),
        "here": here,
        "parameters": parameters,
        "sections": sections_of(brief),
        "dismissals": DISMISSALS,
        "mails": mail_is_set_up(),
        "receipt": receipts.NOTES.sign(brief.receipt(me()), signing_keys()),
        "reason_names": names_of(LossReason, language()),
        "persona_names": names_of(Persona, language()),
        "size_bands": SIZE_BANDS,
        "today": firm_today(),
    }


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
