"""Paths on which no cookie is ever set, whatever a page of them does."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

# Buyers read here. A session that came along is read, so that colleagues are known as such.
PATHS = ("/s/", "/brand/")


class Cookieless(SecureCookieSessionInterface):
    """Flask's own sessions, except that nothing of them is sent to who reads these paths."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the session, but not to a buyer."""
        if not request.path.startswith(PATHS):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Replace the application's way of keeping sessions."""
    app.session_interface = Cookieless()
