"""The demo's sellers have sent links that open, and the ledger knows of them."""

from datetime import timedelta

from flask import Flask, current_app

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.demo import links
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.sharing.models import ShareLink
from contentlib.usage.models import UsageEvent
from tests import factories
from tests.sharing.buyers import buyer, path_of
from tests.sharing.conftest import case  # noqa: F401 - a file that may be sent


def test_each_link_was_sent_on_its_deal_and_opens(app: Flask, case: Asset) -> None:  # noqa: F811
    seller = factories.user("seller")
    for number in range(3):
        deal = factories.deal(seller, opened_at=now() - timedelta(days=30))
        ana = deals.add_contact(deal.company, name="Ana", email=f"ana{number}@acme.example")
        deals.change_deal(deal, by=seller, contacts=[ana])
    case.language = "pt"
    db.session.commit()
    key = current_app.config["SECRET_KEY"]
    assert links.add_links(key=key, today=firm_today(), now=now()) == 3
    db.session.commit()
    for link in db.session.query(ShareLink):
        assert link.sent_at is not None
        assert link.created_at < link.sent_at < now()
        assert buyer(app).get(path_of(link)).status_code == 200
    assert {event.deal_id for event in db.session.query(UsageEvent)} == {
        link.deal_id for link in db.session.query(ShareLink)
    }
