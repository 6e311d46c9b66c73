"""Synonyms and pins: the page on which marketing keeps them, with removals that can be undone."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from contentlib.accounts.permissions import me, requires
from contentlib.core.commas import items
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.forms import Blaming
from contentlib.core.lines import one_line
from contentlib.core.numbers import whole
from contentlib.finding import pins, synonyms
from contentlib.finding.criteria import LONGEST_QUERY
from contentlib.finding.forms import PinForm, SynonymForm
from contentlib.finding.models import Synonym
from contentlib.finding.views import bp
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.queries import find_by_title, get_asset
from contentlib.library.standing import standing_of

TERMS = "/search/terms"
SHOWN = ("synonyms", "pins")
# Where one may have come from, and goes back to.
REPORT = "/reports/searches"


@bp.get(TERMS)
@requires("search.edit")
def terms() -> ResponseReturnValue:
    """Show the synonyms or the pins; `words` are those that somebody wants to add to them."""
    shown = request.args.get("show", "")
    return _page(shown if shown in SHOWN else SHOWN[0])


@bp.post(f"{TERMS}/synonyms")
@requires("search.edit")
def add_synonym() -> ResponseReturnValue:
    """Let words mean the same."""
    form = SynonymForm()
    with Blaming(form):
        row = synonyms.add_synonym(items(form.words.data or ""), by=me())
        db.session.commit()
        return _back(
            "synonyms", _("From now on these words mean the same: %(words)s.", words=_listed(row))
        )
    return _page("synonyms", wrong=form), 422


@bp.post(f"{TERMS}/synonyms/<int:row_id>")
@requires("search.edit")
def change_synonym(row_id: int) -> ResponseReturnValue:
    """Change the words of a group."""
    form = SynonymForm()
    with Blaming(form):
        row = synonyms.get_synonym(row_id)
        synonyms.change_synonym(row, items(form.words.data or ""))
        db.session.commit()
        return _back(
            "synonyms", _("From now on these words mean the same: %(words)s.", words=_listed(row))
        )
    return _page("synonyms", wrong=form, wrong_id=row_id), 422


@bp.post(f"{TERMS}/synonyms/<int:row_id>/remove")
@requires("search.edit")
def remove_synonym(row_id: int) -> ResponseReturnValue:
    """Let the words of a group mean only themselves; the message can bring it back."""
    row = synonyms.get_synonym(row_id)
    words = [*row.words]
    synonyms.remove_synonym(row)
    db.session.commit()
    undo = url_for("finding.restore_synonym", word=words)
    return _changed("synonyms", _("Removed: %(name)s", name=", ".join(words)), undo)


@bp.post(f"{TERMS}/synonyms/restore")
@requires("search.edit")
def restore_synonym() -> ResponseReturnValue:
    """Bring a removed group back."""
    synonyms.add_synonym(request.args.getlist("word"), by=me())
    db.session.commit()
    return _changed("synonyms", "")


@bp.post(f"{TERMS}/pins")
@requires("search.edit")
def add_pin() -> ResponseReturnValue:
    """Let a material come first for some words."""
    form = PinForm()
    with Blaming(form):
        pin = pins.add_pin(form.typed_words(), _chosen(form), by=me())
        db.session.commit()
        said = _(
            "“%(title)s” comes first now for “%(words)s”.", title=pin.asset.title, words=pin.words
        )
        return _back("pins", said)
    return _page("pins", wrong=form), 422


@bp.post(f"{TERMS}/pins/<int:row_id>")
@requires("search.edit")
def change_pin(row_id: int) -> ResponseReturnValue:
    """Let a pin be for other words."""
    form = PinForm()
    with Blaming(form):
        pins.change_pin(pins.get_pin(row_id), form.typed_words())
        db.session.commit()
        return _back("pins", _("Saved."))
    return _page("pins", wrong=form, wrong_id=row_id), 422


@bp.post(f"{TERMS}/pins/<int:row_id>/up")
@requires("search.edit")
def move_pin(row_id: int) -> ResponseReturnValue:
    """Move a pin one place up among those of the same words."""
    pins.move_pin(pins.get_pin(row_id), steps=-1)
    db.session.commit()
    return _changed("pins", "")


@bp.post(f"{TERMS}/pins/<int:row_id>/remove")
@requires("search.edit")
def remove_pin(row_id: int) -> ResponseReturnValue:
    """Let a material stand where its words put it; the message can bring the pin back."""
    pin = pins.get_pin(row_id)
    undo = url_for("finding.restore_pin", words=pin.words, asset=pin.asset_id)
    said = _("Removed: %(name)s", name=f"{pin.words} → {pin.asset.title}")
    pins.remove_pin(pin)
    db.session.commit()
    return _changed("pins", said, undo)


@bp.post(f"{TERMS}/pins/restore")
@requires("search.edit")
def restore_pin() -> ResponseReturnValue:
    """Bring a removed pin back, as the last of its words."""
    asset = get_asset(me(), request.args.get("asset", 0, type=whole), firm_today())
    pins.add_pin(request.args.get("words", "")[:LONGEST_QUERY], asset, by=me())
    db.session.commit()
    return _changed("pins", "")


def _chosen(form: PinForm) -> Asset:
    """Return the material of a form: the one picked, or the only one of the title typed."""
    number = form.asset.data or ""
    if number.isdecimal() and len(number) < 19:
        return get_asset(me(), int(number), firm_today())
    title = (form.asset_text.data or "").strip()
    found = find_by_title(title, firm_today(), limit=2) if title else ()
    if len(found) != 1:
        raise Invalid(N_("Choose the material."), field="asset")
    return found[0]


def _listed(row: Synonym) -> str:
    return ", ".join(row.words)


def _list(shown: str) -> dict[str, Any]:
    """Return what the list shows."""
    today, find = firm_today(), one_line(request.values.get("find", "")[:LONGEST_QUERY])
    groups = synonyms.all_synonyms()
    return {
        "shown": shown,
        "synonyms": groups,
        "found": synonyms.with_letters(groups, find),
        "find": find,
        "pins": pins.all_pins(),
        "standing_of": lambda asset: standing_of(asset, today),
    }


def _page(shown: str, *, wrong: FlaskForm | None = None, wrong_id: int | None = None) -> str:
    """Draw the page; what was typed wrong stays where it was typed."""
    words = request.args.get("words", "")[:LONGEST_QUERY]
    return render_template(
        "finding/terms.html",
        wrong=wrong,
        wrong_id=wrong_id,
        words=words,
        group=synonyms.group_of(words) if words and shown == "synonyms" else None,
        back=_report(),
        **_list(shown),
    )


def _report() -> str:
    """Return the address of the report that somebody came from, and of no other page."""
    back = request.values.get("back", "")
    return back if back.startswith(REPORT) else ""


def _back(shown: str, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(_report() or url_for("finding.terms", show=shown), 303)


def _changed(shown: str, message: str, undo: str | None = None) -> ResponseReturnValue:
    """Answer a change with the list as it is now and a passing message."""
    if not request.headers.get("HX-Request"):
        if message:
            flash(message)
        return redirect(url_for("finding.terms", show=shown), 303)
    return make_response(
        render_template(
            "finding/terms_changed.html",
            message=message,
            undo=undo,
            wrong=None,
            wrong_id=None,
            **_list(shown),
        )
    )
