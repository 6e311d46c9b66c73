"""What reports read is what the rows say, whatever is kept of it and whatever happened since."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random

import numpy as np
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import outcomes, service, told
from contentlib.deals.models import Deal, Outcome, Verdict
from contentlib.deals.retros.answers import Answers, answer
from contentlib.library.models import Asset
from contentlib.library.taxonomy import Stage
from contentlib.reports.facts import Facts, closed_between
from contentlib.reports.facts.cli import reports
from contentlib.reports.facts.jobs import keep_months
from contentlib.reports.facts.models import ClosedMonth, Restatement, RollupMark
from contentlib.reports.facts.reading import read
from contentlib.usage import service as usage
from contentlib.usage.models import UsageEvent
from tests import factories
from tests.reports.touching import used

ZONE = "America/Sao_Paulo"
YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def moment(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def closed(seller: User, *, month: int, day: int = 20, outcome: Outcome = Outcome.WON) -> Deal:
    deal = factories.deal(seller, 100_00, opened_at=moment(1, 2))
    service.close_as_told(deal, outcome, closed_at=moment(month, day), source="import")
    return deal


@pytest.fixture
def firm(app: Flask, seller: User) -> tuple[list[Deal], list[Asset]]:
    """Forty deals, closed one way or the other in five months, with uses of four materials."""
    chance, assets = Random(4), [factories.asset(name) for name in "ABCD"]
    deals = []
    for number in range(40):
        outcome = chance.choice([Outcome.WON, Outcome.WON, Outcome.LOST])
        deals.append(closed(seller, month=2 + number % 5, day=1 + number % 28, outcome=outcome))
        for _ in range(chance.randrange(4)):
            used(deals[-1], chance.choice(assets), moment(1, chance.randrange(3, 28)))
    db.session.commit()
    return deals, assets


def build(app: Flask) -> None:
    result = app.test_cli_runner().invoke(reports, ["rebuild"])
    assert result.exit_code == 0, result.output
    # As if all that is there had been written long ago: what comes has to be found by itself.
    db.session.get_one(RollupMark, 1).changed_at = now()
    db.session.commit()


def as_read() -> Facts:
    return read(Deal.closed_at >= YEAR[0], Deal.closed_at < YEAR[1])


def told_now() -> Facts:
    return closed_between(*YEAR, zone=ZONE)


def bring_up_to_date() -> None:
    """Do the worker's job until nothing is left."""
    while True:
        apply = keep_months([{}])
        assert apply is not None
        apply()
        db.session.commit()
        portion = keep_months([{}])
        mark = db.session.get(RollupMark, 1)
        if mark is not None and mark.is_whole and portion is not None:
            return


def test_a_use_tells_its_deal_asset_stage_seller_and_what_its_seller_said(
    app: Flask, seller: User
) -> None:
    deal, asset, other = closed(seller, month=3), factories.asset("A"), factories.asset("B")
    event = used(deal, asset, moment(2, 3))
    used(deal, other, moment(2, 4), late=True)
    used(deal, other, moment(4, 1))
    answer(deal, by=seller, answers=Answers({asset.id: Verdict.HELPED}, decisive=asset.id))
    db.session.commit()
    facts = as_read()
    assert facts.deals[["id", "amount", "currency", "won", "answered"]].tolist() == [
        (deal.id, 100_00, b"BRL", True, True)
    ]
    columns = ["deal", "asset", "stage", "seller", "grade", "helped", "late"]
    assert facts.touches[columns].tolist() == [
        (0, asset.id, deal.stage_id, seller.id, 3, 2, False),
        (0, other.id, deal.stage_id, seller.id, 3, 0, True),
        (0, asset.id, deal.stage_id, seller.id, 5, 2, False),
    ]
    assert facts.touches["event"][0] == event.id
    assert facts.stays[["deal", "stage"]].tolist() == [(0, deal.stage_id)]


def test_what_is_kept_is_what_the_rows_say_in_any_stretch(
    app: Flask, firm: tuple[list[Deal], list[Asset]]
) -> None:
    for _again in range(2):
        build(app)
        assert db.session.scalar(select(func.count()).select_from(ClosedMonth)) == 10
    for start, end in [YEAR, (moment(3, 5), moment(4, 2)), (moment(6, 1, 2), moment(6, 1, 4))]:
        facts = closed_between(start, end, zone=ZONE)
        assert facts.says(read(Deal.closed_at >= start, Deal.closed_at < end))
    won = closed_between(*YEAR, zone=ZONE, outcomes=[Outcome.WON])
    assert won.says(read(Deal.outcome == Outcome.WON))


CHANGES: dict[str, Callable[[Deal, Asset, User], object]] = {
    "a use told late": lambda deal, asset, _by: used(deal, asset, moment(1, 29)),
    "a use taken back": lambda deal, _asset, by: usage.take_back(
        db.session.scalars(select(UsageEvent).where(UsageEvent.deal_id == deal.id)).first()
        or used(deal, _asset, moment(1, 29)),
        by_id=by.id,
    ),
    "another amount": lambda deal, _asset, by: service.change_deal(deal, by=by, amount_minor=7),
    "opened again": lambda deal, _asset, by: service.reopen(deal, by=by),
    "won after all, in another month": lambda deal, _asset, _by: told.turn_out(
        deal, Outcome.WON, closed_at=moment(8, 1), loss_reason=None
    ),
    "an arrival at a stage": lambda deal, _asset, _by: told.arrive(
        deal, last_stage(), entered_at=moment(1, 9)
    ),
    "a retro": lambda deal, asset, by: answer(
        deal, by=by, answers=Answers({asset.id: Verdict.HELPED})
    ),
}


def last_stage() -> Stage:
    return db.session.scalars(select(Stage).order_by(Stage.position.desc())).first()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_happens_after_a_month_was_kept_is_told_at_once_and_kept_by_the_worker(
    app: Flask,
    seller: User,
    firm: tuple[list[Deal], list[Asset]],
    change: Callable[[Deal, Asset, User], object],
) -> None:
    deals, assets = firm
    build(app)
    before = told_now()
    change(deals[7], assets[0], seller)
    db.session.commit()
    assert not told_now().says(before)
    assert told_now().says(as_read())
    bring_up_to_date()
    assert told_now().says(as_read())
    verified = app.test_cli_runner().invoke(reports, ["verify"])
    assert (verified.exit_code, verified.output) == (0, "0 months differ.\n")


def test_a_deal_lost_and_won_again_is_restated_with_what_it_was(
    app: Flask, seller: User, firm: tuple[list[Deal], list[Asset]]
) -> None:
    deal = next(one for one in firm[0] if one.outcome is Outcome.WON)
    facts = as_read()
    touched = (facts.touches["deal"] == np.searchsorted(facts.deals["id"], deal.id)).sum()
    month = date(2026, deal.closed_at.month, 1)
    build(app)
    service.reopen(deal, by=seller)
    db.session.commit()
    bring_up_to_date()
    service.close_as_told(deal, Outcome.WON, closed_at=moment(month.month, 15), source="import")
    deal.amount_minor = 200_00
    db.session.commit()
    bring_up_to_date()
    rows = db.session.scalars(select(Restatement).order_by(Restatement.id)).all()
    assert [
        (row.month, row.deal_id, row.before_minor, row.after_minor, row.touches_before)
        for row in rows
    ] == [(month, deal.id, 100_00, None, touched), (month, deal.id, None, 200_00, 0)]


def test_what_closes_in_a_month_that_still_runs_restates_nothing(
    app: Flask, seller: User, firm: tuple[list[Deal], list[Asset]]
) -> None:
    with time_machine.travel(moment(7, 10), tick=False):
        closed(seller, month=7, day=9)
        db.session.commit()
        build(app)
    with time_machine.travel(moment(7, 12), tick=False):
        closed(seller, month=7, day=11)
        closed(seller, month=6, day=28)
        db.session.commit()
        bring_up_to_date()
        assert told_now().says(as_read())
    # That of June was written down after June was over.
    assert db.session.scalars(select(Restatement.month)).all() == [date(2026, 6, 1)]


def test_a_damaged_month_is_told(app: Flask, firm: tuple[list[Deal], list[Asset]]) -> None:
    build(app)
    row = db.session.scalars(select(ClosedMonth)).first()
    assert row is not None
    damaged = np.frombuffer(row.deals, np.uint8).copy()
    # An amount of the first deal, which begins 24 bytes in.
    damaged[24] ^= 1
    row.deals = damaged.tobytes()
    db.session.commit()
    verified = app.test_cli_runner().invoke(reports, ["verify"])
    assert (verified.exit_code, verified.output.count("differs")) == (1, 1)


def test_a_firm_without_closed_deals_is_whole_at_once(app: Flask) -> None:
    build(app)
    assert db.session.get_one(RollupMark, 1).is_whole
    assert len(told_now().deals) == 0


def test_months_of_another_zone_are_not_used(
    app: Flask, firm: tuple[list[Deal], list[Asset]]
) -> None:
    build(app)
    facts = closed_between(*YEAR, zone="Asia/Tokyo")
    assert facts.says(as_read())
    assert {deal.id for deal in firm[0]} == set(facts.deals["id"].tolist())
    assert outcomes.pipelines()[0].id in facts.deals["pipeline"]
