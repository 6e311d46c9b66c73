"""A one-time link by e-mail for whoever forgot their password, where e-mail is set up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, url_for
from flask_security.signals import reset_password_instructions_sent
from sqlalchemy import select

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs.models import Job
from contentlib.mail.current import mail_is_set_up
from contentlib.notifications.readers import is_reachable, language_of
from contentlib.notifications.service import LETTER, send_letter

BETWEEN = timedelta(minutes=10)
"""How long a person gets no other link: anybody can ask for one, and fill a mailbox with them."""


def init_app(app: Flask) -> None:
    """Hear from the library, within the request, for whom a link was made, and commit after it."""

    def made(_app: Flask, *, user: User, token: str, **_more: Any) -> None:
        _mail_link(user, token)

    # A signal forgets a function that nobody else holds.
    app.extensions["contentlib.forgotten"] = made
    reset_password_instructions_sent.connect(made, app)
    view = app.view_functions["security.forgot_password"]
    app.view_functions["security.forgot_password"] = _committing(view)


def _committing(forgotten: Callable[..., Any]) -> Callable[..., Any]:
    def view(*args: Any, **kwargs: Any) -> Any:
        answer = forgotten(*args, **kwargs)
        db.session.commit()
        return answer

    return view


def _mail_link(user: User, token: str) -> None:
    key = f"password:{user.id}"
    lately = select(Job.id).where(
        Job.kind == LETTER, Job.key == key, Job.created_at > now() - BETWEEN
    )
    if not mail_is_set_up() or not is_reachable(user) or db.session.scalars(lately).first():
        return
    audit.record(audit.Action.LINK_MADE, subject=user)
    send_letter(
        to=user.email,
        language=language_of(user),
        template="password",
        key=key,
        facts={
            "path": url_for("security.reset_password", token=token),
            "days": current_app.config["SECURITY_RESET_PASSWORD_WITHIN"].days,
        },
    )
