"""A host name of its own for the bytes of files, on which nothing else of the product exists.

Whatever a file could make a browser do there, it would find no session, no page and no form.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_host

PATH = "/bytes/"
_MARK = "contentlib.bytes_host"
_SECRETS = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")
_ANSWERS = (200, 206, 304)


def init_app(app: Flask, origin: str) -> None:
    """Let a second host answer, if one is set."""
    if origin:
        app.wsgi_app = BytesHost(app.wsgi_app, origin)  # type: ignore[method-assign]


def is_asked() -> bool:
    """Tell whether the request at hand came to the host of bytes."""
    return _MARK in request.environ


class BytesHost:
    """Stands before the application and lets only bytes through to the second host."""

    def __init__(self, app: Any, origin: str) -> None:
        self._app = app
        self._host = urlsplit(origin).netloc.lower()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer on the second host with bytes or with nothing, and pass on what is for others."""
        if get_host(environ).lower() != self._host:
            return self._app(environ, start_response)
        reads = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        if not reads or not environ.get("PATH_INFO", "").startswith(PATH):
            return _refusal(404)(environ, start_response)
        nameless = {name: value for name, value in environ.items() if name not in _SECRETS}
        response = Response.from_app(self._app, nameless | {_MARK: True})
        for name in ("Set-Cookie", "Vary"):
            response.headers.remove(name)
        if response.status_code not in _ANSWERS:
            response.close()
            response = _refusal(response.status_code, response.headers.get("Content-Range"))
        return response(environ, start_response)


def _refusal(status: int, content_range: str | None = None) -> Response:
    """Answer without a page, which would be the product's."""
    response = Response("", status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if content_range:
        response.headers["Content-Range"] = content_range
    return response
