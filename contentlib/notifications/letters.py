"""Letters as their readers get them: texts of `templates/email/`, in their language and zone."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import current_app
from jinja2 import Environment
from markupsafe import Markup

from contentlib.accounts.models import User
from contentlib.core.i18n import written_for
from contentlib.mail import Letter
from contentlib.notifications.kinds import rules_of
from contentlib.notifications.letter_paths import path_in_letter
from contentlib.notifications.models import Notification
from contentlib.notifications.readers import language_of, link_to, zone_of
from contentlib.notifications.words import words_of

KEPT = "contentlib.letters"
SETTINGS_PAGE = "/me/notifications"
MOST_LISTED = 50


class Written(NamedTuple):
    """The text of a letter."""

    subject: str
    text: str
    html: str

    def letter(self, to: str, *, name: str, headers: dict[str, str] | None = None) -> Letter:
        """Address it to somebody."""
        return Letter(to, self.subject, self.text, self.html, name, headers or {})


def compose(template: str, language: str, zone: str, values: Mapping[str, Any]) -> Written:
    """Return subject, plain text and HTML of a letter; the subject is the first plain line.

    Both are written as HTML is, everything foreign escaped, and the plain one is then unescaped as
    a whole: a text with `&lt;` in it stays what it was.
    """
    known = {"language": language, "link": link_to, "settings_link": link_to(SETTINGS_PAGE)}
    with written_for(language, zone):
        plain, html = (
            _templates().get_template(f"email/{template}.{kind}").render(known, **values)
            for kind in ("txt", "html")
        )
    subject, _, text = Markup(plain).unescape().strip().partition("\n")  # noqa: S704 - escaped
    return Written(subject, f"{text.strip()}\n", html)


def _templates() -> Environment:
    """Return the product's templates, all of them escaping; kept with what they compiled to."""
    if KEPT not in current_app.extensions:
        current_app.extensions[KEPT] = current_app.jinja_env.overlay(autoescape=True)
    environment: Environment = current_app.extensions[KEPT]
    return environment


def letter_of_news(news: Notification, person: User) -> Letter:
    """Return the letter that tells a person one piece of news."""
    language, zone = language_of(person), zone_of(person)
    with written_for(language, zone):
        said = words_of(news)
    values = {
        "words": said,
        "address": link_to(path_in_letter(news.address, news)),
        "rules_link": _rules_behind([news]),
    }
    written = compose("news", language, zone, values)
    return _to(person, written, name=f"notification-{news.id}")


def letter_of_day(rows: Sequence[Notification], person: User, *, morning: str) -> Letter:
    """Return the letter that tells a person a day's news, the oldest first."""
    language, zone = language_of(person), zone_of(person)
    with written_for(language, zone):
        told = [
            {
                "words": words_of(news),
                "address": link_to(path_in_letter(news.address, news)),
                "at": news.told_at,
            }
            for news in rows[:MOST_LISTED]
        ]
    values = {
        "told": told,
        "more": len(rows) - len(told),
        "total": len(rows),
        "all_link": link_to("/notifications"),
        "rules_link": _rules_behind(rows[:MOST_LISTED]),
    }
    written = compose("digest", language, zone, values)
    return _to(person, written, name=f"digest-{person.id}-{morning}")


def _rules_behind(rows: Sequence[Notification]) -> str:
    """Return where it stands how what is told was counted, or nothing where nothing was."""
    rules = next(filter(None, (rules_of(news.kind) for news in rows)), "")
    return link_to(rules) if rules else ""


def _to(person: User, written: Written, *, name: str) -> Letter:
    # RFC 2369: mail programs show it as a way out beside the letter.
    headers = {"List-Unsubscribe": f"<{link_to(SETTINGS_PAGE)}>"}
    return written.letter(person.email, name=name, headers=headers)
