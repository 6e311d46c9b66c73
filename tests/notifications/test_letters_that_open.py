"""Letters with a way in, over a real mail server: what opens is what the letter says, and once."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import queries
from contentlib.deals import service as deals
from contentlib.jobs.models import Job, JobState
from contentlib.library import versions
from contentlib.library.models import Asset
from contentlib.notifications.models import How, Notification
from contentlib.notifications.service import LETTER, choose_ways
from contentlib.sharing.models import Gate, ShareLink
from tests import factories
from tests.notifications.telling import html, plain, work
from tests.real.smtp import Ways
from tests.sharing.buyers import buyer, link_to, path_of

SignIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")


def the_way(message: EmailMessage, words: str) -> str:
    """Return the one path that both parts of a letter lead to, beside the settings."""
    found = [set(re.findall(r"http://localhost(/[^\s\"<)]+)", part(message))) for part in PARTS]
    ways = [{way.replace("&amp;", "&") for way in each if words in way} for each in found]
    assert ways[0] == ways[1]
    (way,) = ways[0]
    return way


PARTS = (plain, html)


def is_whole(message: EmailMessage, to: str, language: str) -> None:
    """See that a letter has both parts, each in the right language, and loads nothing."""
    assert message["To"] == to
    assert message.get_content_type() == "multipart/alternative"
    kinds = [one.get_content_type() for one in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert f'<html lang="{language}">' in html(message)
    assert "<img" not in html(message)
    assert "%(" not in plain(message) + html(message)


RETRO = {
    "pt": ("pt-BR", "Piloto & frete <1>: o que ajudou?", "foi ganho", "Obrigado"),
    "en": ("en", "Piloto & frete <1>: what helped?", "is won", "Thank you"),
}


@pytest.mark.parametrize("language", RETRO)
def test_the_link_of_the_retro_letter_opens_the_retro_and_once(
    app: Flask, mail: Ways, client: FlaskClient, seller: User, language: str
) -> None:
    tag, subject, won, thanks = RETRO[language]
    seller.language = language
    deal = factories.deal(seller, title="Piloto & frete <1>")
    deals.close_won(deal, by=seller)
    db.session.commit()
    work(app)
    (letter,) = mail.taken
    is_whole(letter, seller.email, tag)
    assert letter["Subject"] == subject
    assert won in plain(letter)
    assert "Piloto &amp; frete &lt;1&gt;" in html(letter)
    path = the_way(letter, "/retro/")
    page = client.get(path)
    assert page.status_code == 200
    assert "Piloto &amp; frete &lt;1&gt;" in page.text
    form = {"close": 1, "outside": "Uma planilha"}
    assert thanks in client.post(path, data=form).text
    assert queries.valid_retro(deal) is not None
    before = queries.valid_retro(deal)
    client.post(path, data={"close": 1, "outside": "Outra coisa"})
    assert queries.valid_retro(deal) is before
    assert "Outra coisa" not in client.get(path).text
    work(app)
    assert len(mail.came) == 1
    token = urlsplit(path).path.rpartition("/")[2]
    kept = db.session.scalars(select(Job).where(Job.kind == LETTER)).all()
    assert [job.state for job in kept] == [JobState.DONE]
    assert token not in str([job.payload for job in kept])


def test_whoever_is_signed_in_and_comes_by_the_retro_letter_has_seen_its_news(
    app: Flask, mail: Ways, sign_in: SignIn, seller: User
) -> None:
    deals.close_won(factories.deal(seller), by=seller)
    db.session.commit()
    work(app)
    path = the_way(mail.taken[0], "/retro/")
    (news,) = db.session.scalars(select(Notification))
    assert news.seen_at is None
    page = sign_in(seller).get(path, follow_redirects=True)
    assert page.status_code == 200
    assert news.seen_at is not None


CODE = {"pt": ("pt-BR", "é o seu código"), "en": ("en", "is your code")}


@pytest.mark.parametrize("language", CODE)
def test_the_code_of_the_letter_opens_its_link_and_once(
    app: Flask, mail: Ways, seller: User, language: str
) -> None:
    tag, words = CODE[language]
    case = factories.asset("Caso <Vértice>")
    link = link_to(case, by=seller, gate=Gate.CODE, language=language)
    browser = buyer(app)
    asked = ask_for_a_code(browser, link, "bia@acme.example")
    work(app)
    (letter,) = mail.taken
    is_whole(letter, "bia@acme.example", tag)
    assert words in letter["Subject"]
    (code,) = set(re.findall(r"\b\d{6}\b", plain(letter)))
    assert code in letter["Subject"]
    assert f"<h1>{code}</h1>" in html(letter)
    # What is sent about a link says nothing of who sent it what.
    for secret in ("Vértice", seller.name, path_of(link)):
        assert secret not in plain(letter) + html(letter)
    other = link_to(case, by=seller, gate=Gate.CODE)
    for wrong in (other, link):
        answer = enter(browser, wrong, asked=asked, code=code)
        assert (answer.status_code == 303) == (wrong is link)
    page = browser.get(answer.headers["Location"])
    assert "Caso &lt;Vértice&gt;" in page.text
    assert enter(browser, link, asked=asked, code=code).status_code == 422
    (job,) = db.session.scalars(select(Job).where(Job.kind == LETTER))
    assert code not in str(job.payload)


def enter(browser: FlaskClient, link: ShareLink, **typed: str) -> Any:
    return browser.post(path_of(link, "/enter"), data=typed)


def ask_for_a_code(browser: FlaskClient, link: ShareLink, email: str) -> str:
    page = browser.post(path_of(link, "/enter"), data={"email": email})
    return re.findall(r'name="asked" value="([^"]+)"', page.text)[0]


RELEASE = {
    "pt": ("“Caso Vértice” tem uma nova versão, a 2: Preços & prazos", "Já aparece para: Ana"),
    "en": ("“Caso Vértice” has a new version, 2: Preços & prazos", "Shown at once to: Ana"),
}


@pytest.mark.parametrize("language", RELEASE)
def test_the_letter_of_a_new_version_leads_to_the_link_and_is_seen_by_that(
    app: Flask, mail: Ways, sign_in: SignIn, seller: User, marketer: User, language: str
) -> None:
    seller.language = language
    case = factories.asset("Caso Vértice", owner=marketer)
    link = link_to(case, by=seller)
    released(sign_in(marketer), case.id)
    work(app)
    (letter,) = mail.taken
    is_whole(letter, seller.email, {"pt": "pt-BR", "en": "en"}[language])
    for words in RELEASE[language]:
        assert words in letter["Subject"]
        assert words in plain(letter)
    path = the_way(letter, "/links/")
    browser, (news,) = sign_in(seller), db.session.scalars(select(Notification))
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/links/{link.id}")
    assert news.seen_at is not None


def test_a_daily_letter_tells_a_new_version_with_a_way_that_marks_it_seen(
    app: Flask,
    mail: Ways,
    clock: time_machine.Traveller,
    sign_in: SignIn,
    seller: User,
    marketer: User,
) -> None:
    choose_ways(seller, {"share.updated": How.DIGEST, "retro.due": How.DIGEST})
    case, deal = factories.asset("Caso Vértice", owner=marketer), factories.deal(seller)
    link_to(case, by=seller)
    link_to(case, by=seller)
    deals.close_won(deal, by=seller)
    released(sign_in(marketer), case.id)
    work(app)
    assert mail.taken == []
    clock.shift(timedelta(days=1))
    work(app)
    (letter,) = mail.taken
    is_whole(letter, seller.email, "pt-BR")
    assert letter["Subject"] == "2 novidades que você ainda não viu"
    browser = sign_in(seller)
    for words in (f"/links?asset={case.id}", f"/deals/{deal.id}/retro"):
        assert browser.get(the_way(letter, words), follow_redirects=True).status_code == 200
    seen = db.session.scalars(select(Notification.seen_at)).all()
    assert len(seen) == 2
    assert None not in seen


def released(browser: FlaskClient, asset_id: int) -> None:
    """Add a version in the library and release it there."""
    case = db.session.get_one(Asset, asset_id)
    versions.add_link_version(
        case, url="https://firm.example/2", by=case.owner, change_note="Preços & prazos"
    )
    db.session.commit()
    answer = browser.post(f"/assets/{asset_id}/versions/2/publish")
    assert answer.status_code == 303
