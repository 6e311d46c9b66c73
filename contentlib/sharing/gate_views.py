"""Passing what a link asks: an address, a code by e-mail, a password, a button.

These forms carry no token against forgery: there is no session that a foreign page could make use
of, and whoever knows the address may open it anyway.
"""

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import verify_password

from contentlib.accounts.permissions import requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.i18n import explain
from contentlib.core.signing import signing_keys
from contentlib.sharing import gates, passes, throttle
from contentlib.sharing.models import Gate, ShareLink
from contentlib.sharing.passes import Pass
from contentlib.sharing.public import (
    bp,
    brand,
    facts,
    gate_page,
    live_link,
    pass_in_hand,
    visit_here,
)
from contentlib.sharing.visits.caller import address_of
from contentlib.sharing.visits.models import What
from contentlib.sharing.visits.noting import note_hit

WRONG_PASSWORD = N_("This password is not right.")


@bp.post("/s/<token>/enter")
@requires("public")
def enter(token: str) -> ResponseReturnValue:
    """Look at what was typed: open the link, ask for the code, or say what is wrong."""
    link = live_link(token)
    note_hit(link, What.GATE, visit=visit_here(link), facts=facts())
    try:
        answer = _next_step(link, token)
    except (Invalid, Conflict) as error:
        page = gate_page(link, token, problem=explain(error), **_typed(link))
        answer = make_response(page, error.status)
    # Also a wrong code is a try that counts.
    db.session.commit()
    return answer


def _next_step(link: ShareLink, token: str) -> ResponseReturnValue:
    if request.form.get("asked"):
        return _come_in(link, token, _proven_email(link))
    held = pass_in_hand(link)
    if held is not None and not held.is_preview:
        # What was passed is passed; only the number of visits is still to be asked.
        return _come_in(link, token, held.email, proven=False)
    if link.password_hash:
        _refuse_wrong_password(link)
    if link.gate is Gate.NONE:
        return _come_in(link, token, "", proven=False)
    email = gates.read_email(request.form.get("email", ""))
    if link.gate is Gate.ASK:
        return _come_in(link, token, email, proven=False)
    gates.send_code(link, email, brand=brand(), key=signing_keys()[-1])
    return gate_page(
        link, token, asked=passes.issue_question(link, email, signing_keys()), email=email
    )


def _come_in(
    link: ShareLink, token: str, email: str, *, proven: bool = True
) -> ResponseReturnValue:
    visit = visit_here(link, email)
    gates.admit(link, visit)
    if visit.is_bare:
        gates.forget_codes(link, email)
    elif proven:
        visit.email = email
    elif email:
        note_hit(link, What.GATE, visit=visit, facts=facts() | {"said_email": email})
    given = Pass(visit.key, email, visit.started_at + passes.LIFE)
    opened = url_for("shared.page", token=token, v=passes.issue(link, given, signing_keys()))
    return redirect(opened, 303)


def _proven_email(link: ShareLink) -> str:
    email = passes.read_question(link, request.form["asked"], signing_keys())
    code = request.form.get("code", "")[:20]
    if email is None or not gates.is_right_code(link, email, code, key=signing_keys()[-1]):
        raise Invalid(gates.WRONG_CODE, field="code")
    return email


def _refuse_wrong_password(link: ShareLink) -> None:
    who = str(link.id), address_of(request)
    throttle.refuse_guessers(throttle.PASSWORDS, *who)
    typed, kept = request.form.get("password", "")[:500], link.password_hash or ""
    if not verify_password(typed, kept):
        throttle.count_miss(throttle.PASSWORDS, *who)
        raise Invalid(WRONG_PASSWORD, field="password")


def _typed(link: ShareLink) -> dict[str, str]:
    """Return what is kept of a form that was not right, so that nothing is typed twice."""
    asked = request.form.get("asked", "")[:1000]
    email = passes.read_question(link, asked, signing_keys()) if asked else None
    if email is not None:
        return {"asked": asked, "email": email}
    return {"email": request.form.get("email", "")[:300]}
