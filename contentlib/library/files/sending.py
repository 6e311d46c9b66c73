"""Handing bytes to a browser: through the application, or by an address of their own.

Whoever calls this has decided that the bytes may be seen.
"""

from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import quote

from flask import Response, current_app, redirect, request
from werkzeug.wsgi import wrap_file

from contentlib.accounts.models import User
from contentlib.library.care.withheld import refuse_withheld
from contentlib.library.files import tickets
from contentlib.library.files.tickets import How
from contentlib.library.models import AssetVersion
from contentlib.library.uploads.service import kind_of
from contentlib.storage import ObjectMissing, Presented, StorageError, object_key
from contentlib.storage.current import current_storage
from contentlib.storage.errors import MISSING

# In Chromium `nosniff` alone would let an uploaded SVG or HTML file run its scripts.
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'"
# The browser may keep it but asks each time, so that access is decided each time.
ASKS_AGAIN = "private, no-cache"
# An address that is good for a minute cannot be asked again.
KEPT_BY_NOBODY = "private, no-store"


@dataclass(frozen=True, slots=True)
class Bytes:
    """An object and how it is sent; `size` in bytes, `etag` changes whenever the bytes do."""

    key: str
    size: int
    etag: str
    shown: Presented


def of_version(version: AssetVersion, how: How, cache_control: str = ASKS_AGAIN) -> Bytes:
    """Say how the file of a version is sent: as the kind it is, by the name it came with.

    This is the way of all files to browsers; one that nobody may have is refused here.
    """
    blob = version.blob
    if blob is None:
        raise ObjectMissing(MISSING)
    refuse_withheld(blob)
    name = disposition(how, version.file_name or "")
    shown = Presented(kind_of(blob).content_type, name, cache_control)
    return Bytes(object_key(blob.sha256), blob.size, blob.sha256, shown)


def lead_to(version: AssetVersion, how: How, *, to: User | None) -> Response:
    """Send the file of a version, or its reader to where it is to be had for a minute.

    A buyer is nobody here, and the host of bytes asks who somebody is: to buyers the store gives
    an address, or the application sends the bytes itself.
    """
    address = _elsewhere(version, how, to) if _may_be_elsewhere(version, how) else None
    if address is None:
        return send(of_version(version, how))
    response = cast(Response, redirect(address, 302))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def send(wanted: Bytes) -> Response:
    """Answer with an object, in parts where the browser asks for parts.

    Of the store no more is read than what is sent.
    """
    response = Response(direct_passthrough=True)
    response.set_etag(wanted.etag)
    response.content_length = wanted.size
    response.headers["Content-Type"] = wanted.shown.content_type
    if wanted.shown.disposition:
        response.headers["Content-Disposition"] = wanted.shown.disposition
    response.headers["Cache-Control"] = wanted.shown.cache_control
    response.headers["Content-Security-Policy"] = SANDBOX
    response.accept_ranges = "bytes"
    response.make_conditional(request)
    if response.status_code != 200:
        return response
    if request.method == "HEAD":
        if current_storage().stat(wanted.key) is None:
            raise ObjectMissing(MISSING)
        return response
    response.make_conditional(request, accept_ranges=True, complete_length=wanted.size)
    start, stop = response.content_range.start or 0, response.content_range.stop
    length = None if stop is None else stop - start
    stream = current_storage().open(wanted.key, start=start, length=length)
    response.response = wrap_file(request.environ, stream)
    response.call_on_close(stream.close)
    return response


def disposition(how: How, name: str) -> str:
    """Name a file for saving, by RFC 6266: plain letters first, all of them after."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    plain = plain.replace("\\", "_").replace('"', "_")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def origins() -> tuple[str, ...]:
    """Return the origins to which browsers are sent for bytes, as a page's policy names them."""
    try:
        store = current_storage().origin
    except StorageError:
        # No page depends on the store; what does will say what is wrong with it.
        store = ""
    return tuple(filter(None, (store, current_app.extensions["settings"].content_origin)))


def _may_be_elsewhere(version: AssetVersion, how: How) -> bool:
    """Tell whether who asks can make use of an address that is good for a minute.

    A player asks for parts of a video for as long as it plays, and a script may not read what
    comes from another origin.
    """
    played = how == "inline" and version.blob and kind_of(version.blob).family == "video"
    return not played and request.headers.get("Sec-Fetch-Dest") != "empty"


def _elsewhere(version: AssetVersion, how: How, to: User | None) -> str | None:
    """Return an address at the store, or else on the host of bytes, or None if there is neither."""
    store, wanted = current_storage(), of_version(version, how, KEPT_BY_NOBODY)
    method: Literal["GET", "HEAD"] = "HEAD" if request.method == "HEAD" else "GET"
    address = store.address(wanted.key, wanted.shown, method=method)
    if address is not None:
        if store.stat(wanted.key) is None:
            raise ObjectMissing(MISSING)
        return address
    if to is not None and current_app.extensions["settings"].content_origin:
        return tickets.address(version, how, to=to)
    return None
