"""One structured line a request and per event, for people on a console or machines as JSON."""

import logging
import re
import sys
import time

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

from contentlib.core.ids import new_id

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# The tail of a one-time address is a capability and never reaches a log line.
_SECRET_PATHS = re.compile(r"^(/sign-in/reset|/retro|/bytes|/s)/.+")


SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(log_format: str) -> None:
    """Send every log line, ours and the libraries', through one renderer."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_last_steps(log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _last_steps(log_format: str) -> list[structlog.types.Processor]:
    if log_format == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # The plain form of errors, since the rich one would print the values of secrets.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def init_app(app: Flask) -> None:
    """Give each request an id and write one line when it has been answered."""
    log = structlog.get_logger("contentlib.request")

    @app.before_request
    def start() -> None:
        offered = request.headers.get("X-Request-ID", "")
        g.request_id = offered if _REQUEST_ID.fullmatch(offered) else str(new_id())
        g.started = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        if request.endpoint != "static" and "started" in g:
            log.info(
                "request",
                method=request.method,
                path=_SECRET_PATHS.sub(r"\1/…", request.path),
                status=response.status_code,
                ms=round((time.perf_counter() - g.started) * 1000, 1),
                user=getattr(current_user, "id", None),
            )
        response.headers["X-Request-ID"] = g.get("request_id", "")
        structlog.contextvars.clear_contextvars()
        return response
