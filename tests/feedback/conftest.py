"""What tests of feedback begin with: a material on air, who keeps it, and colleagues who use it."""

import pytest
from flask import Flask

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.library import service, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from tests import factories

TEXT = "Olá, {{contato.nome}}.\nO frete sai em dois dias.\nPosso ligar amanhã?"


@pytest.fixture
def owner(app: Flask) -> User:
    """The marketer who answers for the material."""
    return factories.user("marketer", name="Olga Dona")


@pytest.fixture
def colleague(app: Flask) -> User:
    """Another seller."""
    return factories.user("seller", team="South", name="Caio Colega")


@pytest.fixture
def asset(owner: User) -> Asset:
    """A script on air, in its first version."""
    return script("Retomada do frete", owner)


def script(title: str, owner: User, text: str = TEXT) -> Asset:
    """Add a script that sellers see."""
    row = service.create_asset(title=title, type=_type(), by=owner, **factories.axes())
    versions.add_script_version(row, channel="whatsapp", text=text, by=owner)
    service.publish(row, by=owner, today=firm_today())
    db.session.commit()
    return row


def _type() -> object:
    factories.taxonomy.seed()
    return factories.taxonomy.get_term(factories.taxonomy.AssetType, "script")


def next_version(asset: Asset, text: str) -> None:
    """Let somebody else write a version and publish it."""
    row = versions.add_script_version(asset, channel="whatsapp", text=text, by=asset.owner)
    service.publish(asset, by=asset.owner, today=firm_today(), version=row)
    db.session.commit()
