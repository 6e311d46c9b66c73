"""Headers that keep browsers from doing what no page of ours asks for."""

from collections.abc import Callable, Sequence

from flask import Flask, Response, g, request
from flask_login import current_user

SELF = "'self'"


def let_scripts_reach(origin: str) -> None:
    """Let the scripts of the page that is being answered send to an origin besides our own."""
    g.scripts_reach = origin


def content_policy(bytes_from: Sequence[str] = (), scripts_reach: str = "") -> str:
    """Return what pages may load, with the origins that bytes of files come from.

    Of those a page shows pictures, and its download buttons lead there: Chromium asks the rule for
    forms about every address to which the answer of a form leads on.
    """
    there = "".join(f" {origin}" for origin in bytes_from)
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{there}; "
        f"media-src 'self'; connect-src {' '.join(filter(None, (SELF, scripts_reach)))}; "
        "font-src 'self'; frame-src 'self'; "
        f"form-action 'self'{there}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )


def init_app(app: Flask, *, https: bool, bytes_from: Callable[[], Sequence[str]]) -> None:
    """Add the headers to every answer; a view that serves uploaded bytes sets its own policy."""

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        policy = content_policy(bytes_from(), g.get("scripts_reach", ""))
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint == "static":
            return response
        response.vary.add("Cookie")
        if "Cache-Control" not in headers or current_user.is_authenticated:
            headers.setdefault("Cache-Control", "no-store")
        return response
