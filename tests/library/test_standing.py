from datetime import date
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import Role, User
from contentlib.core.db import db
from contentlib.library import taxonomy
from contentlib.library.models import Asset, Audience, Status
from contentlib.library.standing import (
    Standing,
    access_labels,
    access_of,
    standing_expression,
    standing_label,
    standing_of,
    standing_of_label,
    visible_to,
)
from contentlib.library.taxonomy import AssetType, get_term

DAY = date(2026, 3, 10)
BEFORE, AFTER = date(2026, 3, 9), date(2026, 3, 11)


@pytest.fixture
def assets(app: Flask, marketer: User) -> list[Asset]:
    """One asset for every combination of status and dates."""
    taxonomy.seed()
    dates = (None, BEFORE, DAY, AFTER)
    rows = [
        Asset(
            title=f"{status} {review} {valid}",
            type=get_term(AssetType, "script"),
            language="pt",
            audience=Audience.SHAREABLE,
            owner=marketer,
            status=status,
            review_due=review,
            valid_until=valid,
        )
        for status, review, valid in product(Status, dates, dates)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def test_database_and_index_tell_the_same_standing(assets: list[Asset]) -> None:
    told = dict(db.session.execute(select(Asset.id, standing_expression(DAY))).all())
    for asset in assets:
        assert told[asset.id] == standing_of(asset, DAY), asset.title
        assert standing_of_label(standing_label(asset), DAY) == standing_of(asset, DAY)


@pytest.mark.parametrize("role", list(Role))
def test_database_and_index_let_the_same_people_see(assets: list[Asset], role: Role) -> None:
    ends = [asset.valid_until for asset in assets if asset.valid_until]
    labels = access_of(role, DAY, ends)
    seen = set(db.session.scalars(select(Asset.id).where(visible_to(role, DAY))))
    assert seen == {asset.id for asset in assets if labels & set(access_labels(asset))}


def test_sellers_see_what_is_published_until_the_end_of_its_last_day(assets: list[Asset]) -> None:
    seen = db.session.scalars(select(Asset).where(visible_to(Role.SELLER, DAY))).unique()
    standings = {standing_of(asset, DAY) for asset in seen}
    assert standings == {Standing.VERIFIED, Standing.OVERDUE}
    last_day = [a for a in assets if a.status == Status.PUBLISHED and a.valid_until == DAY]
    assert all(standing_of(asset, DAY) != Standing.EXPIRED for asset in last_day)
