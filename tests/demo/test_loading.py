"""The demo fills an empty installation once, and what it tells is free of contradictions."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import Conflict
from contentlib.deals.models import Deal, DealStageEvent, Outcome, Retro
from contentlib.demo import queries, service
from contentlib.demo.deal_plan import DealPlan, plan_deal
from contentlib.demo.variants import more_sources
from contentlib.finding.models import SavedSearch, SearchLog
from contentlib.library.models import (
    Asset,
    AssetVersion,
    Blob,
    ReleaseStep,
    Status,
    VersionKind,
)
from contentlib.library.release.history import state_of, version_seen_at
from contentlib.library.release.rules import State as Standing
from contentlib.library.release.waiting import is_waiting
from contentlib.requests.models import ContentRequest, State
from contentlib.storage import object_key, open_storage
from contentlib.usage.models import Action, UsageEvent
from tests import factories

# A Saturday: whoever closes a deal on Friday answers its retro this very moment.
NOW = datetime(2026, 11, 28, 6, 50, tzinfo=UTC)


def plans(number: int) -> list[DealPlan]:
    rng = random.Random(1)
    return [plan_deal(rng, NOW, expansion=rng.random() < 0.2, leaning=0) for _ in range(number)]


def how_many(kind: type, *conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(kind).where(*conditions))


def test_the_firm_is_loaded_with_files_deals_use_and_searches(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "now", lambda: NOW)
    storage = open_storage(f"file:{tmp_path}")
    loaded = service.load(scale=1, seed=11, storage=storage)

    assert (loaded.people, loaded.assets, loaded.deals, loaded.searches) == (12, 60, 240, 600)
    assert 7_000 <= loaded.events <= 9_500
    for outcome in Outcome:
        assert how_many(Deal, Deal.outcome == outcome) > 50
    assert how_many(Deal, Deal.outcome == Outcome.LOST, Deal.loss_reason_id.is_(None)) == 0
    assert how_many(UsageEvent, UsageEvent.late.is_(True)) > 20
    assert how_many(SearchLog, SearchLog.results == 0) > 50
    assert how_many(Retro, Retro.missing != "") > 10
    assert how_many(SavedSearch) == 3
    assert {row.state for row in db.session.scalars(select(ContentRequest))} == {
        State.NEW,
        State.PRODUCTION,
        State.WAITING,
        State.DELIVERED,
        State.DECLINED,
    }
    sizes = {blob.sha256: blob.size for blob in db.session.scalars(select(Blob))}
    assert {storage.stat(object_key(key)).size for key in sizes} == set(sizes.values())
    no_contradictions()
    the_history_tells_what_sellers_saw()
    assert queries.is_loaded()


def no_contradictions() -> None:
    unpublished = select(AssetVersion.id).join(Asset, Asset.id == AssetVersion.asset_id)
    assert how_many(Asset, Asset.status != Status.DRAFT, Asset.published_version_id.is_(None)) == 0
    assert how_many(AssetVersion, AssetVersion.id.not_in(unpublished)) == 0
    words = AssetVersion.kind.in_([VersionKind.SCRIPT, VersionKind.OBJECTION])
    assert how_many(AssetVersion, words, AssetVersion.body.is_(None)) == 0
    assert how_many(UsageEvent, UsageEvent.recorded_at < UsageEvent.occurred_at) == 0
    assert how_many(UsageEvent, UsageEvent.recorded_at > NOW) == 0
    assert how_many(DealStageEvent, DealStageEvent.recorded_at < DealStageEvent.entered_at) == 0
    late = select(UsageEvent).join(Deal, Deal.id == UsageEvent.deal_id)
    told_late = UsageEvent.recorded_at > Deal.close_recorded_at
    honest = late.where(told_late, UsageEvent.late.is_(False))
    assert db.session.scalars(honest.where(UsageEvent.action != Action.CONFIRMED)).first() is None


def the_history_tells_what_sellers_saw() -> None:
    """Compare the release history with what is on air and with the version of each use."""
    waiting = db.session.scalars(select(ReleaseStep).where(is_waiting())).all()
    assert [step.version.number for step in waiting] == [2]
    for asset in db.session.scalars(select(Asset).where(Asset.status != Status.DRAFT)):
        assert state_of(asset.published_version) is Standing.PUBLISHED
    uses = select(UsageEvent).where(UsageEvent.asset_version_id.is_not(None))
    for event in db.session.scalars(uses.order_by(UsageEvent.id.desc()).limit(300)):
        seen = version_seen_at(db.session.get_one(Asset, event.asset_id), event.occurred_at)
        assert event.asset_version_id == seen.id


def test_a_database_with_people_of_its_own_is_refused(app: Flask) -> None:
    factories.user("seller")
    with pytest.raises(Conflict):
        queries.is_loaded()


def test_an_empty_database_is_filled(app: Flask) -> None:
    assert how_many(User) == 0
    assert not queries.is_loaded()


def test_a_deals_history_runs_forward_and_ends_before_now() -> None:
    for plan in plans(400):
        moments = [visit.entered_at for visit in plan.visits]
        assert moments == sorted(moments)
        assert all(visit.recorded_at >= visit.entered_at for visit in plan.visits)
        assert max(visit.recorded_at for visit in plan.visits) <= NOW
        assert (plan.outcome == "open") == (plan.closed_at is None)
        if plan.closed_at:
            assert moments[-1] < plan.closed_at <= plan.close_recorded_at <= NOW
        assert plan.opened_at > NOW - timedelta(days=430)


def test_some_deals_go_back_a_stage_and_some_are_opened_again() -> None:
    some = plans(400)
    paths = [[visit.stage for visit in plan.visits] for plan in some]
    back = [path for path in paths if len(set(path)) < len(path)]
    assert len(back) > 10
    assert any(plan.reopened for plan in some)


def test_the_stage_at_a_moment_comes_from_the_history() -> None:
    plan = next(plan for plan in plans(50) if len(plan.visits) > 2)
    second = plan.visits[1]
    assert plan.stage_at(plan.opened_at - timedelta(days=1)) == plan.path[0]
    assert plan.stage_at(second.entered_at) == second.stage
    assert plan.stage_at(second.entered_at - timedelta(seconds=1)) == plan.visits[0].stage


def test_more_assets_have_titles_of_their_own() -> None:
    titles = [source.title for _id, source in more_sources(random.Random(1), 20)]
    assert len(titles) == len(set(titles)) == 19 * 60
    assert max(map(len, titles)) <= 200
