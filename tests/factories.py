"""Rows for tests, made through the product's own services, as if by an earlier request."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from contentlib.accounts import service as accounts
from contentlib.accounts.models import Role, User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import outcomes
from contentlib.deals import service as deals
from contentlib.deals.models import Deal
from contentlib.library import taxonomy
from contentlib.library.models import Asset, AssetVersion, Audience, Status, VersionKind

_number = count(1)


def user(role: str = "seller", *, team: str | None = None, name: str | None = None) -> User:
    """Add a person."""
    number = next(_number)
    person = accounts.add_user(
        email=f"{role}{number}@firm.example",
        name=name or f"{role.title()} {number}",
        role=Role(role),
        team=accounts.get_or_add_team(team) if team else None,
    )
    db.session.commit()
    return person


def asset(title: str = "A case", *, owner: User | None = None, **facts: Any) -> Asset:
    """Add a published link asset with every required axis."""
    taxonomy.seed()
    owner = owner or user("marketer")
    row = Asset(
        title=title,
        type=taxonomy.get_term(taxonomy.AssetType, facts.pop("type", "case_study")),
        language=facts.pop("language", "pt"),
        audience=Audience.SHAREABLE,
        owner=owner,
        status=facts.pop("status", Status.PUBLISHED),
        review_due=facts.pop("review_due", date(2099, 1, 1)),
        published_at=facts.pop("published_at", now()),
        stages=[taxonomy.get_term(taxonomy.Stage, facts.pop("stage", "proposal"))],
        personas=[taxonomy.get_term(taxonomy.Persona, facts.pop("persona", "champion"))],
        **facts,
    )
    version = AssetVersion(number=1, kind=VersionKind.LINK, url="https://firm.example/case")
    row.versions.append(version)
    db.session.add(row)
    db.session.flush()
    row.published_version = version
    db.session.commit()
    return row


def deal(owner: User, amount_minor: int = 100_00, **facts: Any) -> Deal:
    """Open a deal of a person at the stage of the proposal, ten days ago."""
    taxonomy.seed()
    outcomes.seed()
    row = deals.open_deal(
        title=facts.pop("title", f"Deal {next(_number)}"),
        company=deals.get_or_add_company(facts.pop("company", "Acme")),
        owner=owner,
        pipeline=outcomes.get_pipeline(""),
        stage=taxonomy.get_term(taxonomy.Stage, facts.pop("stage", "proposal")),
        amount_minor=amount_minor,
        currency=facts.pop("currency", "BRL"),
        opened_at=facts.pop("opened_at", now() - timedelta(days=10)),
        by=owner,
        **facts,
    )
    db.session.commit()
    return row
