"""Sending a part straight to the store: the address that takes it, and nothing else.

`POST /uploads/ID/address` says where the part at `Upload-Offset` is put, whose checksum is in
`Content-Digest`, and by which headers. The answer of the store is not told here: what came, the
store is asked.
"""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from contentlib import receiving
from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db, reading
from contentlib.core.errors import N_, Invalid
from contentlib.core.failpoints import reached
from contentlib.core.numbers import whole
from contentlib.library.blueprint import bp
from contentlib.library.uploads.parts_views import checksum, own
from contentlib.storage.current import current_storage


@bp.post("/uploads/<upload_id>/address")
@requires("asset.edit")
def address_of_part(upload_id: str) -> ResponseReturnValue:
    """Give the address of the next part, once it is written down what will be sent there."""
    at, sha256 = request.headers.get("Upload-Offset", -1, type=whole), checksum()
    if sha256 is None:
        raise Invalid(N_("The checksum of this part cannot be read."))
    with receiving.alone(current_storage(), own(upload_id)):
        with reading():
            landing = receiving.to_store(current_storage(), receiving.get_upload(me(), upload_id))
            part = landing.part_at(at, sha256)
            if part is None:
                raise receiving.AtAnotherPlace(landing.length())
            begun = landing.expect(part)
        db.session.rollback()
        receiving.announced(receiving.get_upload(me(), upload_id), begun, part, at=at)
        db.session.commit()
        reached("part.announced")
    signed = landing.sign(part)
    return jsonify(address=signed.address, headers=dict(signed.headers))
