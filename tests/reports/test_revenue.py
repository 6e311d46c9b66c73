"""What the report says equals an independent statement, and each figure its rows."""

import csv
import io
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import outcomes, service
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.retros.answers import Answers, answer
from contentlib.reports import revenue
from contentlib.reports.credit import ByPaths, Model
from contentlib.reports.periods import Period, calendar_period, read_period
from contentlib.reports.revenue_scope import MODELS, Axis, Scope, deals_behind
from contentlib.usage import service as usage
from contentlib.usage.models import Action
from tests import factories
from tests.reports import touching

SignIn = Callable[[User], FlaskClient]
ZONE = "America/Sao_Paulo"
MARCH = Period("month", date(2026, 3, 1), date(2026, 3, 31), ZONE)


def moment(day: int, hour: int = 12, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def won(seller: User, amount: int, day: int = 20, **facts: object) -> Deal:
    deal = factories.deal(seller, amount, opened_at=moment(1, month=1), **facts)
    service.close_as_told(deal, Outcome.WON, closed_at=moment(day), source="import")
    db.session.commit()
    return deal


def used(deal: Deal, asset, day: int = 10, action: Action = Action.SHOWN, *, late: bool = False):
    return touching.used(deal, asset, moment(day), action, late=late)


def scope(**facts: object) -> Scope:
    return Scope(**({"period": MARCH, "currency": "BRL", "grade": 3} | facts))


def test_a_deal_is_shared_by_what_touched_it_before_its_close(app: Flask, seller: User) -> None:
    deal, first, second = won(seller, 100_01), factories.asset("A"), factories.asset("B")
    used(deal, first)
    used(deal, second)
    used(deal, second, day=12)
    ledger = revenue.ledger_of(scope())
    assert ledger.credit == {first.id: 50_01, second.id: 50_00}
    assert ledger.overlap == 2


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"late": True}, "recorded after the close"),
        ({"day": 25}, "happened after the close"),
        ({"action": Action.COPIED}, "too weak an evidence"),
    ],
)
def test_what_does_not_count_leaves_the_deal_without_content(
    app: Flask, seller: User, facts: dict[str, object], why: str
) -> None:
    used(won(seller, 500), factories.asset(), **facts)
    assert revenue.ledger_of(scope()).uncredited == 500, why


def test_a_use_taken_back_credits_nothing(app: Flask, seller: User) -> None:
    event = used(won(seller, 500), factories.asset())
    usage.retract(event.id, by_id=seller.id)
    assert revenue.ledger_of(scope()).credit == {}


def test_lost_open_and_re_opened_deals_are_not_booked(app: Flask, seller: User) -> None:
    factories.deal(seller, 1)
    lost = factories.deal(seller, 2, opened_at=moment(1, month=1))
    service.close_as_told(lost, Outcome.LOST, closed_at=moment(9), source="import")
    service.reopen(won(seller, 4), by=seller)
    won(seller, 8)
    assert revenue.ledger_of(scope()).booked == revenue.booked(scope())[0] == 8


def test_the_period_begins_and_ends_at_midnight_of_the_firm(app: Flask, seller: User) -> None:
    edge = datetime(2026, 4, 1, 2, 59, tzinfo=UTC)  # 31 March, 23:59 in São Paulo
    for amount, closed_at in ((1, edge), (2, edge + timedelta(minutes=2))):
        deal = factories.deal(seller, amount, opened_at=moment(1, month=1))
        service.close_as_told(deal, Outcome.WON, closed_at=closed_at, source="import")
    assert revenue.ledger_of(scope()).booked == 1


def test_currencies_are_never_added(app: Flask, seller: User) -> None:
    won(seller, 100)
    won(seller, 7, currency="USD")
    assert revenue.ledger_of(scope()).booked == 100
    assert revenue.ledger_of(scope(currency="USD")).booked == 7


ORACLE = """
WITH touch AS (
    SELECT e.deal_id AS deal, e.asset_id AS asset, min(e.occurred_at) AS first, min(e.id) AS event
    FROM usage_event e JOIN deal d ON d.id = e.deal_id
    LEFT JOIN usage_retraction r ON r.event_id = e.id
    WHERE d.outcome = 'won' AND e.grade >= 3 AND NOT e.late AND r.event_id IS NULL
      AND e.occurred_at <= d.closed_at
    GROUP BY e.deal_id, e.asset_id
), spread AS (
    SELECT touch.asset AS asset, d.amount_minor AS amount,
           count(*) OVER (PARTITION BY touch.deal) AS n,
           row_number() OVER (PARTITION BY touch.deal ORDER BY touch.first, touch.event) AS place
    FROM touch JOIN deal d ON d.id = touch.deal
)
SELECT asset, sum(amount / n + CASE WHEN place <= amount % n THEN 1 ELSE 0 END)
FROM spread GROUP BY asset
"""


def test_the_report_equals_an_independent_statement(app: Flask, seller: User) -> None:
    dice = random.Random(7)
    assets = [factories.asset(f"Asset {number}") for number in range(12)]
    for _number in range(60):
        deal = won(seller, dice.randint(1, 9_999_99), day=dice.randint(2, 30))
        for asset in dice.sample(assets, dice.randint(0, 6)):
            action = dice.choice([Action.OPENED, Action.COPIED, Action.SHOWN, Action.SENT_OUTSIDE])
            event = used(deal, asset, dice.randint(1, 31), action, late=dice.random() < 0.2)
            if dice.random() < 0.1:
                usage.retract(event.id, by_id=seller.id)
    db.session.flush()
    oracle = {asset: int(credit) for asset, credit in db.session.execute(text(ORACLE))}
    assert revenue.ledger_of(scope()).credit == oracle
    assert oracle


def test_every_figure_opens_exactly_its_deals(app: Flask, sign_in: SignIn, manager: User) -> None:
    seller = factories.user("seller", team="North")
    asset = factories.asset()
    used(won(seller, 300), asset)
    won(seller, 200)
    browser = sign_in(manager)
    query = "from=2026-03-01&to=2026-03-31"
    for content, count in (("all", 2), ("with", 1), ("without", 1)):
        page = browser.get(f"/reports/revenue/deals?{query}&content={content}")
        assert page.get_data(as_text=True).count('scope="row"') == count
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/reports/revenue.csv?{query}").text)))
    assert sum(int(row["credit_minor"]) for row in rows) == 500
    assert rows[-1]["title"] == "(no recorded content)"


def test_an_empty_period_stands_and_says_so(app: Flask, sign_in: SignIn, manager: User) -> None:
    answer = sign_in(manager).get("/reports/revenue?from=2001-01-01&to=2001-01-31")
    assert answer.status_code == 200
    assert "No deal was won" in answer.text or "Nenhum negócio" in answer.text


@pytest.mark.parametrize("query", ["from=2026-02-30", "from=2026-03-02&to=2026-03-01", "from=x"])
def test_days_that_cannot_be_are_told(
    app: Flask, sign_in: SignIn, manager: User, query: str
) -> None:
    assert sign_in(manager).get(f"/reports/revenue?{query}").status_code == 422


def test_a_formula_in_a_title_is_harmless_in_the_csv(
    app: Flask, sign_in: SignIn, manager: User
) -> None:
    seller = factories.user("seller", team="North")
    used(won(seller, 300), factories.asset("=HYPERLINK(1)"))
    text_of = sign_in(manager).get("/reports/revenue.csv?from=2026-03-01&to=2026-03-31").text
    assert ",'=HYPERLINK(1)," in text_of


def test_coverage_is_by_value_of_won_and_lost_deals(app: Flask, seller: User) -> None:
    deal = won(seller, 300)
    lost = factories.deal(seller, 100, opened_at=moment(1, month=1))
    reason = outcomes.get_loss_reason("price")
    service.close_lost(lost, by=seller, reason=reason, closed_at=moment(9))
    answer(deal, Answers({}), by=seller)
    assert vars(revenue.coverage(scope())) == {"answered": 300, "total": 400, "missing": 1}


def test_the_quarter_before_the_first_is_the_last_of_the_year_before() -> None:
    first = calendar_period("quarter", date(2026, 2, 10), ZONE)
    assert (first.first, first.last) == (date(2026, 1, 1), date(2026, 3, 31))
    assert first.before().first == date(2025, 10, 1)


def test_ninety_days_are_ninety_and_so_are_those_before() -> None:
    period = read_period("last90", "", "", today=date(2026, 3, 31), zone=ZONE)
    assert (period.days, period.before().days) == (90, 90)
    assert period.before().last + timedelta(days=1) == period.first


def test_a_midnight_that_does_not_exist_begins_the_day_later() -> None:
    period = Period("custom", date(2018, 11, 4), date(2018, 11, 4), ZONE)
    assert period.start == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_every_model_and_every_table_add_up_to_booked_revenue(app: Flask, seller: User) -> None:
    dice = random.Random(11)
    assets = [factories.asset(f"Asset {number}") for number in range(5)]
    for _number in range(15):
        deal = won(seller, dice.choice([0, 1, dice.randint(2, 9_999)]), day=dice.randint(12, 30))
        for asset in dice.sample(assets, dice.randint(0, 4)):
            used(deal, asset, dice.randint(1, 11))
    for model in MODELS:
        for axis in Axis:
            credit = revenue.credit_of(scope(model=model, axis=axis))
            told = sum(line.credit for line in credit.lines) + credit.ledger.uncredited
            assert told == credit.ledger.booked == revenue.booked(scope())[0]
            assert sum(credit.types.values()) + credit.ledger.uncredited == told
            assert len(credit.lines) > 1 or axis is not Axis.ASSET
            for line in credit.lines:
                assert line.span.low <= line.credit <= line.span.high
                assert line.name("pt") or line.id == 0


def test_a_confirmation_is_a_touch_of_its_own_only_where_there_is_no_other(
    app: Flask, seller: User
) -> None:
    deal = won(seller, 100)
    early, late, outside = (factories.asset(name) for name in ("Early", "Late", "Outside"))
    used(deal, early, 5)
    used(deal, late, 10)
    for asset in (early, outside):
        used(deal, asset, 20, Action.CONFIRMED)
    credit = {model: revenue.ledger_of(scope(model=model)).credit for model in Model}
    assert credit[Model.FIRST] == {early.id: 100, late.id: 0, outside.id: 0}
    assert credit[Model.LAST] == {early.id: 0, late.id: 0, outside.id: 100}
    assert credit[Model.LINEAR] == {early.id: 34, late.id: 33, outside.id: 33}
    # Who asks for confirmed evidence alone is answered by the confirmations.
    assert revenue.ledger_of(scope(grade=5)).credit == {early.id: 50, outside.id: 50}


def test_the_page_is_drawn_for_every_model_and_table(
    app: Flask, sign_in: SignIn, manager: User
) -> None:
    seller = factories.user("seller", team="North")
    used(won(seller, 300), factories.asset("Caso"))
    browser = sign_in(manager)
    march = "from=2026-03-01&to=2026-03-31"
    for query in [f"model={model}" for model in MODELS] + [f"by={axis}" for axis in Axis]:
        answer = browser.get(f"/reports/revenue?{march}&{query}")
        assert answer.status_code == 200
        assert "3,00" in answer.text or "3.00" in answer.text
    for query in ("model=x&by=y&size=z&grade=99", "size=small"):
        assert browser.get(f"/reports/revenue?{march}&{query}").status_code == 200
    table = browser.get(f"/reports/revenue.csv?{march}&by=stage").text.splitlines()
    assert table[0].removeprefix("\ufeff").startswith("stage,name,deals,credit_minor,currency")


def test_the_size_of_the_company_narrows_every_figure(app: Flask, seller: User) -> None:
    won(seller, 300, size_band="small")
    won(seller, 500, size_band="large")
    for size, sum_of in (("small", 300), ("large", 500), ("", 800), ("medium", 0)):
        narrowed = scope(size=size)
        assert revenue.ledger_of(narrowed).booked == revenue.booked(narrowed)[0] == sum_of
        found = select(Deal.id).where(*deals_behind(narrowed, "all"))
        assert len(db.session.scalars(found).all()) == revenue.booked(narrowed)[1]


def test_the_removal_effect_knows_lost_deals_and_the_value_of_won_ones(
    app: Flask, seller: User
) -> None:
    often, seldom, lost_only = (factories.asset(name) for name in ("Often", "Seldom", "Lost"))
    used(won(seller, 900), often)
    used(won(seller, 100), seldom)
    lost = factories.deal(seller, 500, opened_at=moment(1, month=1))
    used(lost, seldom)
    used(lost, lost_only, 11)
    service.close_as_told(lost, Outcome.LOST, closed_at=moment(20), source="import")
    won(seller, 77)
    ledger = revenue.ledger_of(scope(model=ByPaths.MARKOV))
    assert ledger.credit == {often.id: 900, seldom.id: 100}
    assert (ledger.booked, ledger.uncredited) == (1077, 77)
    assert ledger.deals == {often.id: 1, seldom.id: 1}
