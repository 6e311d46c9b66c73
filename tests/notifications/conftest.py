"""An installation that mails through a server of the tests."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from contentlib.core.config import Settings
from contentlib.mail import smtp as client
from tests.real.smtp import Ways, smtp

# Noon in São Paulo, so that a test knows when the next morning is.
NOON = "2026-11-27T15:00:00+00:00"


def with_mail(settings: Settings, url: str) -> Settings:
    """Return settings that name a mailer."""
    return settings.model_copy(
        update={"mail_url": url, "mail_from": "contentlib <content@firm.example>"}
    )


@pytest.fixture
def mail(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ways]:
    """Let the application mail; give the ways of its server."""
    monkeypatch.setattr(client, "ANSWERS_WITHIN", 0.3)
    monkeypatch.setattr(client, "PARTS_WITHIN", 0.1)
    with smtp() as (port, ways):
        url = f"smtp://127.0.0.1:{port}?tls=no"
        monkeypatch.setitem(app.extensions, "settings", with_mail(settings, url))
        yield ways


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Hold the time at noon until a test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
