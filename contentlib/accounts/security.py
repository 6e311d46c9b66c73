"""Sign-in by Flask-Security, with the product's own user row and house rules."""

from datetime import timedelta
from typing import Any

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import user_logged_in
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.signals import password_changed, password_reset
from sqlalchemy import select

from contentlib.accounts import entering, queries, service, wording
from contentlib.accounts.forms import ROLE_LABELS
from contentlib.accounts.models import User
from contentlib.accounts.sign_in_views import watched
from contentlib.core.config import LOOPBACK, Settings
from contentlib.core.db import db
from contentlib.core.errors import Invalid
from contentlib.mail.current import mail_is_set_up


class People(SQLAlchemyUserDatastore):
    """Finds people by their row alone; roles are a column, not tables."""

    def __init__(self) -> None:
        super().__init__(db, User, None)  # type: ignore[arg-type]

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        """Return the person with these attributes; addresses are kept in small letters."""
        if "email" in kwargs:
            kwargs["email"] = str(kwargs["email"]).strip().lower()
        return db.session.scalars(select(User).filter_by(**kwargs)).first()


security = Security()


FIXED = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_LENGTH_MIN": 10,
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_RESET_URL": "/sign-in/reset",
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
    "SECURITY_POST_RESET_VIEW": "/sign-in",
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_CHANGE_URL": "/me/password",
    "SECURITY_POST_CHANGE_VIEW": "/me",
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(days=5),
    # As addresses are read everywhere: no name server is asked whether a host takes e-mail.
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    # Whoever forgot theirs gets a letter of the product's own (notifications/password_views.py).
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_SEND_PASSWORD_RESET_EMAIL": False,
    "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
    # The same answer for a wrong password and an unknown address.
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_AUTO_LOGIN_AFTER_RESET": False,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_FLASH_MESSAGES": True,
    # core/headers.py says how long answers are kept.
    "SECURITY_CACHE_CONTROL": None,
}


def configuration(settings: Settings) -> dict[str, Any]:
    """Return what Flask-Security needs to know: the house's choices and the keys."""
    key = settings.signing_key()
    return (
        FIXED
        | wording.MESSAGES
        | {
            "SECRET_KEY": key,
            "SECRET_KEY_FALLBACKS": settings.secret_key_fallbacks,
            "SECURITY_PASSWORD_SALT": f"contentlib:{key[:16]}",
        }
    )


def init_app(app: Flask) -> None:
    """Attach sign-in and its throttle: five failures per account and address in 15 minutes."""
    security.init_app(app, People(), register_blueprint=True, **wording.FORMS)
    security.login_context_processor(_sign_in_page)
    security.forgot_password_context_processor(lambda: {"has_mail": mail_is_set_up()})
    _write_down(app)
    # One for each application: a shared one would count a failure once for each application made.
    limiter = Limiter(key_func=get_remote_address, storage_uri="memory://")
    limiter.init_app(app)
    sign_in = watched(app.view_functions["security.login"])
    app.view_functions["security.login"] = limiter.limit(
        "5 per 15 minutes",
        key_func=_who_tries,
        methods=["POST"],
        deduct_when=lambda response: response.status_code != 302,
    )(sign_in)


def _write_down(app: Flask) -> None:
    """Hear from the library, which tells it in no other way, who came in and who set a password.

    It tells within the request, before it commits.
    """

    def entered(_app: Flask, *, user: User, **_more: Any) -> None:
        # Whoever changes the password stays, which the library takes for coming in.
        if request.endpoint != "security.change_password":
            entering.note_entry(user, request.remote_addr)

    def changed(_app: Flask, *, user: User, **_more: Any) -> None:
        entering.note_password(user, by_link=False)

    def reset(_app: Flask, *, user: User, **_more: Any) -> None:
        entering.note_password(user, by_link=True)

    # A signal forgets a function that nobody else holds.
    app.extensions["contentlib.signals"] = (entered, changed, reset)
    user_logged_in.connect(entered, app)
    password_changed.connect(changed, app)
    password_reset.connect(reset, app)


def _who_tries() -> str:
    """Name account and address; every spelling of an account that sign-in takes is one account."""
    typed = request.form.get("email", "")[:1000]
    try:
        account = service.normal_email(typed.strip())
    except Invalid:
        account = typed.strip().lower()[:254]
    return f"{get_remote_address()}|{account}"


def _sign_in_page() -> dict[str, Any]:
    """Return what the sign-in page shows besides its form."""
    demo = current_app.config["DEMO"] and request.remote_addr in LOOPBACK
    return {
        "demo_people": queries.first_users(12) if demo else [],
        "role_labels": ROLE_LABELS,
        "fresh": not queries.anybody_can_enter(),
    }
