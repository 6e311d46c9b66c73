"""The rows of a large firm that have the most to show, under the names that addresses use."""

import os
from datetime import timedelta
from unittest import mock

from sqlalchemy import ColumnElement, Select, func, or_, select

from contentlib.accounts.models import User
from contentlib.app import create_app
from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, AssetVersion, Blob, Status, VersionKind
from contentlib.usage.models import UsageEvent

OFFICE = "application/vnd.openxmlformats-officedocument."
FILES = {
    "pdf": "application/pdf",
    "slides": f"{OFFICE}presentationml",
    "letter": f"{OFFICE}wordprocessingml",
    "picture": "image/",
    "video": "video/",
    "markdown": "text/markdown",
    "text": "text/plain",
    "html": "text/html",
}


def richest_rows(environment: dict[str, str], seller: str) -> dict[str, int]:
    """Return the id of the material, deal and company of each kind with the most events or deals.

    `seller` is the id of the person who asks as a seller; a kind the firm lacks has no name.
    """
    with mock.patch.dict(os.environ, environment):
        app = create_app()
    with app.app_context():
        found = _materials() | _deals(int(seller)) | {"person": int(seller)}
        return {name: row for name, row in found.items() if row is not None}


def _materials() -> dict[str, int | None]:
    published, today = Asset.status == Status.PUBLISHED, firm_today()
    kinds = {"link": VersionKind.LINK, "script": VersionKind.SCRIPT}
    kinds["objection"] = VersionKind.OBJECTION
    wanted: dict[str, ColumnElement[bool]] = {
        name: (AssetVersion.kind == kind) & published for name, kind in kinds.items()
    }
    wanted |= {name: Blob.media_type.startswith(kind) & published for name, kind in FILES.items()}
    wanted |= {
        "bare": Asset.status == Status.DRAFT,
        "archived": Asset.status == Status.ARCHIVED,
        "expired": published & (Asset.valid_until < today),
        "overdue": published & (Asset.review_due < today - timedelta(days=1)),
    }
    return {name: db.session.scalar(_busiest(condition)) for name, condition in wanted.items()}


def _busiest(condition: ColumnElement[bool]) -> Select[tuple[int]]:
    events = select(func.count()).where(UsageEvent.asset_id == Asset.id).scalar_subquery()
    version = or_(
        AssetVersion.id == Asset.published_version_id,
        Asset.published_version_id.is_(None) & (AssetVersion.asset_id == Asset.id),
    )
    rows = select(Asset.id).join(AssetVersion, version)
    rows = rows.outerjoin(Blob, Blob.sha256 == AssetVersion.blob_sha256)
    return rows.where(condition).order_by(events.desc(), Asset.id).limit(1)


def _deals(seller: int) -> dict[str, int | None]:
    team = select(User.team_id).where(User.id == seller).scalar_subquery()
    wanted = {
        "mine": (Deal.owner_id == seller) & (Deal.outcome == Outcome.OPEN),
        "open": Deal.outcome == Outcome.OPEN,
        "won": (Deal.outcome == Outcome.WON) & (Deal.team_id == team),
        "lost": Deal.outcome == Outcome.LOST,
    }
    events = select(func.count()).where(UsageEvent.deal_id == Deal.id).scalar_subquery()
    most = select(Deal.id).order_by(events.desc(), Deal.id).limit(1)
    found = {name: db.session.scalar(most.where(condition)) for name, condition in wanted.items()}
    company = select(Deal.company_id).where(Deal.company_id.is_not(None))
    largest = company.group_by(Deal.company_id).order_by(func.count().desc()).limit(1)
    teams = select(Deal.team_id).where(Deal.team_id.is_not(None)).group_by(Deal.team_id)
    busiest = teams.order_by(func.count().desc()).limit(1)
    return found | {"company": db.session.scalar(largest), "team": db.session.scalar(busiest)}
