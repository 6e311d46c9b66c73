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
from contentlib.library import service as library
from contentlib.library import taxonomy, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Audience

_number = count(1)

# The words of an objection card with every part.
OBJECTION: dict[str, Any] = {
    "heard_as": ["está caro", "não temos verba"],
    "answer": "Quanto custa hoje cada entrega atrasada?",
    "question": "Se o preço coubesse, começamos neste trimestre?",
    "avoid": "Não ofereça desconto.",
}


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


def axes() -> dict[str, Any]:
    """Return what a draft made of a file still lacks before it can be published."""
    return {
        "stages": [taxonomy.get_term(taxonomy.Stage, "proposal")],
        "personas": [taxonomy.get_term(taxonomy.Persona, "champion")],
        "review_due": date(2099, 1, 1),
    }


def draft(title: str = "A case", *, owner: User | None = None, **facts: Any) -> Asset:
    """Add a draft with every required axis and a link as its content."""
    taxonomy.seed()
    owner = owner or user("marketer")
    row = library.create_asset(
        title=title,
        type=taxonomy.get_term(taxonomy.AssetType, facts.pop("type", "case_study")),
        by=owner,
        audience=Audience.SHAREABLE,
        stages=[taxonomy.get_term(taxonomy.Stage, facts.pop("stage", "proposal"))],
        personas=[taxonomy.get_term(taxonomy.Persona, facts.pop("persona", "champion"))],
        review_due=facts.pop("review_due", date(2099, 1, 1)),
        **facts,
    )
    versions.add_link_version(row, url="https://firm.example/case", by=owner)
    db.session.commit()
    return row


def asset(title: str = "A case", *, owner: User | None = None, **facts: Any) -> Asset:
    """Add a published link asset with every required axis."""
    later = {name: facts.pop(name) for name in ("status", "published_at") if name in facts}
    row = draft(title, owner=owner, **facts)
    library.publish(row, by=row.owner, today=firm_today())
    for name, value in later.items():
        setattr(row, name, value)
    db.session.commit()
    return row


def change(row: Asset, **facts: Any) -> None:
    """Change some facts of an asset and leave the others."""
    library.change_facts(row, **library.facts_of(row) | facts)


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
