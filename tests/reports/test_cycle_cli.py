"""Cohorts and cycle as the command line prints them, from the firm's own deals."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import service
from contentlib.deals.models import Deal, Outcome
from contentlib.reports.cli import report
from tests import factories


def opened(seller: User, at: datetime, *, size: str = "") -> Deal:
    return factories.deal(seller, 100, opened_at=at, size_band=size or None)


def ended(deal: Deal, days: int, outcome: Outcome) -> None:
    closed_at = deal.opened_at + timedelta(days=days)
    service.close_as_told(deal, outcome, closed_at=closed_at, source="import")


@pytest.fixture
def firm(app: Flask, seller: User) -> None:
    """Three deals of March and two of April, of which one each is still open."""
    march, april = (datetime(2026, month, 2, 12, tzinfo=UTC) for month in (3, 4))
    ended(opened(seller, march, size="small"), 5, Outcome.WON)
    ended(opened(seller, march, size="small"), 20, Outcome.LOST)
    opened(seller, march, size="large")
    # In São Paulo this is still March.
    ended(opened(seller, datetime(2026, 4, 1, 2, tzinfo=UTC)), 40, Outcome.WON)
    opened(seller, april)
    db.session.commit()


@pytest.fixture
def run(app: Flask) -> Callable[..., list[dict[str, str]]]:
    def run(*words: str) -> list[dict[str, str]]:
        result = app.test_cli_runner().invoke(report, words)
        assert result.exit_code == 0, result.output
        return list(csv.DictReader(io.StringIO(result.stdout)))

    return run


def test_cohorts_are_compared_at_equal_age(
    firm: None, run: Callable[..., list[dict[str, str]]]
) -> None:
    march, april = run("cohorts", "--as-of", "2026-06-15")
    assert march["cohort"] == "2026-03"
    assert [march[name] for name in ("opened", "won", "lost", "open")] == ["4", "2", "1", "1"]
    assert [march[f"won_by_{age}"] for age in (7, 30, 90)] == ["0.25", "0.25", ""]
    assert [march[f"lost_by_{age}"] for age in (7, 30)] == ["0.0", "0.25"]
    assert (march["naive"], march["immature"]) == ("0.5", "True")
    assert (april["cohort"], april["opened"], april["won_by_30"]) == ("2026-04", "1", "0.0")


def test_an_earlier_day_comes_out_as_it_did_then(
    firm: None, run: Callable[..., list[dict[str, str]]]
) -> None:
    [march] = run("cohorts", "--as-of", "2026-03-10")
    assert [march[name] for name in ("opened", "won", "lost", "open")] == ["3", "1", "0", "2"]


def test_the_cycle_counts_open_deals_and_ends_with_all_together(
    firm: None, run: Callable[..., list[dict[str, str]]]
) -> None:
    rows = {row["size"]: row for row in run("cycle", "--as-of", "2026-06-15")}
    assert list(rows) == ["unknown", "small", "large", "all"]
    assert rows["small"]["close_median"] == "5.0"
    assert rows["large"]["close_median"] == ""
    everything = rows["all"]
    assert [everything[name] for name in ("deals", "won", "lost", "open")] == ["5", "2", "1", "2"]
    # Of closed deals alone the median would be 20 days.
    assert everything["close_median"] == "40.0"


def test_what_cannot_be_is_left_out_and_said(app: Flask, firm: None) -> None:
    db.session.execute(text("UPDATE deal SET opened_at = '2026-05-01' WHERE outcome = 'lost'"))
    db.session.commit()
    result = app.test_cli_runner().invoke(report, ["cycle", "--as-of", "2026-06-15"])
    assert "left out: 1 deals closed before they opened" in result.stderr
    assert result.stdout.splitlines()[-1].startswith("all,4,2,0,2")


@pytest.mark.parametrize("name", ["cohorts", "cycle"])
def test_a_firm_without_deals_stands(app: Flask, name: str) -> None:
    result = app.test_cli_runner().invoke(report, [name, "--format", "json"])
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
