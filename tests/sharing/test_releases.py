"""Sellers hear of a new version of what they sent: once, if wanted, and as it is by then."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib import jobs
from contentlib.accounts.models import Team, User
from contentlib.audit.models import AuditEntry
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs.models import Job
from contentlib.library import service as library
from contentlib.library import versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, AssetVersion, Audience
from contentlib.library.release.telling import RELEASED
from contentlib.notifications.models import Notification
from contentlib.sharing.models import Follows
from contentlib.sharing.recipients import Recipient
from tests import factories
from tests.library.test_release import asking_for
from tests.sharing.buyers import buyer, link_to, path_of
from tests.sharing.rows import work

SignIn = Callable[[User], FlaskClient]
BIA = Recipient("Bia Reis", "bia@acme.example")


@pytest.fixture
def case(marketer: User) -> Asset:
    return factories.asset("Caso Vértice", owner=marketer)


def next_version(case: Asset, note: str = "Preços de 2027") -> AssetVersion:
    url = f"https://firm.example/{len(case.versions) + 1}"
    version = versions.add_link_version(case, url=url, by=case.owner, change_note=note)
    db.session.commit()
    return version


def step(browser: FlaskClient, version: AssetVersion, step: str, **form: str) -> None:
    """Take a step with a version as its page does."""
    path = f"/assets/{version.asset_id}/versions/{version.number}/{step}"
    assert browser.post(path, data=form).status_code == 303


def told(kind: str = "share.updated") -> list[Notification]:
    rows = select(Notification).where(Notification.kind == kind).order_by(Notification.id)
    return list(db.session.scalars(rows))


def recipients(news: Notification) -> tuple[list[str], list[str]]:
    """Return whom the links are for that show the version, and those that do not."""
    named = [[one["recipient"] for one in news.facts[part]] for part in ("following", "staying")]
    return named[0], named[1]


def test_a_seller_is_told_once_which_links_show_the_version_and_which_stay(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    link_to(case, by=seller)
    link_to(case, by=seller, to=BIA, follows=Follows.PINNED)
    version = next_version(case)
    step(sign_in(marketer), version, "publish", asked_to_tell="1", tell_sellers="1")
    work(app)
    (news,) = told()
    assert news.user_id == seller.id
    assert recipients(news) == (["Ana Souza"], ["Bia Reis"])
    assert (news.facts["version"], news.facts["note"]) == (2, "Preços de 2027")
    page = sign_in(seller).get("/notifications").text
    assert "“Caso Vértice” tem uma nova versão, a 2: Preços de 2027" in page
    assert "Já aparece para: Ana Souza · Continuam com a anterior: Bia Reis" in page
    where = sign_in(seller).get(news.address).text
    assert "Ana Souza" in where
    assert "Bia Reis" in where
    (job,) = db.session.scalars(select(Job).where(Job.kind == RELEASED))
    jobs.enqueue(RELEASED, job.key, job.payload)
    db.session.commit()
    work(app)
    assert told() == [news]


@pytest.mark.parametrize(
    ("form", "is_told"),
    [({}, True), ({"asked_to_tell": "1", "tell_sellers": "1"}, True), ({"asked_to_tell": "1"}, 0)],
    ids=["never asked", "yes", "no"],
)
def test_who_releases_it_decides_whether_sellers_are_told(
    app: Flask,
    sign_in: SignIn,
    seller: User,
    marketer: User,
    case: Asset,
    form: dict[str, str],
    is_told: bool,
) -> None:
    link_to(case, by=seller)
    step(sign_in(marketer), next_version(case), "publish", **form)
    work(app)
    assert len(told()) == is_told


def test_the_choice_says_how_many_sellers_and_links_and_leaves_out_who_chooses(
    sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    browser, where = sign_in(marketer), f"/assets/{case.id}/links/live?form=release-form"
    assert browser.get(where).text.strip() == ""
    link_to(case, by=marketer)
    assert "tell_sellers" not in browser.get(where).text
    for by in (seller, seller, factories.user("seller", team="South")):
        link_to(case, by=by)
    page = browser.get(where).text
    assert "Avisar quem os enviou: 2 vendedores, 3 links" in page
    assert re.search(r'name="tell_sellers" value="1" form="release-form" checked', page)
    assert "tell_sellers" not in browser.get(f"/assets/{case.id}/links/live").text
    case.audience = Audience.INTERNAL
    db.session.commit()
    assert browser.get(where).text.strip() == "", "no buyer sees what is internal"


@pytest.mark.parametrize("page", ["versions/2", "", "versions/new"])
def test_every_page_that_releases_offers_the_choice_to_its_form(
    sign_in: SignIn, marketer: User, case: Asset, page: str
) -> None:
    if page == "versions/new":
        case.versions[0].kind = case.versions[0].kind.FILE
    version = next_version(case) if page != "versions/new" else None
    db.session.commit()
    text = sign_in(marketer).get(f"/assets/{case.id}/{page}".rstrip("/")).text
    assert 'id="release-form"' in text
    number = f"v={version.number}&amp;" if version else ""
    assert f'hx-get="/assets/{case.id}/links/live?{number}form=release-form"' in text


def test_what_is_approved_now_and_published_later_is_told_when_it_is_published(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    link_to(case, by=seller)
    version, other = next_version(case), factories.user("marketer")
    with asking_for(app, "other"):
        step(sign_in(marketer), version, "submit")
        step(sign_in(other), version, "approve", then="", asked_to_tell="1", tell_sellers="1")
        work(app)
        assert told() == []
        step(sign_in(marketer), version, "publish", asked_to_tell="1", tell_sellers="1")
    work(app)
    assert len(told()) == 1


def test_approved_and_published_in_one_is_told(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    link_to(case, by=seller)
    version = next_version(case)
    with asking_for(app, "other"):
        step(sign_in(marketer), version, "submit")
        step(sign_in(factories.user("marketer")), version, "approve", then="publish")
    work(app)
    assert len(told()) == 1


def test_a_way_back_is_told_with_its_reason_and_not_to_who_sent_just_that_version(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    first = case.versions[0]
    link_to(case, by=seller)
    link_to(case, by=seller, to=BIA, follows=Follows.PINNED)
    other = factories.user("seller")
    link_to(case, by=other, follows=Follows.PINNED)
    browser = sign_in(marketer)
    step(browser, next_version(case), "publish", asked_to_tell="1")
    step(browser, first, "roll-back", reason="Os preços não valem ainda", tell_sellers="1")
    work(app)
    (news,) = told()
    assert recipients(news) == (["Ana Souza"], [])
    page = sign_in(seller).get("/notifications").text
    assert "“Caso Vértice” voltou à versão 1: Os preços não valem ainda" in page
    browser.post(f"/assets/{case.id}/undo-roll-back")
    work(app)
    again = [news.facts["version"] for news in told() if news.user_id == seller.id]
    assert again == [1, 2]
    assert [news.user_id for news in told()].count(other.id) == 1


def test_links_that_ended_before_the_worker_came_are_left_out(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    revoked, expired, alive = (link_to(case, by=seller) for _ in range(3))
    only = link_to(case, by=factories.user("seller"))
    step(sign_in(marketer), next_version(case), "publish")
    revoked.revoked_at = only.revoked_at = now()
    expired.expires_at = now() - timedelta(seconds=1)
    db.session.commit()
    work(app)
    (news,) = told()
    assert [one["link"] for one in news.facts["following"]] == [alive.id]
    assert news.address == f"/links/{alive.id}"


@pytest.mark.parametrize("gone", ["archived", "replaced", "internal"])
def test_what_is_no_longer_so_when_the_worker_comes_is_not_told(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset, gone: str
) -> None:
    link_to(case, by=seller)
    browser = sign_in(marketer)
    step(browser, next_version(case), "publish")
    if gone == "archived":
        library.archive(case)
    elif gone == "internal":
        case.audience = Audience.INTERNAL
    else:
        step(browser, next_version(case, "Mais uma"), "publish")
    db.session.commit()
    work(app)
    assert [news.facts["version"] for news in told()] == ([3] if gone == "replaced" else [])


def left(seller: User) -> None:
    seller.active = False


def moved(seller: User) -> None:
    seller.team = db.session.scalars(select(Team).where(Team.name == "South")).one()


@pytest.mark.parametrize("change", [left, moved])
def test_a_link_whose_maker_is_gone_is_its_deals_owners(
    app: Flask,
    sign_in: SignIn,
    seller: User,
    marketer: User,
    case: Asset,
    change: Callable[[User], None],
) -> None:
    heir = factories.user("seller", team="North")
    factories.user("seller", team="South")
    link = link_to(case, by=seller, deal=factories.deal(heir))
    if change is left:
        link_to(case, by=seller)
    change(seller)
    step(sign_in(marketer), next_version(case), "publish")
    work(app)
    (news,) = told()
    assert (news.user_id, news.address) == (heir.id, f"/links/{link.id}")
    assert sign_in(heir).get(news.address).status_code == 200


def test_who_releases_it_is_not_told_of_their_own_links(
    app: Flask, sign_in: SignIn, marketer: User, case: Asset
) -> None:
    link_to(case, by=marketer)
    step(sign_in(marketer), next_version(case), "publish")
    work(app)
    assert told() == []


def test_what_comes_back_as_it_was_is_no_news(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    link_to(case, by=seller)
    library.archive(case)
    db.session.commit()
    browser = sign_in(marketer)
    browser.post(f"/assets/{case.id}/restore")
    work(app)
    assert told() == []


def test_a_refused_release_tells_nobody(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    link_to(case, by=seller)
    version = next_version(case)
    with asking_for(app, "other"):
        path = f"/assets/{case.id}/versions/{version.number}/publish"
        assert sign_in(marketer).post(path).status_code == 409
    assert db.session.scalars(select(Job).where(Job.kind == RELEASED)).all() == []


def test_many_links_are_named_and_the_rest_counted(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    for number in range(7):
        link_to(case, by=seller, to=Recipient(f"Pessoa {number}"))
    step(sign_in(marketer), next_version(case), "publish")
    work(app)
    (news,) = told()
    page = sign_in(seller).get("/notifications").text
    assert "Pessoa 6" in page
    assert "Pessoa 0" not in page
    assert "e mais 2" in page
    assert sign_in(seller).get(news.address).text.count("Pessoa ") == 7


def test_a_link_that_stays_behind_is_switched_on_its_page(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    link = link_to(case, by=seller, follows=Follows.PINNED)
    browser, renew = sign_in(seller), f"/links/{link.id}/items/1/renew"
    assert renew not in browser.get(f"/links/{link.id}").text
    assert browser.post(renew).status_code == 409
    version = next_version(case)
    library.publish(case, by=marketer, today=firm_today(), version=version)
    db.session.commit()
    page = browser.get(f"/links/{link.id}").text
    assert "Este link continua com a versão 1. Preços de 2027" in page
    assert renew in page
    assert "continua com uma versão anterior" in browser.get("/links").text
    assert sign_in(factories.user("seller", team="South")).post(renew).status_code == 404
    assert browser.post(f"/links/{link.id}/items/9/renew").status_code == 404
    assert "firm.example/case" in buyer(app).get(path_of(link)).text
    assert sign_in(seller).post(renew).status_code == 303
    assert "firm.example/2" in buyer(app).get(path_of(link)).text
    entry = select(AuditEntry.details).where(AuditEntry.action == "share.changed")
    assert "version" in str(db.session.scalars(entry).all())
    link.revoked_at = now()
    db.session.commit()
    assert sign_in(seller).post(renew).status_code == 409


def test_the_list_of_links_with_a_material_is_ones_own(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    other = factories.user("seller", team="North")
    link_to(case, by=seller)
    link_to(case, by=other, to=BIA, deal=factories.deal(seller))
    link_to(case, by=other, to=Recipient("Caio"))
    link_to(factories.asset("Outro"), by=seller, to=Recipient("Davi"))
    page = sign_in(seller).get(f"/links?asset={case.id}").text
    assert [name for name in ("Ana Souza", "Bia Reis", "Caio", "Davi") if name in page] == [
        "Ana Souza",
        "Bia Reis",
    ]
    assert sign_in(seller).get("/links?asset=999999").status_code == 404


def test_who_was_erased_is_named_in_no_news_of_links(
    app: Flask, sign_in: SignIn, seller: User, manager: User, marketer: User, case: Asset
) -> None:
    ana = link_to(case, by=seller, deal=factories.deal(seller))
    bia = link_to(case, by=seller, to=BIA)
    step(sign_in(marketer), next_version(case), "publish")
    work(app)
    case.valid_until = firm_today() - timedelta(days=1)
    db.session.commit()
    for link in (ana, bia):
        buyer(app).get(path_of(link))
    assert sign_in(manager).post(f"/links/{ana.id}/erase").status_code == 302
    db.session.expire_all()
    facts: list[Any] = [news.facts for news in (*told(), *told("share.gone"))]
    assert len(facts) == 3
    assert "Ana Souza" not in str(facts)
    assert str(facts).count("Bia Reis") == 2
    page = sign_in(seller).get("/notifications").text
    assert "não está mais disponível em um link seu" in page
    assert "um link sem nome" in page


def test_what_is_gone_of_a_link_is_told_to_who_answers_for_it(
    app: Flask, seller: User, case: Asset
) -> None:
    heir = factories.user("seller", team="North")
    link = link_to(case, by=seller, deal=factories.deal(heir))
    seller.active = False
    library.archive(case)
    db.session.commit()
    buyer(app).get(path_of(link))
    assert [news.user_id for news in told("share.gone")] == [heir.id]


def test_a_release_that_is_undone_in_the_same_breath_is_told_by_nobody(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    link_to(case, by=seller)
    first, browser = case.versions[0], sign_in(marketer)
    step(browser, next_version(case), "publish")
    step(browser, first, "roll-back", reason="Engano", asked_to_tell="1")
    work(app)
    assert told() == []
