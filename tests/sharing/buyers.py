"""Links for tests, and the browsers of those who open them."""

from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Audience
from contentlib.sharing import service, tokens
from contentlib.sharing.models import ShareLink
from contentlib.sharing.recipients import Recipient
from tests.library.test_bytes import published

ANA = Recipient("Ana Souza", "ana@acme.example")


def key() -> str:
    return str(current_app.config["SECRET_KEY"])


def link_to(*assets: Asset, by: User, to: Recipient = ANA, **terms: Any) -> ShareLink:
    """Make a link, as if by an earlier request."""
    facts = {"language": "pt", "expires_at": now() + timedelta(days=90)} | terms
    (link,) = service.create_links(
        assets, [to], service.Terms(**facts), by=by, today=firm_today(), key=key()
    )
    db.session.commit()
    return link


def path_of(link: ShareLink, rest: str = "") -> str:
    """Return the address of a link, or one below it."""
    return f"/s/{tokens.token_of(link.seed, key())}{rest}"


def buyer(app: Flask, agent: str = "Mozilla/5.0 (iPhone)") -> FlaskClient:
    """Give a browser that nobody is signed in with."""
    browser = app.test_client()
    browser.environ_base = {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": "203.0.113.7"}
    return browser


def sendable(content: bytes, name: str, by: User) -> Asset:
    """Publish a file that may be sent to customers."""
    asset = published(content, name, by)
    asset.audience = Audience.SHAREABLE
    db.session.commit()
    return asset
