"""Bytes of files and pictures of their pages; access is decided anew for each request."""

from flask import request
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core import bytes_host
from contentlib.core.errors import Absent
from contentlib.core.numbers import whole
from contentlib.library import queries
from contentlib.library.blueprint import bp
from contentlib.library.care.withheld import refuse_withheld
from contentlib.library.files import sending, tickets
from contentlib.library.files.pictures import picture_of
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion, Blob
from contentlib.library.uploads.service import kind_of


@bp.get("/assets/<int:asset_id>/file")
@requires("asset.view")
def file(asset_id: int) -> ResponseReturnValue:
    """Send the file that people see of a material, to be saved."""
    version, _ = _version_with_bytes(asset_id)
    return sending.lead_to(version, "attachment", to=me())


@bp.get("/assets/<int:asset_id>/view")
@requires("asset.view")
def inline_file(asset_id: int) -> ResponseReturnValue:
    """Send a picture or video to be shown by the browser; no other kind is."""
    version, blob = _version_with_bytes(asset_id)
    if not kind_of(blob).inline:
        raise Absent
    return sending.lead_to(version, "inline", to=me())


@bp.get("/assets/<int:asset_id>/pages/<int:number>.webp")
@requires("asset.view")
def page_image(asset_id: int, number: int) -> ResponseReturnValue:
    """Send the picture of a page, by `?width=` a smaller one; the browser does well to keep it."""
    _, blob = _version_with_bytes(asset_id)
    return sending.send(picture_of(blob, number, request.args.get("width", type=whole)))


@bp.get(f"{bytes_host.PATH}<token>")
@requires("public")
def content(token: str) -> ResponseReturnValue:
    """Send bytes on the host that knows no sessions: the address says who asked for what."""
    if not bytes_host.is_asked():
        raise Absent
    ticket = tickets.read(token)
    version = tickets.version_for(ticket, firm_today())
    response = sending.send(sending.of_version(version, ticket.how, sending.KEPT_BY_NOBODY))
    # Pages of the other host show it.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
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
    refuse_withheld(version.blob)
    return version, version.blob
