"""What the report on use says equals an independent statement, and each figure its rows."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, insert, text

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import UTCDateTime, db
from contentlib.deals import service as deals
from contentlib.deals.models import Deal, Outcome
from contentlib.library import service as library
from contentlib.library.models import Asset, Status
from contentlib.reports import use_figures, use_lists, use_rows
from contentlib.reports.periods import Period
from contentlib.reports.use_rows import Choice
from contentlib.reports.use_scope import UseScope
from contentlib.usage.models import GRADES, Action, UsageEvent, UsageRetraction
from tests import factories

ZONE = "America/Sao_Paulo"
DAY = date(2026, 6, 30)
PERIOD = Period("custom", date(2026, 4, 2), DAY, ZONE)


def scope(**facts: Any) -> UseScope:
    usual = {"period": PERIOD, "grade": 3, "day": DAY, "live_days": 30, "window_days": 90}
    return UseScope(**(usual | facts))


def published(title: str = "A", *, days: int = 200, **facts: Any) -> Asset:
    moment = datetime(2026, 6, 30, 12, tzinfo=UTC) - timedelta(days=days)
    return factories.asset(title, published_at=moment, **facts)


def event(asset: Asset, actor: User, at: datetime, action: Action = Action.SHOWN, **facts: Any):
    row = UsageEvent(
        asset_id=asset.id,
        asset_version_id=asset.published_version_id,
        actor_id=actor.id,
        occurred_at=at,
        recorded_at=at,
        action=action,
        grade=int(GRADES[action]),
        idempotency_key=f"test:{random.random()}",
        **facts,
    )
    db.session.add(row)
    db.session.commit()
    return row


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def line_of(asset: Asset, **facts: Any) -> use_figures.Line:
    return use_figures.lines(scope(**facts), [asset.id])[0]


class Firm:
    """A few thousand events at random, with everything that may go wrong among them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.sellers = [factories.user("seller", team="North") for _ in range(6)]
        self.sellers[0].active = False
        self.others = [factories.user("marketer"), factories.user("manager", team="North")]
        self.assets = [published(f"M{number}", days=15 * number) for number in range(12)]
        self.assets[10].status = Status.ARCHIVED
        self.assets[11].valid_until = date(2026, 5, 1)
        self.assets[1].review_due = date(2026, 6, 29)
        self.deals = [self._deal() for _ in range(40)]
        self._write_events()
        db.session.commit()

    def _deal(self) -> Deal:
        rng = self.rng
        row = factories.deal(rng.choice(self.sellers), 1000, opened_at=at(1, 1))
        if rng.random() < 0.7:
            outcome = rng.choice([Outcome.WON, Outcome.LOST])
            closed = at(4, 1) + timedelta(days=rng.uniform(0, 80))
            deals.close_as_told(row, outcome, closed_at=closed, source="import")
            if rng.random() < 0.2:
                deals.reopen(row, by=row.owner)
        return row

    def _write_events(self) -> None:
        rng, rows = self.rng, []
        edges = [PERIOD.start, PERIOD.end, PERIOD.end - timedelta(microseconds=1)]
        for number in range(3000):
            action = rng.choice(list(Action))
            moment = at(1, 1) + timedelta(seconds=rng.uniform(0, 200 * 86400))
            rows.append(
                {
                    "id": 10_000 + number,
                    "occurred_at": rng.choice(edges) if rng.random() < 0.02 else moment,
                    "recorded_at": moment,
                    "actor_id": rng.choice(self.sellers + self.others).id,
                    "action": action,
                    "grade": int(GRADES[action]),
                    # The last but three materials are never more than opened.
                    "asset_id": rng.choice(self.assets[: 7 if GRADES[action] > 1 else 12]).id,
                    "deal_id": rng.choice(self.deals).id if rng.random() < 0.6 else None,
                    "late": rng.random() < 0.1,
                    "idempotency_key": f"random:{number}",
                }
            )
        db.session.execute(insert(UsageEvent), rows)
        back = [{"event_id": row["id"], "retracted_at": now()} for row in rng.sample(rows, 120)]
        db.session.execute(insert(UsageRetraction), back)


ORACLE = """
SELECT a.id,
  SUM(CASE WHEN e.grade = 1 THEN 1 ELSE 0 END), SUM(CASE WHEN e.grade = 2 THEN 1 ELSE 0 END),
  SUM(CASE WHEN e.grade = 3 THEN 1 ELSE 0 END), SUM(CASE WHEN e.grade = 4 THEN 1 ELSE 0 END),
  SUM(CASE WHEN e.grade = 5 THEN 1 ELSE 0 END),
  COUNT(DISTINCT CASE WHEN e.grade >= :grade AND u.role = 'seller' AND u.active THEN u.id END),
  COUNT(DISTINCT CASE WHEN e.grade >= :grade THEN e.deal_id END),
  COUNT(DISTINCT CASE WHEN e.grade >= :grade AND d.outcome = 'won' AND NOT e.late
        AND e.occurred_at <= d.closed_at THEN d.id END),
  COUNT(DISTINCT CASE WHEN e.grade >= :grade AND d.outcome IN ('won', 'lost') AND NOT e.late
        AND e.occurred_at <= d.closed_at THEN d.id END)
FROM asset a
LEFT JOIN usage_event e ON e.asset_id = a.id AND e.occurred_at >= :start AND e.occurred_at < :end
  AND e.id NOT IN (SELECT event_id FROM usage_retraction)
LEFT JOIN user_account u ON u.id = e.actor_id
LEFT JOIN deal d ON d.id = e.deal_id
GROUP BY a.id
"""


def oracle(grade: int) -> dict[int, tuple[int, ...]]:
    moments = [bindparam(name, type_=UTCDateTime()) for name in ("start", "end")]
    values = {"grade": grade, "start": PERIOD.start, "end": PERIOD.end}
    rows = db.session.execute(text(ORACLE).bindparams(*moments), values)
    return {row[0]: tuple(int(number) for number in row[1:]) for row in rows}


@pytest.mark.parametrize(("seed", "grade"), [(1, 3), (2, 1), (3, 5)])
def test_every_line_equals_an_independent_statement(app: Flask, seed: int, grade: int) -> None:
    firm, chosen = Firm(random.Random(seed)), scope(grade=grade)
    told = oracle(grade)
    for line in use_figures.lines(chosen, [asset.id for asset in firm.assets]):
        found = (*line.grades, line.sellers, line.deals, line.won, line.closed)
        assert found == told[line.asset.id]
    board = use_lists.board(chosen)
    assert dict(zip(board.ids.tolist(), board.uses.tolist(), strict=True)) == {
        asset: sum(numbers[grade - 1 : 5]) for asset, numbers in told.items()
    }
    for order, place in (("deals", 6), ("sellers", 5)):
        board = use_lists.board(chosen, order)
        values = [told[asset][place] for asset in board.on("all")]
        assert values == sorted(values, reverse=True) != sorted(values)


@pytest.mark.parametrize("seed", [4, 5])
def test_the_lists_hold_what_their_definitions_say(app: Flask, seed: int) -> None:
    firm, chosen = Firm(random.Random(seed)), scope()
    board = use_lists.board(chosen)
    used = {
        row[0]
        for row in db.session.execute(
            text(
                "SELECT DISTINCT asset_id FROM usage_event WHERE grade >= 3"
                " AND occurred_at >= :start AND id NOT IN (SELECT event_id FROM usage_retraction)"
            ).bindparams(bindparam("start", type_=UTCDateTime())),
            {"start": chosen.window_start},
        )
    }
    live = {asset.id for asset in firm.assets[:10]}
    old = {asset.id for asset in firm.assets[2:10]}
    assert set(board.on("all")) == live
    assert set(board.on("unused")) == old - used != set()
    assert set(board.on("overdue")) == {firm.assets[1].id}
    assert set(board.on("off-air")) == {firm.assets[10].id, firm.assets[11].id}
    assert board.count("settled") == len(old)


@pytest.mark.parametrize(("seed", "of_team"), [(6, False), (7, True)])
def test_every_figure_has_as_many_rows_as_it_says(
    app: Flask, admin: User, seed: int, of_team: bool
) -> None:
    firm = Firm(random.Random(seed))
    team = firm.sellers[0].team_id if of_team else 0
    chosen = scope(team=team)
    for line in use_figures.lines(chosen, [asset.id for asset in firm.assets]):
        asset = line.asset.id
        sizes = use_rows.sizes(chosen, Choice(asset))
        assert (sizes.events, sizes.deals) == (line.uses, line.deals)
        assert use_rows.sizes(chosen, Choice(asset, sellers=True)).sellers == line.sellers
        assert use_rows.sizes(chosen, Choice(asset, "all")).events == sum(line.grades)
        assert use_rows.sizes(chosen, Choice(asset, "2")).events == line.grades[1]
        for outcome, number in (("", line.deals), ("closed", line.closed), ("won", line.won)):
            rows = use_rows.deals(chosen, admin, asset_id=asset, outcome=outcome)
            assert len(db.session.scalars(rows).all()) == number
    uses = use_lists.board(chosen).uses_on("any")
    assert use_rows.sizes(chosen, Choice()).events == uses == use_figures.uses_in(chosen, PERIOD)
    reached = use_rows.sizes(scope(grade=2, team=team), Choice(sellers=True)).sellers
    assert reached == use_figures.reached_sellers(chosen)


def test_a_day_begins_and_ends_in_the_firms_zone(app: Flask, seller: User) -> None:
    asset = published()
    event(asset, seller, at(4, 2, 2, 59))
    assert line_of(asset).uses == 0
    event(asset, seller, at(4, 2, 3, 0))
    event(asset, seller, at(7, 1, 2, 59))
    assert line_of(asset).uses == 2
    event(asset, seller, at(7, 1, 3, 0))
    assert line_of(asset).uses == 2


def test_a_use_taken_back_counts_nowhere(app: Flask, seller: User) -> None:
    asset = published()
    row = event(asset, seller, at(6, 1), deal_id=factories.deal(seller).id)
    db.session.add(UsageRetraction(event_id=row.id))
    db.session.commit()
    line = line_of(asset)
    assert (line.uses, line.sellers, line.deals, sum(line.weeks), line.last_use) == (
        0,
        0,
        0,
        0,
        None,
    )
    assert use_lists.board(scope()).on("unused") == [asset.id]


def test_a_reopened_deal_is_no_longer_won(app: Flask, seller: User) -> None:
    asset, deal = published(), factories.deal(seller, opened_at=at(1, 1))
    event(asset, seller, at(5, 1), deal_id=deal.id)
    deals.close_as_told(deal, Outcome.WON, closed_at=at(5, 20), source="import")
    assert (line_of(asset).won, line_of(asset).closed) == (1, 1)
    deals.reopen(deal, by=seller)
    line = line_of(asset)
    assert (line.deals, line.won, line.closed) == (1, 0, 0)


@pytest.mark.parametrize(("days", "judged"), [(29, False), (30, True)])
def test_a_material_is_judged_from_its_thirtieth_day_on(
    app: Flask, days: int, judged: bool
) -> None:
    asset = published(days=days)
    assert (asset.id in use_lists.board(scope()).on("unused")) == judged


def test_how_long_and_how_strong_a_use_must_be_is_set(app: Flask, seller: User) -> None:
    asset = published()
    event(asset, seller, at(5, 1), Action.COPIED)
    assert use_lists.board(scope()).on("unused") == [asset.id]
    assert use_lists.board(scope(grade=2)).on("unused") == []
    assert use_lists.board(scope(grade=2, window_days=30)).on("unused") == [asset.id]
    assert use_lists.board(scope(live_days=300)).count("settled") == 0


def test_the_last_week_of_the_course_ends_today(app: Flask, seller: User) -> None:
    asset = published()
    event(asset, seller, at(6, 30))
    event(asset, seller, at(4, 8))
    event(asset, seller, at(4, 7))
    assert list(line_of(asset).weeks) == [1, *[0] * 10, 1]


def test_an_archived_material_keeps_its_uses_under_no_longer_on_air(
    app: Flask, seller: User
) -> None:
    asset = published()
    event(asset, seller, at(6, 1))
    library.archive(asset)
    board = use_lists.board(scope())
    assert (board.on("all"), board.on("off-air")) == ([], [asset.id])
    assert board.uses_on("any") == 1


def test_filters_leave_one_type_and_one_team(app: Flask, seller: User) -> None:
    case, deck = published("Case"), published("Deck", type="presentation")
    stranger = factories.user("seller", team="South")
    for asset, person in ((case, seller), (case, stranger), (deck, stranger)):
        event(asset, person, at(6, 1))
    assert use_lists.board(scope(type=deck.type_id)).on("all") == [deck.id]
    assert use_figures.uses_in(scope(type=deck.type_id), PERIOD) == 1
    assert line_of(case, team=stranger.team_id).uses == 1
    assert use_figures.active_sellers(scope(team=stranger.team_id)) == 1


def test_titles_are_ordered_without_regard_to_accents_and_case(app: Flask) -> None:
    for title in ("Zebra", "água", "Banco"):
        published(title)
    board = use_lists.board(scope(), "title", descending=False)
    titles = [db.session.get(Asset, asset).title for asset in board.on("all")]
    assert titles == ["água", "Banco", "Zebra"]


@pytest.mark.parametrize("descending", [True, False])
def test_materials_of_one_title_stand_by_their_ids_either_way(app: Flask, descending: bool) -> None:
    twins = [published("Água").id, published("agua").id]
    assert use_lists.board(scope(), "title", descending=descending).on("all") == twins


def test_an_empty_library_has_figures_too(app: Flask) -> None:
    assert use_lists.board(scope(), "title").on("any") == []
    board = use_lists.board(scope())
    assert board.on("any") == []
    assert use_figures.uses_in(scope(), PERIOD) == use_figures.reached_sellers(scope()) == 0
