"""Around Flask-Security's own sign-in: what is tried at the door is written down."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_login import current_user

from contentlib.accounts import entering
from contentlib.core.db import db


def watched(sign_in: Callable[..., Any]) -> Callable[..., Any]:
    """Return the sign-in page, with failures written down.

    A known address and one that nobody has cost the same time, so that none can be guessed by it.
    """

    def watched_sign_in(*args: Any, **kwargs: Any) -> Any:
        answer = sign_in(*args, **kwargs)
        if request.method == "POST" and not current_user.is_authenticated:
            entering.note_failure(request.form.get("email", ""), request.remote_addr)
            db.session.commit()
        return answer

    return watched_sign_in
