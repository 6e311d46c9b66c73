"""The page on which stages, personas, types and tags are kept."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contentlib.accounts.permissions import requires
from contentlib.core.db import db
from contentlib.core.errors import Invalid
from contentlib.core.i18n import explain
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
    kind = kind if kind in TITLES else "stage"
    return render_template(
        "library/taxonomy.html",
        kind=kind,
        titles=TITLES,
        words=terms.all_words(kind),
        counts=terms.use_counts(kind),
        form=TermForm(),
    )


@bp.post("/admin/taxonomy/<kind>")
@requires("taxonomy.edit")
def add_word(kind: str) -> ResponseReturnValue:
    """Add a word."""
    try:
        terms.add_word(kind, **_typed_names())
        db.session.commit()
    except Invalid as error:
        return _refused(kind, error)
    return _back(kind)


@bp.post("/admin/taxonomy/<kind>/<int:word_id>/name")
@requires("taxonomy.edit")
def rename_word(kind: str, word_id: int) -> ResponseReturnValue:
    """Change how a word is called in both languages."""
    try:
        terms.rename_word(terms.get_word(kind, word_id), **_typed_names())
        db.session.commit()
    except Invalid as error:
        return _refused(kind, error)
    flash(_("Saved."))
    return _back(kind)


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


def _typed_names() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("name_pt", "name_en")}


def _back(kind: str) -> ResponseReturnValue:
    return redirect(url_for("library.taxonomy", kind=kind), 303)


def _refused(kind: str, error: Invalid) -> ResponseReturnValue:
    db.session.rollback()
    flash(explain(error), "error")
    return _back(kind)
