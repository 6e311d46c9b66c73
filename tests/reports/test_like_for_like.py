"""The like-for-like win rate from the firm's own rows, and on the command line."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import service, told
from contentlib.deals.models import Deal, Outcome
from contentlib.library.models import Asset
from contentlib.library.taxonomy import Stage
from contentlib.reports import like_for_like
from contentlib.reports.cli import report
from contentlib.reports.facts import closed_between
from contentlib.reports.lift import Verdict
from contentlib.usage.models import Action
from tests import factories
from tests.reports import touching

ZONE = "America/Sao_Paulo"
START = datetime(2025, 1, 6, 12, tzinfo=UTC)
COLUMNS = "asset_external_id,n_treated,n_sellers,estimate,low,high,shrunk,flag,verdict"


def deal_of(seller: User, opened: datetime, days: int, *, won: bool, size: str = "") -> Deal:
    deal = factories.deal(seller, 100_00, opened_at=opened, size_band=size or None)
    outcome = Outcome.WON if won else Outcome.LOST
    service.close_as_told(deal, outcome, closed_at=opened + timedelta(days=days), source="import")
    return deal


def used(deal: Deal, asset: Asset, day: int, action: Action = Action.SHOWN, *, late=False) -> None:
    touching.used(deal, asset, deal.opened_at + timedelta(days=day), action, late=late)


@pytest.fixture
def run(app: Flask) -> Callable[..., list[dict[str, str]]]:
    """Run the command and give its rows."""

    def run(*words: str) -> list[dict[str, str]]:
        result = app.test_cli_runner().invoke(report, ["lift", *words])
        assert result.exit_code == 0, result.output
        assert result.stdout.splitlines()[0] == COLUMNS
        return list(csv.DictReader(io.StringIO(result.stdout)))

    return run


def test_a_stay_ends_with_the_next_or_with_the_deal(app: Flask, seller: User) -> None:
    deal = deal_of(seller, START, 20, won=True)
    later = db.session.scalars(select(Stage).order_by(Stage.position.desc())).first()
    told.arrive(deal, later, entered_at=START + timedelta(days=8))
    deal_of(seller, START, 5, won=False)
    db.session.commit()
    facts = closed_between(START, START + timedelta(days=90), zone=ZONE)
    visits = like_for_like._visits(facts)
    days = (visits.left - visits.entered) // (24 * 3600 * 10**6)
    assert list(zip(visits.deal.tolist(), days.tolist(), strict=True)) == [(0, 8), (0, 12), (1, 5)]
    assert visits.stage[1] == later.id


def test_sizes_are_numbers_and_an_unknown_one_is_nothing(app: Flask, seller: User) -> None:
    for size in ("small", "", "large", "small"):
        deal_of(seller, START, 5, won=True, size=size)
    db.session.commit()
    facts = closed_between(START, START + timedelta(days=90), zone=ZONE)
    sizes = like_for_like._deals(facts.by_id()).size
    assert sizes[1] == 0
    assert sizes[0] == sizes[3] > 0
    assert len(np.unique(sizes)) == 3


def test_a_confirmation_is_no_use_and_weak_evidence_neither(app: Flask, seller: User) -> None:
    deal, asset = deal_of(seller, START, 20, won=True), factories.asset()
    used(deal, asset, 20, Action.CONFIRMED)
    used(deal, asset, 3, Action.COPIED)
    used(deal, factories.asset(), 4, late=True)
    db.session.commit()
    facts = closed_between(START, START + timedelta(days=90), zone=ZONE)
    assert like_for_like._uses(facts, 3).late.tolist() == [True]
    assert len(like_for_like._uses(facts, 2).at) == 2


def test_an_asset_that_wins_is_told_apart_where_there_is_enough(
    app: Flask, run: Callable[..., list[dict[str, str]]]
) -> None:
    chance, helps, idle = Random(3), factories.asset("Helps"), factories.asset("Idle")
    rare = factories.asset("Rare")
    sellers = [factories.user("seller") for _ in range(8)]
    for number in range(480):
        seller = sellers[number % len(sellers)]
        helped, idled = chance.random() < 0.4, chance.random() < 0.4
        won = chance.random() < (0.75 if helped else 0.2)
        deal = deal_of(seller, START + timedelta(days=number // 4), 30, won=won)
        if helped:
            used(deal, helps, 1)
        if idled:
            used(deal, idle, 1)
        if number < 5:
            used(deal, rare, 2)
    db.session.commit()
    found = {one.asset: one for one in like_for_like.lifts(date(2026, 6, 1), zone=ZONE)}
    assert 0.4 < found[helps.id].estimate < 0.7
    assert found[helps.id].low > 0
    assert found[idle.id].low < 0 < found[idle.id].high
    assert found[rare.id].verdict is Verdict.TOO_LITTLE
    rows = run("--as-of", "2026-06-01")
    assert [row["n_treated"] for row in rows] == [str(found[id_].treated) for id_ in sorted(found)]
    assert float(rows[0]["estimate"]) == pytest.approx(found[helps.id].estimate, abs=1e-6)
    assert (rows[2]["estimate"], rows[2]["verdict"]) == ("", "too_little")
    # Before the first of these deals was old enough nothing could be said.
    assert {row["verdict"] for row in run("--as-of", "2025-01-20")} <= {"too_little"}


def test_a_firm_without_deals_stands(app: Flask, run: Callable[..., list[dict[str, str]]]) -> None:
    assert run() == []


def test_a_day_that_is_none_is_told(app: Flask) -> None:
    result = app.test_cli_runner().invoke(report, ["lift", "--as-of", "yesterday"])
    assert result.exit_code == 2
