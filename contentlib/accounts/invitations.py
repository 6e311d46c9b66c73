"""One-time links by which a person sets a password and enters."""

from flask import url_for
from flask_security.recoverable import generate_reset_password_token

from contentlib.accounts.models import User


def one_time_link(user: User) -> str:
    """Return an address that lets this person set a password, once, within five days.

    It is void as soon as the password has been set, since it is bound to the old session mark.
    """
    token = generate_reset_password_token(user)
    return url_for("security.reset_password", token=token, _external=True)
