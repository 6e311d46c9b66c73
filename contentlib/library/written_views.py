"""Writing scripts and objection cards, and keeping links: new ones and new versions of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import Absent, ContentlibError
from contentlib.core.forms import Blaming
from contentlib.core.ids import new_token
from contentlib.library import queries, writing
from contentlib.library.blueprint import bp
from contentlib.library.firm_day import firm_today
from contentlib.library.forms import LinkForm, ObjectionForm, ScriptForm
from contentlib.library.models import Asset, VersionKind

FORMS: dict[VersionKind, type[FlaskForm]] = {
    VersionKind.SCRIPT: ScriptForm,
    VersionKind.OBJECTION: ObjectionForm,
    VersionKind.LINK: LinkForm,
}


@bp.route("/assets/new/script", methods=["GET", "POST"])
@requires("asset.edit")
def new_script() -> ResponseReturnValue:
    """Write a script."""
    return _write(VersionKind.SCRIPT, None)


@bp.route("/assets/new/objection", methods=["GET", "POST"])
@requires("asset.edit")
def new_objection() -> ResponseReturnValue:
    """Write an objection card."""
    return _write(VersionKind.OBJECTION, None)


@bp.route("/assets/new/link", methods=["GET", "POST"])
@requires("asset.edit")
def new_link() -> ResponseReturnValue:
    """Keep the address of a page elsewhere."""
    return _write(VersionKind.LINK, None)


@bp.route("/assets/<int:asset_id>/rewrite", methods=["GET", "POST"])
@requires("asset.edit")
def rewrite(asset_id: int) -> ResponseReturnValue:
    """Write a new version of a script, an objection card or a link."""
    asset = queries.get_asset(me(), asset_id, firm_today())
    latest = asset.latest_version
    if latest is None or latest.kind not in FORMS:
        raise Absent
    return _write(latest.kind, asset)


def _write(kind: VersionKind, asset: Asset | None) -> ResponseReturnValue:
    """Show the form of a kind; what is sent becomes a draft, or a version of the material."""
    latest = asset.latest_version if asset else None
    form = FORMS[kind](data=writing.known(latest) if latest else None)
    if form.validate_on_submit():
        with Blaming(form, ContentlibError):
            row = writing.write(
                kind, asset, form, by=me(), today=firm_today(), key=request.form.get("key", "")
            )
            db.session.commit()
            return _after(row, is_new=asset is None)
    return render_template(f"library/{kind}_form.html", **_shown(form)), 422 if form.errors else 200


def _shown(form: FlaskForm) -> dict[str, Any]:
    """Return what a form's page needs: the form, the material, the proof that is chosen."""
    number = (request.view_args or {}).get("asset_id")
    today = firm_today()
    proof_id = writing.number_in(form["proof"].data) if "proof" in form else None
    return {
        "form": form,
        "key": request.form.get("key") or new_token(),
        "asset": queries.get_asset(me(), number, today) if number else None,
        "proof": next(iter(queries.get_assets(me(), [proof_id], today)), None)
        if proof_id
        else None,
    }


def _after(row: Asset, *, is_new: bool) -> ResponseReturnValue:
    if is_new:
        return redirect(url_for("library.edit", asset_id=row.id), 303)
    flash(_("The new version is there."), "success")
    return redirect(
        url_for("library.version", asset_id=row.id, number=row.versions[-1].number), 303
    )


@bp.get("/assets/options")
@requires("asset.view")
def options() -> ResponseReturnValue:
    """Give the lines of a material picker for the words typed so far."""
    words = request.args.get("proof_text", "")[:100]
    return render_template(
        "library/options.html",
        assets=queries.find_by_title(words, firm_today()),
        field=request.args.get("field", "proof")[:40],
    )
