"""Each event keeps the version that sellers saw then, and the figures of versions are theirs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals import use
from contentlib.deals.models import Outcome, Verdict
from contentlib.deals.retros import answers
from contentlib.library import service, taxonomy, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Audience, ReleaseStep
from contentlib.library.release import service as releasing
from contentlib.library.release.history import version_seen_at
from contentlib.library.release.rules import Step
from contentlib.reports.version_use import version_use
from contentlib.sharing import sending
from contentlib.usage import service as usage
from contentlib.usage.models import Action, UsageEvent
from tests import factories
from tests.importing.files import take
from tests.journeys.steps import upload
from tests.sharing.buyers import link_to
from tests.sharing.rows import past_visit

SignIn = Callable[[User], FlaskClient]
HEADER = "occurred_at,user_email,asset_external_id,deal_external_id,action,channel\n"
ZONE = "America/Sao_Paulo"


@pytest.fixture
def asset(marketer: User) -> Asset:
    return factories.asset("Caso", owner=marketer, external_id="caso")


def next_version(asset: Asset, by: User) -> None:
    blob = asset.versions[0].blob
    if blob:
        versions.add_file_version(asset, blob=blob, file_name="novo.pdf", by=by)
    else:
        versions.add_link_version(asset, url="https://firm.example/next", by=by)
    service.publish(asset, by=by, today=firm_today())
    db.session.commit()


def figures(asset: Asset) -> list[tuple[int | None, int, int, int]]:
    rows = version_use(asset, 3)
    return [
        (row.version.number if row.version else None, row.opened, row.uses, row.won) for row in rows
    ]


def test_every_way_of_recording_keeps_the_version_on_air(
    sign_in: SignIn, seller: User, marketer: User
) -> None:
    taxonomy.seed()
    db.session.commit()
    asset = upload(sign_in(marketer), "Caso", "O custo do atraso")
    asset.external_id, began = "caso", now()
    for number, then in ((1, began), (2, began + timedelta(hours=1))):
        # Within two minutes the same use counts once, so the second round comes an hour later.
        with time_machine.travel(then, tick=True):
            if number == 2:
                next_version(asset, marketer)
            told = by_every_way(sign_in(seller), asset, seller, number)
            assert told == {*Action, "web", "retro", "import", "link"}
    versionless = select(UsageEvent.id).where(UsageEvent.asset_version_id.is_(None))
    assert db.session.scalars(versionless).all() == []


def by_every_way(browser: FlaskClient, asset: Asset, seller: User, number: int) -> set[str]:
    """Use a material in every way, and return the actions and surfaces told of its version."""
    for path in (f"opened?key=k{number}", "copied?part=link", "download"):
        browser.post(f"/assets/{asset.id}/{path}")
    deal = factories.deal(seller, external_id=f"N-{number}")
    for channel in ("call", "email"):
        key = f"{channel}{number}"
        use.note_use(deal, [asset], use.Use(channel), by=seller, key=key, zone=ZONE)
    deals.close_won(deal, by=seller)
    answers.answer(deal, answers.Answers({asset.id: Verdict.HELPED}), by=seller)
    asset.audience = Audience.SHAREABLE
    link = link_to(asset, by=seller)
    sending.mark_sent(link, by=seller, channel="email", today=firm_today())
    past_visit(link, [9000], ago=timedelta(seconds=20))
    imported = factories.deal(seller, external_id=f"I-{number}")
    cells = now().isoformat(), seller.email, "caso", imported.external_id, "shown", "call"
    take("uses", HEADER + ",".join(str(cell) for cell in cells) + "\n")
    made = select(UsageEvent).where(UsageEvent.asset_version_id == asset.published_version_id)
    events = db.session.scalars(made).all()
    return {event.action for event in events} | {event.surface for event in events}


def test_what_is_told_later_speaks_of_the_version_seen_then(
    seller: User, marketer: User, asset: Asset
) -> None:
    first = asset.versions[0]
    deal = factories.deal(seller, opened_at=now() - timedelta(days=20))
    next_version(asset, marketer)
    told = use.Use("call", day=firm_today() - timedelta(days=3))
    (event,) = use.note_use(deal, [asset], told, by=seller, key="late", zone=ZONE)
    assert event.asset_version_id == first.id
    assert version_seen_at(asset, now()) is asset.versions[1]
    releasing.roll_back(asset, first, by=marketer, reason="Engano")
    assert version_seen_at(asset, now()) is first
    published = select(ReleaseStep.at).where(
        ReleaseStep.asset_version_id == asset.versions[1].id, ReleaseStep.step == Step.PUBLISHED
    )
    on_air = db.session.scalars(published).one()
    assert version_seen_at(asset, on_air) is asset.versions[1]
    assert version_seen_at(asset, on_air - timedelta(microseconds=1)) is first


def test_a_version_that_is_no_more_than_a_draft_was_never_seen(
    marketer: User, asset: Asset
) -> None:
    versions.add_link_version(asset, url="https://firm.example/next", by=marketer)
    assert version_seen_at(asset, now()) is asset.versions[0]


def test_the_figures_are_those_of_the_ledger(seller: User, marketer: User, asset: Asset) -> None:
    won, lost, open_ = (factories.deal(seller) for _ in range(3))
    first = asset.versions[0]
    next_version(asset, marketer)
    second, early = asset.versions[1], now() - timedelta(hours=5)
    plan = [
        (first, Action.OPENED, None, early),
        (first, Action.SHOWN, won, early),
        (first, Action.SHOWN, lost, early),
        (second, Action.SHOWN, won, early + timedelta(hours=1)),
        (second, Action.SENT_OUTSIDE, won, early + timedelta(hours=2)),
        (second, Action.SHOWN, open_, early),
        (second, Action.COPIED, won, early),
        (second, Action.OPENED, won, early + timedelta(hours=3)),
        (None, Action.SHOWN, won, early + timedelta(hours=3)),
    ]
    made = [
        usage.record(
            action,
            asset_id=asset.id,
            version_id=version.id if version else None,
            actor_id=seller.id,
            idempotency_key=f"plan:{number}",
            on=usage.OnDeal(deal.id, None) if deal else None,
            occurred_at=at,
        )
        for number, (version, action, deal, at) in enumerate(plan)
    ]
    for deal, outcome in ((won, Outcome.WON), (lost, Outcome.LOST)):
        deal.outcome, deal.closed_at = outcome, now()
    db.session.flush()
    assert figures(asset) == [(2, 1, 3, 1), (1, 1, 2, 1), (None, 0, 1, 1)]
    usage.take_back(made[1], by_id=seller.id)
    won.closed_at = early + timedelta(minutes=30)
    db.session.flush()
    assert figures(asset) == [(2, 1, 3, 0), (1, 1, 1, 0), (None, 0, 1, 0)]


def test_the_page_loads_the_figures_with_their_definition(
    sign_in: SignIn, marketer: User, seller: User, asset: Asset
) -> None:
    address = f"/reports/assets/{asset.id}/versions"
    assert address in sign_in(marketer).get(f"/assets/{asset.id}").text
    assert address not in sign_in(seller).get(f"/assets/{asset.id}").text
    part = sign_in(marketer).get(address).text
    assert "Uso por versão" in part
    assert "antes do fechamento" in part
    assert sign_in(seller).get(address).status_code == 404
