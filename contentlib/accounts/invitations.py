"""One-time links by which a person sets a password and enters."""

from flask import current_app, url_for
from flask_security.recoverable import generate_reset_password_token

from contentlib import audit
from contentlib.accounts import queries, service
from contentlib.accounts.models import Role, User


def one_time_link(user: User) -> str:
    """Return an address that lets this person set a password, once, within five days.

    It is void as soon as the password has been set, since it is bound to the old session mark.
    """
    audit.record(audit.Action.LINK_MADE, subject=user)
    token = generate_reset_password_token(user)
    return url_for("security.reset_password", token=token, _external=True)


def first_admin_link() -> str:
    """Return the link by which the first admin enters, making that person if need be.

    A link that was lost before it was used is replaced by the next one.
    """
    admin = queries.first_admin() or service.add_user(
        email="admin@contentlib.example", name="Admin", role=Role.ADMIN
    )
    with current_app.test_request_context(base_url=current_app.config["BASE_URL"]):
        return one_time_link(admin)
