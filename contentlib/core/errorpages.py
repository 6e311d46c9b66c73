"""How errors reach a person: a calm page, a message beside the work, or a problem document."""

import json

import structlog
from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from contentlib.core.db import db
from contentlib.core.errors import N_, ContentlibError, TooMany
from contentlib.core.i18n import explain

log = structlog.get_logger("contentlib.errors")

_SENTENCES = {
    400: N_("The request could not be understood."),
    401: N_("Sign in to see this."),
    403: N_("This page does not exist."),
    404: N_("This page does not exist."),
    405: N_("This page does not exist."),
    413: N_("What you sent is larger than this installation accepts."),
    429: N_("Too many attempts. Wait a few minutes and try again."),
    500: N_("Something went wrong on our side. Nothing you had saved is lost."),
    503: N_("The service is busy. Try again in a moment."),
}


def wants_json() -> bool:
    """Tell whether the other side is a program rather than a browser."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and request.accept_mimetypes[best] > 0


def answer(status: int, sentence: str, retry_after: int | None = None) -> Response:
    """Build the answer for an error in the form that the asker can use."""
    if wants_json():
        problem = {"type": "about:blank", "status": status, "title": sentence}
        response = jsonify(problem | {"request_id": g.get("request_id")})
        response.mimetype = "application/problem+json"
    elif request.headers.get("HX-Request"):
        response = make_response("", 200 if request.method == "GET" else status)
        response.headers["HX-Reswap"] = "none"
        response.headers["HX-Trigger"] = json.dumps({"toast": {"text": sentence, "kind": "error"}})
    else:
        response = make_response(
            render_template("errors/error.html", status=status, sentence=sentence)
        )
    response.status_code = status
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def too_many(error: TooMany) -> Response:
    """Refuse what is asked too often without a page: it must cost less than what was asked."""
    if wants_json() or request.headers.get("HX-Request"):
        return ours(error)
    response = Response(f"{explain(error)}\n", error.status, mimetype="text/plain")
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def is_passing(error: OperationalError) -> bool:
    """Tell a busy or restarting database from a statement that is wrong."""
    return error.connection_invalidated or "locked" in str(error.orig)


def ours(error: ContentlibError) -> Response:
    """Tell a person what they can mend."""
    db.session.rollback()
    return answer(error.status, explain(error), error.retry_after)


def stale_form(_error: CSRFError) -> Response:
    """Tell that a form was sent from a page that is too old or not ours."""
    return answer(400, gettext("This page was open for too long. Reload it and try again."))


def foreign_host(_error: SecurityError) -> Response:
    """Refuse a host name that is not ours, without a page: no address of it could be right."""
    sentence = gettext(
        "This installation does not answer to this host name;"
        " CONTENTLIB_TRUSTED_HOSTS lists those it answers to."
    )
    if wants_json():
        return answer(400, sentence)
    return Response(f"{sentence}\n", 400, mimetype="text/plain")


def http(error: HTTPException) -> Response:
    """Answer what the framework refuses; forbidden and wrong methods look like absent."""
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    status = 404 if status in (403, 405) else status
    sentence = gettext(_SENTENCES.get(status, _SENTENCES[400]))
    response = answer(status, sentence, 60 if status in (429, 503) else None)
    # How long a file is, for who asked for a part beyond its end.
    length = dict(error.get_headers()).get("Content-Range")
    if length is not None:
        response.headers["Content-Range"] = length
    return response


def trouble(error: OperationalError) -> Response:
    """Ask for patience when the database is busy; anything else it says is a bug."""
    if not is_passing(error):
        return bug(error)
    log.error("database busy", error=str(error.orig))
    db.session.rollback()
    return answer(503, gettext(_SENTENCES[503]), 5)


def bug(error: Exception) -> Response:
    """Keep what went wrong for us and give the person an id to name it by."""
    if current_app.testing:
        raise error
    log.exception("bug", error=str(error))
    db.session.rollback()
    return answer(500, gettext(_SENTENCES[500]))


def init_app(app: Flask) -> None:
    """Turn every error into an answer; what is not ours to explain becomes a 500 with an id."""
    app.register_error_handler(ContentlibError, ours)
    app.register_error_handler(TooMany, too_many)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(OperationalError, trouble)
    app.register_error_handler(Exception, bug)
