"""Who objects to being told apart as a reader: what is noted of it, and what is kept no more."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.audit.models import AuditEntry
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals.models import Consent, Contact, Deal
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.notifications.models import Notification
from contentlib.reports.cli import report as reports
from contentlib.sharing.models import Gate, ShareCode, ShareLink
from contentlib.sharing.opposing import note_consent
from contentlib.sharing.recipients import Recipient, of_contacts
from contentlib.sharing.visits import settling
from contentlib.sharing.visits.models import Beacon, Hit, PageTime, Visit, VisitClass
from contentlib.usage.models import Action, UsageEvent
from tests import factories
from tests.sharing.buyers import buyer, link_to, path_of
from tests.sharing.rows import BY_HAND, past_visit, report
from tests.sharing.test_gates import code_page, enter, letters

SignIn = Callable[[User], FlaskClient]
BEACON = re.compile(r'data-visit="|js/reading\.js')


@pytest.fixture
def ana(app: Flask, seller: User) -> Contact:
    """The person of a deal."""
    deal = factories.deal(seller, company="Acme")
    contact = deals.add_contact(deal.company, name="Ana Souza", email="Ana@acme.example")
    deals.change_deal(deal, by=seller, contacts=[contact])
    db.session.commit()
    return contact


@pytest.fixture
def deal(ana: Contact) -> Deal:
    """Her deal."""
    return db.session.scalars(select(Deal).where(Deal.contacts.contains(ana))).one()


@pytest.fixture
def link(ana: Contact, deal: Deal, seller: User, case: Asset) -> ShareLink:
    """A link that she was sent."""
    return link_to(case, by=seller, to=of_contacts([ana])[0], deal=deal, may_download=True)


def say(contact: Contact, consent: Consent, by: User) -> None:
    note_consent(contact, consent, on=firm_today(), source="E-mail", by=by, today=firm_today())
    db.session.commit()


def counted(row: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(row)) or 0


def where(deal: Deal, contact: Contact) -> str:
    return f"/deals/{deal.id}/contacts/{contact.id}/consent"


def test_it_is_noted_with_its_day_and_source_and_shown_beside_the_person(
    sign_in: SignIn, seller: User, deal: Deal, ana: Contact
) -> None:
    browser = sign_in(seller)
    reading = f"/deals/{deal.id}/reading"
    assert "não se sabe" in browser.get(reading).text
    said = {"consent": "opposed", "since": "2026-01-05", "source": "E-mail <b>dela</b>"}
    assert browser.post(where(deal, ana), data=said).status_code == 302
    assert (ana.consent, str(ana.consent_on)) == (Consent.OPPOSED, "2026-01-05")
    text = browser.get(reading).text
    assert "opôs-se" in text
    assert "E-mail &lt;b&gt;dela&lt;/b&gt;" in text
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "consent.changed")
    ).one()
    assert entry.told == {"changes": {"consent": ["unknown", "opposed"]}}
    assert (entry.subject_kind, entry.subject_id, entry.actor_id) == ("contact", ana.id, seller.id)
    page = browser.get(where(deal, ana)).text
    assert "2026-01-05" in page
    browser.post(where(deal, ana), data={"consent": "unknown", "since": "", "source": ""})
    assert (ana.consent, ana.consent_on, ana.consent_source) == (Consent.UNKNOWN, None, "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"since": "2026-01-05", "source": " "}, "Diga como"),
        ({"since": "", "source": "E-mail"}, "Diga em que dia"),
        ({"since": "2999-01-05", "source": "E-mail"}, "Diga em que dia"),
    ],
)
def test_what_cannot_be_shown_later_is_refused_and_loses_nothing(
    sign_in: SignIn, seller: User, deal: Deal, ana: Contact, typed: dict[str, str], said: str
) -> None:
    answer = sign_in(seller).post(where(deal, ana), data={"consent": "opposed"} | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'selected value="opposed"' in answer.text
    assert ana.consent is Consent.UNKNOWN


def test_of_a_deal_that_one_may_not_see_nobody_can_be_noted(
    sign_in: SignIn, seller: User, marketer: User, deal: Deal, ana: Contact
) -> None:
    other = factories.deal(seller, company="Outra")
    said = {"consent": "given", "since": "2026-01-05", "source": "E-mail"}
    for browser, path in (
        (sign_in(factories.user("seller", team="South")), where(deal, ana)),
        (sign_in(marketer), where(deal, ana)),
        (sign_in(seller), where(other, ana)),
    ):
        assert browser.get(path).status_code == 404
        assert browser.post(path, data=said).status_code == 404
    assert ana.consent is Consent.UNKNOWN


def test_of_who_objected_the_bare_opening_is_kept_and_nothing_else(
    app: Flask, seller: User, ana: Contact, link: ShareLink
) -> None:
    say(ana, Consent.OPPOSED, seller)
    browser = buyer(app)
    page = browser.get(path_of(link))
    assert page.status_code == 200
    assert BEACON.search(page.text) is None
    assert "Não registramos nada do que você lê." in page.text
    pictures = re.findall(r'src="(/s/[^"]+\.webp[^"]*)"', page.text)
    with browser.get(pictures[0].replace("&amp;", "&")) as picture:
        assert picture.status_code == 200
    file = re.search(r'href="(/s/[^"]+/file[^"]*)"', page.text)
    assert file is not None
    with browser.get(file[1].replace("&amp;", "&")) as saved:
        assert saved.status_code == 200
    visit = db.session.scalars(select(Visit)).one()
    assert (visit.is_bare, visit.visit_class, visit.judge_at) == (True, VisitClass.UNKNOWN, None)
    assert [(hit.what, hit.page, hit.facts) for hit in db.session.scalars(select(Hit))] == [
        ("page", None, {})
    ]
    # A page that reports nevertheless is heard by nobody.
    body = report(visit, 0, 4900, ["s", 1, 1, 0, 4900], *BY_HAND[:4], ["e", 4900])
    assert browser.post(path_of(link, "/seen"), data=json.dumps(body)).status_code == 204
    settling.settle([visit.id])
    assert [counted(row) for row in (Beacon, PageTime)] == [0, 0]
    read = select(UsageEvent).where(UsageEvent.action == Action.RECEIVED)
    assert db.session.scalars(read).all() == []
    assert db.session.scalars(select(Notification)).all() == []
    printed = app.test_cli_runner().invoke(reports, ["visits", "--format", "json"])
    [told] = json.loads(printed.stdout)
    assert (told["class"], told["reasons"], told["active_seconds"]) == ("unknown", "opposed", 0.0)


def test_who_objects_while_a_page_is_open_is_recorded_no_more_and_the_past_stays(
    app: Flask, sign_in: SignIn, seller: User, ana: Contact, deal: Deal, link: ShareLink
) -> None:
    past_visit(link, [9_000, 8_000], ago=timedelta(days=1))
    browser = buyer(app)
    assert BEACON.search(browser.get(path_of(link)).text)
    visit = db.session.scalars(select(Visit).order_by(Visit.id.desc())).first()
    first = report(visit, 0, 4000, ["s", 1, 1, 0, 4000], *BY_HAND[:4])
    assert browser.post(path_of(link, "/seen"), data=json.dumps(first)).status_code == 204
    before = counted(Beacon)
    say(ana, Consent.OPPOSED, seller)
    later = report(visit, 1, 4900, ["s", 1, 2, 4000, 4900], ["e", 4900])
    assert browser.post(path_of(link, "/seen"), data=json.dumps(later)).status_code == 204
    assert counted(Beacon) == before
    assert BEACON.search(browser.get(path_of(link)).text) is None
    settling.settle([visit.id])
    assert visit.judged_at is None
    text = sign_in(seller).get(f"/deals/{deal.id}/reading").text
    assert "17\xa0s" in text
    assert "só a abertura fica guardada" in text


def test_limits_go_on_counting_openings(
    app: Flask, seller: User, ana: Contact, case: Asset
) -> None:
    say(ana, Consent.OPPOSED, seller)
    limited = link_to(case, by=seller, to=of_contacts([ana])[0], most_opens=1)
    first = enter(buyer(app), limited)
    assert buyer(app).get(first.headers["Location"]).status_code == 200
    assert limited.opens == 1
    assert enter(buyer(app, "Mozilla/5.0 (Android)"), limited).status_code == 409


@pytest.mark.parametrize(("tongue", "said"), [("pt", "Nada do que você lê"), ("en", "Nothing of")])
def test_the_notice_of_the_page_says_that_nothing_is_recorded(
    app: Flask, seller: User, ana: Contact, case: Asset, tongue: str, said: str
) -> None:
    facts = {"to": of_contacts([ana])[0], "language": tongue, "gate": Gate.ASK}
    own = link_to(case, by=seller, **facts)
    assert said not in buyer(app).get(path_of(own, "/privacy")).text
    say(ana, Consent.OPPOSED, seller)
    assert f"<h1>{said}" in buyer(app).get(path_of(own, "/privacy")).text
    gate = buyer(app).get(path_of(own)).text
    assert "saiba quem está lendo" not in gate
    assert "knows who is reading" not in gate


def test_it_holds_for_every_link_to_the_person_whichever_row_or_deal(
    app: Flask, seller: User, ana: Contact, link: ShareLink, case: Asset
) -> None:
    typed = link_to(case, by=seller)
    other = factories.deal(seller, company="Outra")
    again = deals.add_contact(other.company, name="Ana S.", email="ana@ACME.example")
    say(ana, Consent.OPPOSED, seller)
    db.session.expire_all()
    assert [row.is_unrecorded for row in (link, typed)] == [True, True]
    assert again.consent is Consent.OPPOSED
    later = link_to(case, by=seller)
    new = deals.add_contact(other.company, name="Ana", email="ana@acme.example")
    assert later.is_unrecorded
    assert new.consent is Consent.OPPOSED


def test_who_takes_it_back_is_recorded_from_then_on(
    app: Flask, seller: User, ana: Contact, link: ShareLink
) -> None:
    say(ana, Consent.OPPOSED, seller)
    buyer(app).get(path_of(link))
    say(ana, Consent.GIVEN, seller)
    page = buyer(app, "Mozilla/5.0 (Android)").get(path_of(link))
    assert BEACON.search(page.text)
    visits = db.session.scalars(select(Visit).order_by(Visit.id)).all()
    assert [visit.is_bare for visit in visits] == [True, False]


@pytest.mark.usefixtures("mailbox")
def test_who_proves_such_an_address_by_another_link_is_not_recorded_either(
    app: Flask, seller: User, ana: Contact, case: Asset
) -> None:
    say(ana, Consent.OPPOSED, seller)
    rui = Recipient("Rui", "rui@acme.example")
    other = link_to(case, by=seller, to=rui, gate=Gate.CODE)
    assert not other.is_unrecorded
    browser = buyer(app)
    asked = code_page(browser, other, "ana@acme.example")
    answer = enter(browser, other, asked=asked, code=letters()[-1]["facts"]["code"])
    page = browser.get(answer.headers["Location"])
    assert page.status_code == 200
    assert BEACON.search(page.text) is None
    visit = db.session.scalars(select(Visit)).one()
    assert (visit.is_bare, visit.email) == (True, None)
    assert counted(ShareCode) == 0
    privacy = re.search(r'href="(/s/[^"]+/privacy[^"]*)"', page.text)
    assert privacy is not None
    assert "<h1>Nada do que" in browser.get(privacy[1].replace("&amp;", "&")).text


def test_the_preview_of_such_a_link_says_what_its_buyer_reads(
    sign_in: SignIn, seller: User, ana: Contact, link: ShareLink
) -> None:
    say(ana, Consent.OPPOSED, seller)
    browser = sign_in(seller)
    page = browser.get(f"/links/{link.id}/preview").text
    assert "Não registramos nada" in page
    assert BEACON.search(page) is None
    assert "Ana Souza se opôs" in browser.get(f"/links/{link.id}").text
    assert counted(Visit) == 0
