"""Changing materials: their facts, versions and state."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.accounts.queries import active_users
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, ContentlibError, Invalid
from contentlib.core.forms import Blaming
from contentlib.core.i18n import explain, language
from contentlib.core.ids import new_token
from contentlib.library import queries, service, versions
from contentlib.library.blueprint import bp
from contentlib.library.care import quarantine
from contentlib.library.care.verdicts import WITHHELD, ScanState
from contentlib.library.care.withheld import waits_for_scan
from contentlib.library.firm_day import firm_today
from contentlib.library.forms import FactsForm, FileVersionForm, VerifyForm
from contentlib.library.models import Asset, AssetVersion, VersionKind
from contentlib.library.readiness import lacks
from contentlib.library.release import service as releasing
from contentlib.library.release.page import offers_for
from contentlib.library.release.policy import approval_policy
from contentlib.library.release.rules import Approval, Offers
from contentlib.library.release.telling import telling
from contentlib.library.taxonomy import Tag, all_terms
from contentlib.library.uploads import service as uploads
from contentlib.library.uploads.views import take


def load(asset_id: int) -> Asset:
    """Load a material that is to be changed."""
    return queries.get_asset(me(), asset_id, firm_today())


def to_page(asset: Asset, **values: Any) -> ResponseReturnValue:
    """Lead back to a material's page."""
    return redirect(url_for("library.asset", asset_id=asset.id, **values), 303)


@bp.route("/assets/<int:asset_id>/edit", methods=["GET", "POST"])
@requires("asset.edit")
def edit(asset_id: int) -> ResponseReturnValue:
    """Change the facts of a material, and publish it from here if that was the button."""
    asset = load(asset_id)
    form = FactsForm()
    form.fill(language(), list(active_users()), asset)
    if request.method == "GET":
        form.show(asset, language(), firm_today())
    elif form.validate():
        with Blaming(form, ContentlibError):
            service.change_facts(asset, **form.facts())
            releasing.name_approver(asset, form.chosen_approver(asset), by=me())
            said = _go_on(asset, request.form.get("then", ""))
            db.session.commit()
            flash(said)
            return to_page(asset)
    return _facts_page(load(asset_id), form)


def _go_on(asset: Asset, then: str) -> str:
    """Do what the button said besides saving, and return the sentence that tells it."""
    if then == "publish":
        if waits_for_scan(asset.latest_version):
            return _(WITHHELD[ScanState.WAITING])
        with telling(asset):
            service.publish(asset, by=me(), today=firm_today())
        return _("Published. Sellers can find it within seconds.")
    if then == "submit":
        releasing.submit(latest_of(asset), by=me())
        return _("Sent for approval.")
    return _("Saved.")


def latest_of(asset: Asset) -> AssetVersion:
    """Return the latest version of a material, which must have one."""
    if asset.latest_version is None:
        raise Invalid(N_("Add its content first."))
    return asset.latest_version


def _facts_page(asset: Asset, form: FactsForm) -> ResponseReturnValue:
    latest = asset.latest_version
    page = render_template(
        "library/edit.html",
        asset=asset,
        form=form,
        tags=all_terms(Tag),
        lacks=lacks(asset),
        offers=offers_for(me(), latest) if latest else Offers(publish=True),
        approval_needed=approval_policy() is Approval.NAMED,
    )
    return page, 422 if form.errors else 200


@bp.post("/assets/<int:asset_id>/publish")
@requires("asset.edit")
def publish(asset_id: int) -> ResponseReturnValue:
    """Let sellers see the latest version; what is missing leads to the form."""
    asset = load(asset_id)
    try:
        with telling(asset):
            service.publish(asset, by=me(), today=firm_today())
    except Invalid as error:
        db.session.rollback()
        flash(explain(error), "error")
        return redirect(url_for("library.edit", asset_id=asset_id), 303)
    db.session.commit()
    flash(_("Published. Sellers can find it within seconds."), "success")
    return to_page(asset)


@bp.post("/assets/<int:asset_id>/archive")
@requires("asset.edit")
def archive(asset_id: int) -> ResponseReturnValue:
    """Take a material away from sellers."""
    asset = load(asset_id)
    service.archive(asset)
    db.session.commit()
    return to_page(asset)


@bp.post("/assets/<int:asset_id>/restore")
@requires("asset.edit")
def restore(asset_id: int) -> ResponseReturnValue:
    """Bring an archived material back."""
    asset = load(asset_id)
    service.restore(asset)
    db.session.commit()
    flash(_("Restored."))
    return to_page(asset)


@bp.post("/assets/<int:asset_id>/verify")
@requires("asset.edit")
def verify(asset_id: int) -> ResponseReturnValue:
    """Say that a material is still true, until its next review."""
    asset, form = load(asset_id), VerifyForm()
    if not form.validate():
        raise Invalid(service.WHEN_NEXT, field="next_review")
    service.verify(asset, by=me(), next_review=form.next_review.data, today=firm_today())
    db.session.commit()
    flash(_("Verified."), "success")
    return to_page(asset)


@bp.post("/assets/<int:asset_id>/read-again")
@requires("asset.edit")
def read_again(asset_id: int) -> ResponseReturnValue:
    """Ask that a file be read once more."""
    asset = load(asset_id)
    version = asset.latest_version
    if version is None or version.blob is None:
        raise Absent
    quarantine.read(version.blob)
    db.session.commit()
    return to_page(asset)


@bp.route("/assets/<int:asset_id>/versions/new", methods=["GET", "POST"])
@requires("asset.edit")
def new_version(asset_id: int) -> ResponseReturnValue:
    """Add a newer file; texts and links are changed in their own forms."""
    asset, form = load(asset_id), FileVersionForm()
    latest = asset.latest_version
    if latest is not None and latest.kind is not VersionKind.FILE:
        return redirect(url_for("library.rewrite", asset_id=asset_id))
    if request.method == "POST" and form.validate():
        with Blaming(form, ContentlibError):
            return _take_version(asset_id, form)
    page = render_template(
        "library/new_version.html",
        asset=load(asset_id),
        form=form,
        key=new_token(),
        publishes=releasing.may_publish_own(load(asset_id), me()),
    )
    return page, 422 if form.errors else 200


def _take_version(asset_id: int, form: FileVersionForm) -> ResponseReturnValue:
    # No transaction is open while bytes arrive: on SQLite it would keep all others waiting.
    db.session.rollback()
    arrived = take(form.file.data)
    asset = load(asset_id)
    note, key = form.change_note.data or "", request.form.get("key", "")
    version = uploads.add_version(asset, arrived, by=me(), key=key, change_note=note)
    if form.is_major:
        versions.mark_major(version)
    then = request.form.get("then", "")
    waits = then == "publish" and waits_for_scan(version)
    said = _go_on(asset, then)
    db.session.commit()
    flash(said if waits else _("The new version is there."), "info" if waits else "success")
    return redirect(url_for("library.version", asset_id=asset.id, number=version.number), 303)
