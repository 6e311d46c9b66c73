"""Texts in two languages: which one a person reads, and catalogues read straight from `.po`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale, gettext, refresh
from flask_login import current_user
from markupsafe import Markup

from contentlib.core.errors import ContentlibError

LANGUAGES = {"pt": "pt_BR", "en": "en_US"}
# Unicode's rule for Portuguese gives zero the singular; Brazilians write "0 materiais".
PLURALS = "nplurals=2; plural=(n != 1);"
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"


class PoDomain(Domain):
    """Messages from the `.po` files themselves, so that no compiled file can be stale."""

    def get_translations(self) -> Translations:
        """Return the catalogue of the language in use."""
        return load_catalogue(str(get_locale()))


@cache
def load_catalogue(locale: str) -> Translations:
    """Read one language's catalogue; the language of the sources needs none."""
    path = CATALOGUES / f"{locale}.po"
    if not path.exists():
        return Translations()
    compiled = BytesIO()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    catalogue.mime_headers = [("Plural-Forms", PLURALS)]
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(maxsize=4096)
def _sentence(tongue: str, text: str) -> tuple[Markup, Markup | None]:
    """Return a text as templates write it: with places for values, and whole if it has none."""
    sentence = Markup(load_catalogue(LANGUAGES[tongue]).ugettext(text))  # noqa: S704 - it is ours
    return sentence, None if "%(" in text else sentence % {}


def _said(text: str, /, **values: Any) -> Markup:
    """Translate for a template; a page asks for hundreds of texts, most of them whole.

    Jinja's own way looks up its function, the domain and the catalogue anew for each of them.
    """
    sentence, whole = _sentence(language(), text)
    return sentence % values if whole is None else whole


def _said_of_many(one: str, many: str, count: int, /, **values: Any) -> Markup:
    """Translate for a template what depends on a number."""
    sentence = load_catalogue(LANGUAGES[language()]).ungettext(one, many, count)
    return Markup(sentence) % ({"num": count} | values)  # noqa: S704 - it is ours


def language() -> str:
    """Return the short name, `pt` or `en`, of the language in use."""
    locale = get_locale()
    return "en" if locale and locale.language == "en" else "pt"


def explain(error: ContentlibError) -> str:
    """Return an error's sentence in the language in use."""
    return gettext(error.message, **error.parameters)


# Who reads what is written now, where that is not whoever asks: their language and their zone.
_reader: ContextVar[tuple[str, str] | None] = ContextVar("reader", default=None)


@contextmanager
def written_for(tongue: str, zone: str) -> Iterator[None]:
    """Write texts, days and times inside as one person reads them, such as in a letter to them."""
    token = _reader.set((tongue, zone))
    refresh()
    try:
        yield
    finally:
        _reader.reset(token)
        refresh()


def init_app(app: Flask, default_language: str, timezone: str) -> None:
    """Teach the application both languages and each person's own choice."""

    def choose_locale() -> str:
        if reader := _reader.get():
            return LANGUAGES[reader[0]]
        if not has_request_context():
            return LANGUAGES[default_language]
        chosen = g.get("language") or getattr(current_user, "language", None)
        if chosen in LANGUAGES:
            return LANGUAGES[chosen]
        offered = request.accept_languages.best_match(LANGUAGES, default=default_language)
        return LANGUAGES[offered or default_language]

    def choose_zone() -> str:
        if reader := _reader.get():
            return reader[1]
        if not has_request_context():
            return timezone
        return getattr(current_user, "timezone", None) or timezone

    babel = Babel(app, locale_selector=choose_locale, timezone_selector=choose_zone)
    babel.domain_instance = PoDomain()
    app.jinja_env.globals.update(_=_said, gettext=_said, ngettext=_said_of_many)
