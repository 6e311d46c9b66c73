"""The pages on use: who may read them, what they name, and that nothing in them is run."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.cli import main
from contentlib.core.clock import now
from contentlib.deals import service as deals
from contentlib.deals.models import Deal, Outcome
from contentlib.library.models import Asset
from contentlib.usage import service as usage
from contentlib.usage.models import Action
from contentlib.usage.service import OnDeal
from tests import factories

SignIn = Callable[[User], FlaskClient]


def used(asset: Asset, person: User, deal: Deal | None = None, *, days: int = 5, **facts: Any):
    moment = now() - timedelta(days=days)
    return usage.record(
        facts.pop("action", Action.SHOWN),
        asset_id=asset.id,
        version_id=asset.published_version_id,
        actor_id=person.id,
        idempotency_key=f"{asset.id}-{person.id}-{deal.id if deal else 0}-{days}",
        on=OnDeal(deal.id, deal.stage_id) if deal else None,
        occurred_at=moment,
        **facts,
    )


def won(seller: User, asset: Asset, **facts: Any) -> Deal:
    deal = factories.deal(seller, opened_at=now() - timedelta(days=50), **facts)
    used(asset, seller, deal)
    deals.close_as_told(deal, Outcome.WON, closed_at=now() - timedelta(days=2), source="import")
    return deal


def page(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_a_seller_finds_no_report_and_no_table(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    for tail in ("", ".csv", "/events", "/deals?asset=1"):
        assert browser.get(f"/reports/use{tail}").status_code == 404


def test_a_marketer_reads_every_list_in_every_order(
    sign_in: SignIn, marketer: User, seller: User
) -> None:
    asset = factories.asset("Case Vértice", owner=marketer)
    won(seller, asset)
    browser = sign_in(marketer)
    for name in ("all", "unused", "verified", "overdue", "off-air", "nonsense"):
        for order in ("title", "uses", "events", "sellers", "deals", "last", "nonsense"):
            page(browser, f"/reports/use?list={name}&order={order}&up=1&page=7")
    assert "Case Vértice" in page(browser, "/reports/use")
    assert "Case Vértice" in page(browser, f"/reports/use/events?asset={asset.id}")
    assert "Acme" in page(browser, f"/reports/use/deals?asset={asset.id}&outcome=won")


def test_an_empty_installation_says_what_to_do_next(sign_in: SignIn, marketer: User) -> None:
    assert "/upload" in page(sign_in(marketer), "/reports/use")


def test_a_period_that_ends_before_it_begins_is_refused(sign_in: SignIn, marketer: User) -> None:
    answer = sign_in(marketer).get("/reports/use?from=2026-05-01&to=2026-04-01")
    assert answer.status_code == 422


def test_figures_of_a_team_need_five_people(sign_in: SignIn, marketer: User) -> None:
    members = [factories.user("seller", team="Small") for _ in range(4)]
    browser, team = sign_in(marketer), members[0].team_id
    for tail in ("", ".csv", "/events"):
        assert browser.get(f"/reports/use{tail}?team={team}").status_code == 422
    factories.user("seller", team="Small")
    page(browser, f"/reports/use?team={team}")


def test_names_stand_only_for_oneself_and_the_teams_own_manager(
    sign_in: SignIn, marketer: User
) -> None:
    seller = factories.user("seller", team="North", name="Sofia Lima")
    own = factories.user("manager", team="North")
    other = factories.user("manager", team="South")
    used(factories.asset(owner=marketer), seller)
    told = {who.id: page(sign_in(who), "/reports/use/events") for who in (marketer, own, other)}
    assert "Sofia Lima" in told[own.id]
    for person in (marketer, other):
        assert "Sofia Lima" not in told[person.id]
        assert "North" not in told[person.id], "a team of two is as good as a name"


def test_titles_are_run_neither_on_the_page_nor_in_a_spreadsheet(
    sign_in: SignIn, marketer: User, seller: User
) -> None:
    nasty = factories.asset('=HYPERLINK("x")<script>alert(1)</script>', owner=marketer)
    used(nasty, seller)
    browser = sign_in(marketer)
    for address in ("", "/events", f"/events?asset={nasty.id}", f"/deals?asset={nasty.id}"):
        assert "<script>alert" not in page(browser, f"/reports/use{address}")
    rows = list(csv.DictReader(io.StringIO(page(browser, "/reports/use.csv"))))
    assert rows[0]["title"].startswith("'=HYPERLINK")
    assert rows[0]["uses"] == "1"
    assert page(browser, "/reports/use.csv?excel=1").startswith("\ufeff")


def test_a_few_won_deals_are_not_enough_to_be_named(sign_in: SignIn, seller: User) -> None:
    asset = factories.asset()
    for _ in range(4):
        won(seller, asset)
    address = f"/reports/assets/{asset.id}/use"
    browser = sign_in(seller)
    assert "n = 4" in page(browser, address)
    won(seller, asset)
    deals.close_as_told(
        factories.deal(seller, opened_at=now() - timedelta(days=50)),
        Outcome.WON,
        closed_at=now() - timedelta(days=2),
        source="import",
    )
    assert "5 de 6" in page(browser, address) or "5 of 6" in page(browser, address)


def test_a_seller_sees_only_deals_of_the_own_team_where_a_material_was_used(
    sign_in: SignIn, seller: User
) -> None:
    asset = factories.asset()
    won(seller, asset, title="Ours")
    won(factories.user("seller", team="South"), asset, title="Theirs")
    told = page(sign_in(seller), f"/reports/assets/{asset.id}/use")
    assert "Ours" in told
    assert "Theirs" not in told


def test_a_draft_tells_a_seller_nothing_of_its_use(sign_in: SignIn, seller: User) -> None:
    hidden = factories.draft()
    assert sign_in(seller).get(f"/reports/assets/{hidden.id}/use").status_code == 404


def test_the_command_line_prints_what_the_page_shows(app: Flask, seller: User) -> None:
    asset = factories.asset("Case", external_id="C-1")
    won(seller, asset)
    runner = app.test_cli_runner()
    answer = runner.invoke(main, ["report", "use", "--format", "json"])
    row = json.loads(answer.output)[0]
    assert (row["asset_external_id"], row["uses"], row["won_deals"]) == ("C-1", 1, 1)
    answer = runner.invoke(main, ["report", "use", "--from", "2020-01-01", "--to", "2020-01-31"])
    assert next(csv.DictReader(io.StringIO(answer.output)))["uses"] == "0"


@pytest.mark.parametrize("days", [["--from", "2025-02-30"], ["--from", "2026-02-01", "--to", "x"]])
def test_days_that_are_none_are_a_slip_in_the_command(app: Flask, days: list[str]) -> None:
    for report in ("use", "credit"):
        answer = app.test_cli_runner().invoke(main, ["report", report, *days])
        assert answer.exit_code == 2
        assert f"“{days[-1]}” is not a day." in answer.output
