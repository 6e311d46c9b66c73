"""What a buyer reads: light, without cookie and script, in the language of the link."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.paths import resource
from contentlib.library import service as library
from contentlib.library import versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.notifications.models import Notification
from contentlib.sharing.brand_views import ink_on
from contentlib.sharing.models import Follows
from contentlib.sharing.visits.models import Hit, Visit, What
from tests import factories
from tests.library.test_bytes import PAGE
from tests.sharing.buyers import buyer, link_to, path_of, sendable

SignIn = Callable[[User], FlaskClient]


def hits() -> list[What]:
    return list(db.session.scalars(select(Hit.what).order_by(Hit.id)))


def test_a_buyer_reads_pages_and_their_words_without_cookie_and_script(
    app: Flask, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller, note="A conta está na página 2.", may_download=True)
    answer = buyer(app).get(path_of(link))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    page = answer.text
    for words in (seller.name, "para você", "A conta está na página 2.", "Vértice Logística"):
        assert words in page
    assert "O projeto se pagou em sete meses" in page
    assert page.count("<img") == 2
    assert page.count('loading="lazy"') == 1
    for picture in re.findall(r"<img[^>]*>", page):
        assert 'width="1200"' in picture
        assert "320w" in picture
    assert "1 de 2" in page
    assert "Baixar PDF" in page
    assert f"mailto:{seller.email}" in page


def test_the_page_weighs_little_before_the_document(app: Flask, seller: User, case: Asset) -> None:
    page = buyer(app).get(path_of(link_to(case, by=seller)))
    static = resource("static")
    parts = [page.data]
    for name in re.findall(r'(?:src|href)="/static/[0-9a-f]+/([^"]+)"', page.text):
        parts.append((static / name).read_bytes())
    weight = sum(len(gzip.compress(part)) for part in parts)
    weight += next(static.rglob("inter-latin-wght-normal.woff2")).stat().st_size
    assert len(parts) >= 3
    assert weight < 150_000


def test_the_page_speaks_the_language_of_the_link_not_of_the_browser(
    app: Flask, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller, language="en")
    page = buyer(app).get(path_of(link), headers={"Accept-Language": "pt-BR"}).text
    assert 'lang="en"' in page
    assert "for you" in page
    assert "How and why" in page
    notice = buyer(app).get(path_of(link, "/privacy")).text
    assert "What we record when you read here" in notice
    portuguese = link_to(case, by=seller, language="pt")
    english = {"Accept-Language": "en"}
    notice = buyer(app).get(path_of(portuguese, "/privacy"), headers=english).text
    assert "O que registramos" in notice


def test_a_card_for_messengers_names_the_firm_and_nobody(
    app: Flask, seller: User, case: Asset
) -> None:
    page = buyer(app).get(path_of(link_to(case, by=seller))).text
    card = "".join(re.findall(r"<meta property=[^>]+>", page))
    assert "contentlib" in card
    for secret in ("Ana", "acme", "Vértice"):
        assert secret not in card
    assert "Ana Souza" not in page


def test_nothing_that_somebody_typed_is_run(app: Flask, sign_in: SignIn, seller: User) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    case = factories.asset(evil)
    script = factories.draft("Roteiro", type="script")
    versions.add_script_version(script, channel="email", subject=evil, text=evil, by=script.owner)
    library.publish(script, by=script.owner, today=firm_today())
    link = link_to(case, script, by=seller, note=evil, title=evil)
    link.recipient_name = evil[:200]
    seller.name = evil[:80]
    db.session.commit()
    browser = sign_in(seller)
    pages = [
        buyer(app).get(path_of(link)).text,
        buyer(app).get(path_of(link, "/privacy")).text,
        *(
            browser.get(path).text
            for path in (f"/links/{link.id}", "/links", f"/links/made?link={link.id}")
        ),
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_written_material_is_words_and_what_is_not_for_buyers_stays_here(
    app: Flask, seller: User
) -> None:
    card = factories.draft("Está caro", type="objection")
    versions.add_objection_version(card, **factories.OBJECTION, by=card.owner)
    library.publish(card, by=card.owner, today=firm_today())
    page = buyer(app).get(path_of(link_to(card, factories.asset("Página"), by=seller))).text
    assert factories.OBJECTION["answer"] in page
    assert factories.OBJECTION["avoid"] not in page
    assert factories.OBJECTION["heard_as"][1] not in page
    assert "https://firm.example/case" in page
    assert '<nav class="buyer-contents"' in page


def test_a_picture_is_shown_whole(app: Flask, seller: User, marketer: User) -> None:
    link = link_to(sendable(PAGE, "foto.png", marketer), by=seller)
    browser = buyer(app)
    address = re.findall(r'src="([^"]*/view[^"]*)"', browser.get(path_of(link)).text)[0]
    with browser.get(address.replace("&amp;", "&")) as picture:
        assert picture.data == PAGE


def test_what_has_expired_is_on_its_way_and_the_seller_is_told_once(
    app: Flask, sign_in: SignIn, seller: User, case: Asset
) -> None:
    other = factories.asset("Outro")
    link = link_to(case, other, by=seller)
    case.valid_until = firm_today() - timedelta(days=1)
    db.session.commit()
    for agent in ("one", "two"):
        page = buyer(app, agent).get(path_of(link))
        assert page.status_code == 200
        assert "material atualizado está a caminho" in page.text.lower()
        assert "Vértice" not in page.text
        assert "Outro" in page.text
    (news,) = db.session.scalars(select(Notification))
    assert (news.user_id, news.kind) == (seller.id, "share.gone")
    assert news.facts == {"asset": "Vértice Logística", "recipient": "Ana Souza"}
    assert "Vértice Logística" in sign_in(seller).get(news.address).text
    fresh = factories.asset("Caso novo")
    sign_in(seller).post(f"/links/{link.id}/items/1/replace", data={"asset": fresh.id})
    assert "Caso novo" in buyer(app).get(path_of(link)).text


def test_a_link_follows_the_release_or_stays_with_its_version(app: Flask, seller: User) -> None:
    case = factories.asset()
    follows, stays = (
        link_to(case, by=seller),
        link_to(case, by=seller, follows=Follows.PINNED),
    )
    versions.add_link_version(case, url="https://firm.example/second", by=case.owner)
    db.session.commit()
    # Not published yet: nobody sees it.
    for link in (follows, stays):
        assert "firm.example/case" in buyer(app).get(path_of(link)).text
    library.publish(case, by=case.owner, today=firm_today())
    db.session.commit()
    assert "firm.example/second" in buyer(app).get(path_of(follows)).text
    assert "firm.example/case" in buyer(app).get(path_of(stays)).text


def test_every_request_is_kept_with_its_visit_and_a_head_begins_none(
    app: Flask, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller)
    browser = buyer(app)
    assert browser.head(path_of(link)).status_code == 200
    assert hits() == [What.CARD]
    assert db.session.scalars(select(Visit)).all() == []
    page = browser.get(path_of(link)).text
    (visit,) = db.session.scalars(select(Visit))
    assert f'data-visit="{visit.key}"' in page
    assert f'data-beacon="{path_of(link)}/seen"' in page
    picture = re.findall(r'<img src="([^"]+)"', page)[0].replace("&amp;", "&")
    browser.get(picture).close()
    assert browser.get(path_of(link, "/more")).status_code == 204
    assert hits() == [What.CARD, What.PAGE, What.IMAGE, What.TRAP]
    image = db.session.scalars(select(Hit).where(Hit.what == What.IMAGE)).one()
    assert (image.visit_id, image.position, image.page) == (visit.id, 1, 1)
    assert image.facts["network"] == "203.0.113.0/24"
    assert "203.0.113.7" not in str(image.facts)


def test_a_preview_shows_the_buyers_page_and_counts_nothing(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller, password_hash="$argon2id$nothing", most_opens=1)
    browser = sign_in(seller)
    page = browser.get(f"/links/{link.id}/preview")
    assert "Vértice Logística" in page.text
    assert "data-visit" not in page.text
    picture = re.findall(r'<img src="([^"]+)"', page.text)[0].replace("&amp;", "&")
    with browser.get(picture) as image:
        assert image.data[:4] == b"RIFF"
    assert hits() == []
    assert db.session.scalars(select(Visit)).all() == []
    assert link.opens == 0


def test_whoever_is_signed_in_is_known_to_the_visit(
    sign_in: SignIn, seller: User, manager: User, case: Asset
) -> None:
    answer = sign_in(manager).get(path_of(link_to(case, by=seller)))
    assert "Set-Cookie" not in answer.headers
    assert db.session.scalars(select(Visit.user_id)).all() == [manager.id]


@pytest.mark.parametrize("color", ["#ffffff", "#0b3d3a", "#f5c400", "#3b4fd8"])
def test_ink_on_the_firms_colour_can_be_read(color: str) -> None:
    def light(text: str) -> float:
        text = text if len(text) == 7 else "#" + "".join(2 * c for c in text[1:])
        parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        lit = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]

    bright, dark = sorted((light(color), light(ink_on(color))), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5
