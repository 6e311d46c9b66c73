"""Sending a file in parts: what the upload field and programs use.

`POST /uploads` (name, size, `Idempotency-Key`) begins, or carries on what the same key began;
`PATCH` adds a part at `Upload-Offset`, with its checksum in `Content-Digest`; `POST …/finish` makes
a draft of it, or a version of the material that was named at the beginning. Each may be repeated.
Who began with `direct=1` and is told that the way is `store` asks for the address of each part
(`direct_views`) in place of `PATCH`; who begins again without it comes through the application.
"""

import base64
from typing import Any

from flask import current_app, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contentlib import receiving
from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db, reading
from contentlib.core.errorpages import answer
from contentlib.core.errors import N_, Invalid, TooLarge
from contentlib.core.failpoints import reached
from contentlib.core.i18n import explain
from contentlib.core.numbers import whole
from contentlib.extraction import UnacceptableFile
from contentlib.library import queries
from contentlib.library.blueprint import bp
from contentlib.library.care import tombstones
from contentlib.library.firm_day import firm_today
from contentlib.library.uploads import service as uploads
from contentlib.library.uploads.views import row_of
from contentlib.receiving import Arrived, Landing
from contentlib.receiving.models import Upload
from contentlib.storage import ObjectDamaged, ObjectMissing, object_key
from contentlib.storage.current import current_storage

BLOCK = 2**18
"""Bytes that are taken from the line at once."""


@bp.post("/uploads")
@requires("asset.edit")
def begin_upload() -> ResponseReturnValue:
    """Begin to send a file, or learn how far it came before."""
    aim: dict[str, Any] = {}
    if asset_id := request.form.get("asset", type=whole):
        aim = {
            "asset": queries.get_asset(me(), asset_id, firm_today()).id,
            "note": request.form.get("note", "")[:2000],
        }
    upload = receiving.begin(
        current_storage(),
        current_app.extensions["settings"],
        by=me(),
        key=request.headers.get("Idempotency-Key", ""),
        file_name=request.form.get("name", ""),
        size=request.form.get("size", 0, type=whole),
        aim=aim,
        way=receiving.Way.STORE if request.form.get("direct") == "1" else receiving.Way.APPLICATION,
    )
    db.session.commit()
    with reading():
        return jsonify(_told(upload)), 201


@bp.get("/uploads/<upload_id>")
@requires("asset.edit")
def upload_state(upload_id: str) -> ResponseReturnValue:
    """Tell how far an upload has come."""
    return jsonify(_told(receiving.get_upload(me(), upload_id)))


@bp.patch("/uploads/<upload_id>")
@requires("asset.edit")
def add_part(upload_id: str) -> ResponseReturnValue:
    """Take the next part of a file."""
    if (request.content_length or 0) > receiving.PART:
        raise TooLarge(N_("Send the file in smaller parts."))
    # No transaction is open while bytes arrive: on SQLite it would keep all others waiting.
    db.session.rollback()
    part = _body()
    at, sha256 = request.headers.get("Upload-Offset", -1, type=whole), checksum()
    with receiving.alone(current_storage(), own(upload_id)):
        with reading():
            upload = receiving.get_upload(me(), upload_id)
            end = receiving.append(current_storage(), upload, part, at=at, sha256=sha256)
        db.session.rollback()
        receiving.came(receiving.get_upload(me(), upload_id), end)
        db.session.commit()
        reached("part.told")
    response = make_response("", 204)
    response.headers["Upload-Offset"] = str(end)
    return response


@bp.post("/uploads/<upload_id>/finish")
@requires("asset.edit")
def finish_upload(upload_id: str) -> ResponseReturnValue:
    """Make of a file that has arrived what its sender wanted of it."""
    storage = current_storage()
    with receiving.alone(storage, own(upload_id)):
        arrived = _kept(upload_id)
        upload = receiving.get_upload(me(), upload_id)
        body = _version_of(upload, arrived) if upload.aim else _draft_of(upload, arrived)
        landing = receiving.landing_of(storage, upload)
        receiving.done(upload)
        reached("made")
        db.session.commit()
        reached("finished")
        landing.forget()
    return body, 201


@bp.delete("/uploads/<upload_id>")
@requires("asset.edit")
def cancel_upload(upload_id: str) -> ResponseReturnValue:
    """Forget a file that is not wanted any more."""
    with receiving.alone(current_storage(), own(upload_id)):
        upload = receiving.get_upload(me(), upload_id)
        landing = receiving.landing_of(current_storage(), upload)
        receiving.cancel(upload)
        db.session.commit()
        landing.forget()
    return "", 204


@bp.errorhandler(receiving.AtAnotherPlace)
def at_another_place(error: receiving.AtAnotherPlace) -> ResponseReturnValue:
    """Tell a sender where to go on."""
    db.session.rollback()
    refused = answer(error.status, explain(error))
    refused.headers["Upload-Offset"] = str(error.offset)
    return refused


def _body() -> bytearray:
    """Read what is sent by blocks: at once, it would be in memory several times."""
    body = bytearray()
    while block := request.stream.read(min(BLOCK, receiving.PART - len(body))):
        body += block
    return body


def own(upload_id: str) -> str:
    """Return the id of an upload of this person; no other leaves a trace on the disk."""
    with reading():
        own = receiving.get_upload(me(), upload_id).id
    db.session.rollback()
    return own


def _kept(upload_id: str) -> Arrived:
    """Bring a file that arrived into the store, which takes as long as its bytes need.

    What is to be done is committed before the store is asked, and nobody waits for a transaction
    meanwhile: should this process die, the next one that is asked knows where to go on.
    """
    storage = current_storage()
    try:
        with reading():
            arrived = receiving.inspect(storage, receiving.get_upload(me(), upload_id))
        receiving.store(storage, _promise(upload_id, arrived), arrived)
    except UnacceptableFile:
        _refuse(upload_id)
        raise
    except (ObjectMissing, ObjectDamaged) as error:
        _begin_anew(upload_id)
        raise receiving.AtAnotherPlace(0) from error
    return arrived


def _promise(upload_id: str, arrived: Arrived) -> Landing:
    db.session.rollback()
    tombstones.reclaim(object_key(arrived.sha256))
    upload = receiving.get_upload(me(), upload_id)
    receiving.storing(upload, arrived)
    landing = receiving.landing_of(current_storage(), upload)
    reached("hashed")
    db.session.commit()
    return landing


def _refuse(upload_id: str) -> None:
    db.session.rollback()
    upload = receiving.get_upload(me(), upload_id)
    landing = receiving.landing_of(current_storage(), upload)
    receiving.refuse(upload)
    db.session.commit()
    landing.forget()


def _begin_anew(upload_id: str) -> None:
    """Expect everything once more; what lies there would pass for it, so it goes first."""
    db.session.rollback()
    with reading():
        landing = receiving.landing_of(current_storage(), receiving.get_upload(me(), upload_id))
    db.session.rollback()
    landing.forget()
    receiving.begin_anew(receiving.get_upload(me(), upload_id))
    db.session.commit()


def _draft_of(upload: Upload, arrived: Arrived) -> str:
    """Make a draft, or name the material that has the same bytes; as the row of the upload."""
    return render_template("library/upload_row.html", **row_of(arrived, upload.key))


def _version_of(upload: Upload, arrived: Arrived) -> str:
    asset = queries.get_asset(me(), upload.aim["asset"], firm_today())
    version = uploads.add_version(
        asset, arrived, by=me(), key=upload.key, change_note=upload.aim["note"]
    )
    address = url_for("library.asset", asset_id=asset.id, v=version.number)
    return render_template("library/upload_row.html", arrived=arrived, version=version, to=address)


def _told(upload: Upload) -> dict[str, Any]:
    """Say what a sender needs to go on: where, and how large the parts are that it sends."""
    store = receiving.in_store(current_storage(), upload)
    return {
        "id": upload.id,
        "state": upload.state,
        "size": upload.size,
        "offset": receiving.offset_of(current_storage(), upload),
        "way": receiving.Way.STORE if store else receiving.Way.APPLICATION,
        "part": store.part_size if store else receiving.PART,
    }


def checksum() -> bytes | None:
    """Read the checksum of a part (RFC 9530), if its sender gave one."""
    told = request.headers.get("Content-Digest", "")
    if not told:
        return None
    name, _, value = told.partition("=")
    try:
        digest = base64.b64decode(value.strip().strip(":"), validate=True)
    except ValueError:
        digest = b""
    if name.strip().lower() != "sha-256" or len(digest) != SHA256_BYTES:
        raise Invalid(N_("The checksum of this part cannot be read."))
    return digest


SHA256_BYTES = 32
