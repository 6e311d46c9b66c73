"""Bytes of files and pictures of their pages; access is decided anew for each request."""

from typing import BinaryIO
from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from contentlib.accounts.permissions import me, requires
from contentlib.core.errors import Absent
from contentlib.core.numbers import whole
from contentlib.library import queries
from contentlib.library.blueprint import bp
from contentlib.library.firm_day import firm_today
from contentlib.library.jobs import preview_key
from contentlib.library.models import AssetVersion, Blob
from contentlib.library.uploads import kind_of
from contentlib.storage import object_key
from contentlib.storage.current import current_storage

# In Chromium `nosniff` alone would let an uploaded SVG or HTML file run its scripts.
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'"


@bp.get("/assets/<int:asset_id>/file")
@requires("asset.view")
def file(asset_id: int) -> ResponseReturnValue:
    """Send the file that people see of a material, to be saved."""
    version, blob = _version_with_bytes(asset_id)
    response = _stream(object_key(blob.sha256), blob.size, etag=blob.sha256)
    response.headers["Content-Type"] = kind_of(blob).content_type
    response.headers["Content-Disposition"] = _disposition("attachment", version.file_name or "")
    return response


@bp.get("/assets/<int:asset_id>/view")
@requires("asset.view")
def inline_file(asset_id: int) -> ResponseReturnValue:
    """Send a picture, video or PDF to be shown by the browser; no other kind is."""
    version, blob = _version_with_bytes(asset_id)
    kind = kind_of(blob)
    if not kind.inline:
        raise Absent
    response = _stream(object_key(blob.sha256), blob.size, etag=blob.sha256)
    response.headers["Content-Type"] = kind.content_type
    response.headers["Content-Disposition"] = _disposition("inline", version.file_name or "")
    return response


@bp.get("/assets/<int:asset_id>/pages/<int:number>.webp")
@requires("asset.view")
def page_image(asset_id: int, number: int) -> ResponseReturnValue:
    """Send the picture of a page."""
    _, blob = _version_with_bytes(asset_id)
    if not 1 <= number <= blob.preview_count:
        raise Absent
    key = preview_key(blob.sha256, number)
    found = current_storage().stat(key)
    if found is None:
        raise Absent
    response = _stream(key, found.size, etag=f"{blob.sha256}-{number}-{found.size}")
    response.headers["Content-Type"] = "image/webp"
    return response


def _version_with_bytes(asset_id: int) -> tuple[AssetVersion, Blob]:
    """Load what may be seen: the version people see, or by `?v=` another one for its editors."""
    number = request.args.get("v", type=whole)
    today = firm_today()
    version = (
        queries.get_asset(me(), asset_id, today).shown_version
        if number is None
        else queries.get_version(me(), asset_id, number, today)
    )
    if version is None or version.blob is None:
        raise Absent
    return version, version.blob


def _stream(key: str, size: int, *, etag: str) -> Response:
    """Answer with an object, in parts where the browser asks for parts."""
    stream: BinaryIO = current_storage().open(key)
    response = Response(wrap_file(request.environ, stream), direct_passthrough=True)
    response.call_on_close(stream.close)
    response.content_length = size
    response.set_etag(etag)
    # The browser may keep it but asks each time, so that access is decided each time.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = SANDBOX
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def _disposition(how: str, name: str) -> str:
    """Name a file for saving, by RFC 6266: plain letters first, all of them after."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    plain = plain.replace("\\", "_").replace('"', "_")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
