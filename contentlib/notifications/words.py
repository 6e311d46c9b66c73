"""What news says, in the language in use: the template of its kind, filled with its facts."""

import re

import structlog
from flask import current_app
from flask_babel import gettext
from jinja2 import TemplateNotFound, UndefinedError
from markupsafe import Markup

from contentlib.notifications.models import Notification

BREAKS = re.compile(r"[ \t\r\n\f\v]+")

log = structlog.get_logger("contentlib.notifications")


def words_of(news: Notification) -> Markup:
    """Return what a piece of news says, on one line.

    News outlives the version that told it: of a kind or with facts that this one does not know, it
    says that there is something, and still leads there.
    """
    name = f"notifications/{news.kind.replace('.', '_')}.html"
    try:
        said = current_app.jinja_env.get_template(name).module.words(news.facts)  # type: ignore[attr-defined]
    except (TemplateNotFound, UndefinedError, AttributeError) as error:
        log.warning("news without words", kind=news.kind, id=news.id, error=str(error))
        return Markup.escape(gettext("There is news for you, told by another version."))
    # Spaces that must not break stay; "3 min" is not torn apart.
    return Markup(BREAKS.sub(" ", str(said)).strip())  # noqa: S704 - the template escaped it


def plain_words_of(news: Notification) -> str:
    """Return the same where nothing is markup, as in a subject."""
    return words_of(news).unescape()
