"""The mailer of the running application, if its settings name one."""

from typing import cast

from flask import current_app

from contentlib.core.config import Settings
from contentlib.mail.mailer import Mailer
from contentlib.mail.opening import open_mailer
from contentlib.mail.patient import Patient

KEPT = "contentlib.mailer"


def mail_is_set_up() -> bool:
    """Tell whether the settings name a way for letters."""
    return bool(_settings().mail_url)


def current_mailer() -> Mailer | None:
    """Return the mailer, or nothing where none is named: then nobody is told by e-mail.

    A process keeps it, since it remembers whether the server answered.
    """
    settings = _settings()
    if not settings.mail_url:
        return None
    asked = (settings.mail_url, settings.mail_from)
    kept = current_app.extensions.get(KEPT)
    if kept is None or kept[0] != asked:
        mailer = Patient(open_mailer(settings.mail_url, sender=settings.mail_from))
        kept = current_app.extensions[KEPT] = (asked, mailer)
    return cast(Mailer, kept[1])


def sender() -> str:
    """Return whom letters are from."""
    return _settings().mail_from


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])
