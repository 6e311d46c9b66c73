"""The demo shows each answer that people give to being told apart as readers."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals.models import Consent, Contact
from contentlib.demo.consents import add_consents
from contentlib.library.firm_day import firm_today
from contentlib.sharing.models import ShareLink
from tests import factories
from tests.sharing.rows import sent


def test_readers_consented_and_one_colleague_objected(app: Flask) -> None:
    seller = factories.user("seller")
    for number in range(2):
        deal = factories.deal(seller, opened_at=now() - timedelta(days=30))
        people = [
            deals.add_contact(deal.company, name=name, email=f"{name}{number}@acme.example")
            for name in ("ana", "rui")
        ]
        deals.change_deal(deal, by=seller, contacts=people)
        sent(seller, deal=deal, contact_id=people[0].id, recipient_email=people[0].email)
    add_consents(today=firm_today())
    db.session.commit()
    said = sorted(one.consent for one in db.session.scalars(select(Contact)))
    assert said == [Consent.GIVEN, Consent.GIVEN, Consent.OPPOSED, Consent.UNKNOWN]
    assert [link.is_unrecorded for link in db.session.scalars(select(ShareLink))] == [False] * 2
