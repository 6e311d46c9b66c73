"""The page on which stages, personas, types and tags are kept."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contentlib.accounts.permissions import requires
from contentlib.core.db import db
from contentlib.core.forms import Blaming
from contentlib.library import terms
from contentlib.library.blueprint import bp
from contentlib.library.forms import TermForm

TITLES = {
    "stage": _l("Stages"),
    "persona": _l("Personas"),
    "type": _l("Types"),
    "tag": _l("Tags"),
}


@bp.get("/admin/taxonomy")
@requires("taxonomy.edit")
def taxonomy() -> ResponseReturnValue:
    """Show the words of one kind with how many materials carry them."""
    kind = request.args.get("kind", "stage")
    return _page(kind if kind in TITLES else "stage")


def _page(kind: str, *, wrong: TermForm | None = None, word_id: int | None = None) -> str:
    """Draw the words of a kind; what was typed wrong stays where it was typed."""
    return render_template(
        "library/taxonomy.html",
        kind=kind,
        titles=TITLES,
        words=terms.all_words(kind),
        counts=terms.use_counts(kind),
        wrong=wrong,
        wrong_id=word_id,
    )


@bp.post("/admin/taxonomy/<kind>")
@requires("taxonomy.edit")
def add_word(kind: str) -> ResponseReturnValue:
    """Add a word."""
    form = TermForm()
    with Blaming(form):
        terms.add_word(kind, **form.names())
        db.session.commit()
        return _back(kind)
    return _page(kind, wrong=form), 422


@bp.post("/admin/taxonomy/<kind>/<int:word_id>/name")
@requires("taxonomy.edit")
def rename_word(kind: str, word_id: int) -> ResponseReturnValue:
    """Change how a word is called in both languages."""
    form = TermForm()
    with Blaming(form):
        terms.rename_word(terms.get_word(kind, word_id), **form.names())
        db.session.commit()
        flash(_("Saved."))
        return _back(kind)
    return _page(kind, wrong=form, word_id=word_id), 422


@bp.post("/admin/taxonomy/<kind>/<int:word_id>/up")
@requires("taxonomy.edit")
def move_up(kind: str, word_id: int) -> ResponseReturnValue:
    """Move a word one place up."""
    terms.move_word(kind, terms.get_word(kind, word_id), steps=-1)
    db.session.commit()
    return _back(kind)


@bp.post("/admin/taxonomy/<kind>/<int:word_id>/down")
@requires("taxonomy.edit")
def move_down(kind: str, word_id: int) -> ResponseReturnValue:
    """Move a word one place down."""
    terms.move_word(kind, terms.get_word(kind, word_id), steps=1)
    db.session.commit()
    return _back(kind)


@bp.post("/admin/taxonomy/<kind>/<int:word_id>/retire")
@requires("taxonomy.edit")
def retire_word(kind: str, word_id: int) -> ResponseReturnValue:
    """Offer a word no more."""
    terms.retire_word(terms.get_word(kind, word_id))
    db.session.commit()
    return _back(kind)


@bp.post("/admin/taxonomy/<kind>/<int:word_id>/reinstate")
@requires("taxonomy.edit")
def reinstate_word(kind: str, word_id: int) -> ResponseReturnValue:
    """Offer a retired word again."""
    terms.reinstate_word(terms.get_word(kind, word_id))
    db.session.commit()
    return _back(kind)


def _back(kind: str) -> ResponseReturnValue:
    return redirect(url_for("library.taxonomy", kind=kind), 303)
