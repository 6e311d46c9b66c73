"""Uploading files: several at once, each a draft, completed and published together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from os import SEEK_END
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from contentlib import receiving
from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db, reading
from contentlib.core.errors import N_, Absent, ContentlibError, Invalid
from contentlib.core.forms import Blaming
from contentlib.core.headers import let_scripts_reach
from contentlib.core.i18n import explain
from contentlib.core.numbers import whole
from contentlib.extraction import KINDS
from contentlib.library import queries
from contentlib.library.blueprint import bp
from contentlib.library.care import tombstones
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.taxonomy import Tag, all_terms
from contentlib.library.uploads import completing, receipts, room
from contentlib.library.uploads import service as uploads
from contentlib.receiving import Arrived
from contentlib.storage import StorageError
from contentlib.storage.current import current_storage

NO_FILE = N_("Choose a file.")


def take(file: FileStorage | None) -> Arrived:
    """Keep the file of a form field, or say what is wrong with it."""
    if file is None or not file.filename:
        raise Invalid(NO_FILE, field="file")
    size = file.stream.seek(0, SEEK_END)
    file.stream.seek(0)
    with reading():
        room.refuse_without_room(current_storage(), size, by=me())
        db.session.rollback()
    limit = current_app.extensions["settings"].max_upload_mb * 2**20
    return uploads.take_in(current_storage(), file.stream, file.filename, limit=limit, claim=_claim)


def _claim(key: str) -> None:
    """Keep the bytes of a key from being swept until their row is written."""
    tombstones.reclaim(key)
    db.session.commit()


@bp.get("/assets/upload")
@requires("asset.edit")
def upload() -> ResponseReturnValue:
    """Offer the field that takes files, which may send them straight to the store."""
    with suppress(StorageError):
        let_scripts_reach(current_storage().origin)
    endings = ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.extensions)
    return render_template(
        "library/upload.html",
        endings=endings,
        most=current_app.extensions["settings"].max_upload_mb,
        drafts=queries.drafts_of(me(), firm_today()),
        unfinished=receiving.unfinished(me()),
    )


@bp.post("/assets/upload")
@requires("asset.edit")
def receive() -> ResponseReturnValue:
    """Take files in: one a request from the upload field, several from a plain form."""
    key = request.headers.get("Idempotency-Key", "")[:80]
    # No transaction is open while bytes arrive: on SQLite it would keep all others waiting.
    db.session.rollback()
    answer: ResponseReturnValue
    if request.headers.get("HX-Request"):
        row = row_of(take(request.files.get("file")), key)
        answer = render_template("library/upload_row.html", **row), 201
    else:
        ids = _take_all(request.files.getlist("file"))
        answer = redirect(url_for("library.complete", id=ids), 303)
    db.session.commit()
    return answer


def row_of(arrived: Arrived, key: str) -> dict[str, Any]:
    """Make a draft, or name the material that has the same bytes already."""
    known = receipts.earlier(me(), key, arrived.sha256)
    twin = queries.same_bytes(arrived.sha256) if known is None else None
    if twin is not None:
        return {"arrived": arrived, "twin": twin, "key": key, "asset": None, "namesake": None}
    asset = uploads.new_draft(arrived, by=me(), key=key)
    namesake = queries.same_name(arrived.file_name, other_than=asset)
    return {"arrived": arrived, "asset": asset, "namesake": namesake, "twin": None, "key": key}


def _take_all(files: Sequence[FileStorage]) -> list[int]:
    """Make a draft of each file that can be taken; say of the others why not."""
    arrived: list[Arrived] = []
    ids: list[int] = []
    for file in files:
        with _told_of(file.filename):
            arrived.append(take(file))
    for one in arrived:
        with _told_of(one.file_name), db.session.begin_nested():
            ids.append(uploads.new_draft(one, by=me()).id)
    return ids


@contextmanager
def _told_of(name: str | None) -> Iterator[None]:
    """Say why a file was not taken, and go on with the others."""
    try:
        yield
    except ContentlibError as error:
        flash(f"{name or '?'}: {explain(error)}", "error")


@bp.post("/assets/upload/again")
@requires("asset.edit")
def keep_both() -> ResponseReturnValue:
    """Make a draft of a file whose bytes are in the library already."""
    blob = queries.find_blob(request.form.get("sha256", ""))
    if blob is None:
        raise Absent
    name, key = request.form.get("file_name", ""), request.form.get("key", "")
    asset = uploads.adopt(blob, name, by=me(), key=key)
    db.session.commit()
    return redirect(url_for("library.edit", asset_id=asset.id), 303)


@bp.post("/assets/<int:asset_id>/instead")
@requires("asset.edit")
def become_version(asset_id: int) -> ResponseReturnValue:
    """Turn a fresh draft into a new version of an older material."""
    draft = queries.get_asset(me(), asset_id, firm_today())
    target = queries.get_asset(me(), request.form.get("of", 0, type=whole), firm_today())
    version = uploads.become_version(draft, of=target, by=me())
    db.session.commit()
    flash(_("The new version is there. Sellers see it once you publish it."), "success")
    return redirect(url_for("library.asset", asset_id=target.id, v=version.number), 303)


@bp.route("/assets/complete", methods=["GET", "POST"])
@requires("asset.edit")
def complete() -> ResponseReturnValue:
    """Complete several drafts in one form, and publish them together."""
    drafts = _drafts_to_complete()
    if request.method == "POST" and not drafts:
        # Sent a second time: what it asks for has been done.
        return redirect(url_for("library.assets"), 303)
    forms = completing.forms_for(drafts, me())
    chosen = _chosen(drafts)
    if request.method == "POST" and forms.validate(chosen):
        publish = request.form.get("then") == "publish"
        with Blaming(forms.shared, ContentlibError):
            done = completing.publish if publish else completing.save
            done(forms, chosen, by=me(), today=firm_today())
            db.session.commit()
            flash(_done_sentence(len(chosen), publish), "success")
            return redirect(url_for("library.assets", status="published" if publish else "draft"))
    page = render_template(
        "library/complete.html",
        forms=forms,
        # What was refused was undone, so its rows are read anew.
        drafts=_drafts_to_complete() if forms.has_errors else drafts,
        chosen={draft.id for draft in chosen},
        tags=all_terms(Tag),
    )
    return page, 422 if forms.has_errors else 200


def _drafts_to_complete() -> list[Asset]:
    """Return the drafts named in the address or form, or all unfinished ones of this person."""
    return queries.drafts_of(me(), firm_today(), request.values.getlist("id", type=whole))


def _chosen(drafts: list[Asset]) -> list[Asset]:
    """Return the drafts whose boxes are ticked; at first those that no one has described yet."""
    if request.method == "POST":
        ticked = set(request.form.getlist("chosen", type=whole))
        return [draft for draft in drafts if draft.id in ticked]
    return drafts if request.args.getlist("id") else [draft for draft in drafts if not draft.stages]


def _done_sentence(count: int, published: bool) -> str:
    if published:
        return ngettext(
            "%(num)s material published. Sellers can find it within seconds.",
            "%(num)s materials published. Sellers can find them within seconds.",
            count,
        )
    return ngettext("%(num)s draft saved.", "%(num)s drafts saved.", count)
