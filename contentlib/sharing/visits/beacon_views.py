"""Where pages of links report to: no cookie, no sign-in, and as little work as possible."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import requires
from contentlib.core.db import db, reading
from contentlib.core.errors import N_, Absent, Invalid, TooLarge
from contentlib.sharing.tokens import hash_of
from contentlib.sharing.visits import taking
from contentlib.sharing.visits.reporting import Refused
from contentlib.sharing.visits.taking import Taken
from contentlib.sharing.visits.tray import Tray

bp = Blueprint("visits", __name__)

LARGEST = 16 * 1024
# What browsers say of a page's own requests; older ones say nothing.
OWN = frozenset({"", "same-origin"})


@bp.post("/s/<token>/seen")
@requires("public")
def seen(token: str) -> ResponseReturnValue:
    """Take in what a page of a link reports about itself.

    Another site could not forge a report, as the key of the visit stands on the page alone. What a
    browser says comes from elsewhere is turned away all the same. Of a page that was open when its
    reader objected, nothing is taken in any more.
    """
    if request.headers.get("Sec-Fetch-Site", "") not in OWN:
        raise Absent
    body = _body()
    with reading():
        sender = taking.sender_of(body.get("visit"), token_hash=hash_of(token))
        db.session.rollback()
    if sender.is_bare:
        return "", 204
    try:
        taken = taking.take(sender, body)
    except Refused as refused:
        taking.count_refusal(sender, refused.reason)
        db.session.commit()
        return f"{refused.reason}\n", 422, {"Content-Type": "text/plain; charset=utf-8"}
    tray: Tray[Taken] = current_app.extensions.setdefault("visits.tray", Tray(_write))
    tray.put(taken)
    return "", 204


def _write(taken: Sequence[Taken]) -> None:
    """Write what several requests have taken in, in one transaction."""
    try:
        taking.keep(taken)
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise


def _body() -> dict[str, Any]:
    if (request.content_length or 0) > LARGEST:
        raise TooLarge(N_("What you sent is larger than this installation accepts."))
    try:
        body = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        raise Invalid(N_("The request could not be understood.")) from None
    if not isinstance(body, dict):
        raise Invalid(N_("The request could not be understood."))
    return body
