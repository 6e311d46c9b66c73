"""Bytes by a link: pictures of pages, pictures and videos, and files where they may be taken."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from contentlib.accounts.permissions import requires
from contentlib.core.db import begin_read_only, begin_writing, db
from contentlib.core.errors import Absent
from contentlib.core.numbers import whole
from contentlib.library.care.withheld import refuse_withheld
from contentlib.library.files import sending
from contentlib.library.files.pictures import picture_of
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion, Blob
from contentlib.library.uploads.service import kind_of
from contentlib.sharing import gates
from contentlib.sharing.fitness import version_shown
from contentlib.sharing.models import ShareLink
from contentlib.sharing.passes import Pass
from contentlib.sharing.public import bp, facts, live_link, pass_in_hand
from contentlib.sharing.visits.models import Visit, What
from contentlib.sharing.visits.noting import note_hit
from contentlib.sharing.watermark import drawer
from contentlib.storage.current import current_storage


@bp.get("/s/<token>/<int:position>/pages/<int:number>.webp")
@requires("public")
def page_image(token: str, position: int, number: int) -> ResponseReturnValue:
    """Send the picture of a page, by `?width=` a smaller one; with a watermark if there is one."""
    link, given = _passed(token)
    _, blob = _file_at(link, position)
    wanted = picture_of(blob, number, request.args.get("width", type=whole))
    answer = _marked(wanted, _mark_of(link, given)) if link.is_watermarked else None
    _keep(link, What.IMAGE, given, position=position, page=number)
    return answer or sending.send(wanted)


@bp.get("/s/<token>/<int:position>/view")
@requires("public")
def inline(token: str, position: int) -> ResponseReturnValue:
    """Send a picture or video to be shown by the browser; a marked link shows no bare picture."""
    link, given = _passed(token)
    version, blob = _file_at(link, position)
    kind = kind_of(blob)
    if not kind.inline or (link.is_watermarked and kind.family == "image"):
        raise Absent
    _keep(link, What.IMAGE, given, position=position)
    return sending.lead_to(version, "inline", to=None)


@bp.get("/s/<token>/<int:position>/file")
@requires("public")
def file(token: str, position: int) -> ResponseReturnValue:
    """Send a file to be saved, where the link allows that."""
    link, given = _passed(token)
    version, _ = _file_at(link, position)
    if not link.may_download or link.is_watermarked:
        raise Absent
    _keep(link, What.FILE, given, position=position)
    return sending.lead_to(version, "attachment", to=None)


def _passed(token: str) -> tuple[ShareLink, Pass | None]:
    """Load a link whose gate, if it has one, was passed by who asks."""
    link = live_link(token)
    given = pass_in_hand(link)
    if given is None and gates.asks_anything(link):
        raise Absent
    return link, given


def _file_at(link: ShareLink, position: int) -> tuple[AssetVersion, Blob]:
    """Return what a link shows at a place at this moment, if it is a file that may be had."""
    for item in link.items:
        version = version_shown(link, item, firm_today())
        if item.position == position and version is not None and version.blob is not None:
            refuse_withheld(version.blob)
            return version, version.blob
    raise Absent


def _mark_of(link: ShareLink, given: Pass | None) -> str:
    return (given and given.email) or link.recipient_email or link.recipient_name


def _marked(wanted: sending.Bytes, text: str) -> Response:
    """Answer with a picture that carries its reader's address, in parts where these are asked."""

    def load() -> bytes:
        with current_storage().open(wanted.key) as stream:
            return stream.read()

    content = drawer.picture(wanted.key, text, load)
    answer = Response(content, mimetype="image/webp")
    answer.headers["Content-Security-Policy"] = sending.SANDBOX
    answer.headers["Cache-Control"] = sending.ASKS_AGAIN
    answer.add_etag()
    answer.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return answer


def _keep(
    link: ShareLink, what: What, given: Pass | None, *, position: int, page: int | None = None
) -> None:
    """Keep the request with its visit, before the bytes go; a preview's is nobody's."""
    if given is not None and given.is_preview:
        return
    begin_writing()
    visit = None
    if given is not None:
        known = select(Visit).where(Visit.key == given.visit, Visit.link_id == link.id)
        visit = db.session.scalars(known).first()
    note_hit(link, what, visit=visit, position=position, page=page, facts=facts())
    db.session.commit()
    begin_read_only(True)
