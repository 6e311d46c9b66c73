"""The report of the demo is reproduced by a statement that shares nothing with it, to the cent."""

from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import bindparam, text

from contentlib.core.db import UTCDateTime, db
from contentlib.demo import service
from contentlib.reports import revenue
from contentlib.reports.credit import Ledger, Model
from contentlib.reports.facts.cli import reports
from contentlib.reports.periods import Period, calendar_period
from contentlib.reports.revenue_scope import Scope
from contentlib.storage import open_storage

NOW = datetime(2026, 11, 28, 6, 50, tzinfo=UTC)
ZONE = "America/Sao_Paulo"
SQL = Path(__file__).with_name("credit.sql").read_text()
PERIODS = [calendar_period(kind, date(2026, 8, 3), ZONE) for kind in ("month", "quarter", "year")]
WITHOUT = "won without recorded content"


def by_sql(period: Period, grade: int) -> dict[str, dict[int, int]]:
    statement = text(SQL).bindparams(
        bindparam("start", type_=UTCDateTime()), bindparam("end", type_=UTCDateTime())
    )
    told = {"start": period.start, "end": period.end, "grade": grade, "currency": "BRL"}
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for model, asset, credit in db.session.execute(statement, told):
        found[model][asset] = int(credit)
    return found


def sums(ledger: Ledger) -> tuple[int, int]:
    """Return how many pairs of deal and material there are, and how many materials."""
    return sum(ledger.deals.values()), len(ledger.deals)


def test_the_demo_is_credited_as_plain_sql_does_before_and_after_the_months_are_kept(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "now", lambda: NOW)
    service.load(scale=1, seed=11, storage=open_storage(f"file:{tmp_path}"))
    db.session.commit()
    for _kept in (False, True):
        for period in PERIODS:
            counts = []
            for grade in range(1, 6):
                oracle = by_sql(period, grade)
                for model in (Model.LINEAR_UNIQUE, Model.LINEAR, Model.FIRST, Model.LAST):
                    ledger = revenue.ledger_of(Scope(period, "BRL", grade, model=model))
                    assert ledger.credit == oracle[model]
                    assert ledger.uncredited == oracle[WITHOUT][0]
                    assert ledger.booked == sum(ledger.credit.values()) + oracle[WITHOUT][0] > 0
                counts.append((ledger.booked_deals - ledger.uncredited_deals, *sums(ledger)))
            # Of stronger evidence there is never more.
            for column in zip(*counts, strict=True):
                assert list(column) == sorted(column, reverse=True)
            assert counts[0] > counts[-1]
        result = app.test_cli_runner().invoke(reports, ["rebuild"])
        assert result.exit_code == 0
