"""Links by the command line: whose, for which deal, and the token that is shown only there."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.sharing.cli import share
from contentlib.sharing.models import ShareLink
from contentlib.usage.models import Action, UsageEvent
from tests import factories
from tests.sharing.buyers import buyer


def run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(share, ["create", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_links_are_made_for_a_deal_and_open(app: Flask, seller: User) -> None:
    deal, one, two = factories.deal(seller), factories.asset("Um"), factories.asset("Dois")
    deal.external_id, two.external_id = "crm-7", "drive-2"
    db.session.commit()
    words = ("--deal", "crm-7", "--assets", f"{one.id}, drive-2", "--by", seller.email)
    rows = json.loads(run(app, *words, "--count", "3", "--json"))
    links = db.session.scalars(select(ShareLink).order_by(ShareLink.id)).all()
    assert [row["share_id"] for row in rows] == [link.id for link in links]
    assert {len(row["token"]) for row in rows} == {43}
    for row, link in zip(rows, links, strict=True):
        assert row["url"] == f"http://localhost/s/{row['token']}"
        assert row["token"] not in (link.seed, link.token_hash)
        assert [item.asset_id for item in link.items] == [one.id, two.id]
        assert link.deal_id == deal.id
        assert link.sent_at is None
        page = buyer(app).get(f"/s/{row['token']}")
        assert "Um" in page.text
    assert db.session.scalars(select(UsageEvent)).all() == []


def test_what_was_sent_earlier_stands_in_the_ledger_at_its_time(app: Flask, seller: User) -> None:
    deal, case = factories.deal(seller), factories.asset()
    words = ("--deal", str(deal.id), "--assets", str(case.id), "--by", seller.email)
    at = "2026-01-20T10:00:00-03:00"
    told = run(app, *words, "--count", "2", "--sent-at", at)
    assert told.splitlines()[0] == "share_id,token,url"
    assert len(told.splitlines()) == 3
    events = db.session.scalars(select(UsageEvent)).all()
    assert [event.action for event in events] == [Action.SHARED] * 2
    assert {event.occurred_at.isoformat() for event in events} == {"2026-01-20T13:00:00+00:00"}
    assert {link.sent_at for link in db.session.scalars(select(ShareLink))} == {
        events[0].occurred_at
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"--deal": "999999"},
        {"--deal": "foreign"},
        {"--assets": "999999"},
        {"--assets": ""},
        {"--by": "nobody@firm.example"},
        {"--sent-at": "yesterday"},
        {"--sent-at": "2099-01-01T00:00:00Z"},
    ],
)
def test_what_cannot_be_is_told_and_makes_nothing(
    app: Flask, seller: User, wrong: dict[str, str]
) -> None:
    foreign = factories.deal(factories.user("seller", team="South"))
    foreign.external_id = "foreign"
    db.session.commit()
    deal, case = factories.deal(seller), factories.asset()
    given = {"--deal": str(deal.id), "--assets": str(case.id), "--by": seller.email} | wrong
    words = [part for pair in given.items() for part in pair]
    result = app.test_cli_runner().invoke(share, ["create", *words])
    assert result.exit_code != 0
    assert result.exception is not None
    db.session.rollback()
    assert db.session.scalars(select(ShareLink)).all() == []
