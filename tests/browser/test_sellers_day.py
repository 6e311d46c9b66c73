"""A seller's day on a phone: from the minutes before a call to the deal that was won."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import func, select

from contentlib.core.db import db, reading
from contentlib.deals import service as deals
from contentlib.deals.models import Deal, Outcome
from contentlib.jobs.worker import Worker
from contentlib.library import taxonomy, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.service import publish
from contentlib.library.uploads import service as uploads
from contentlib.sharing.visits.models import Beacon, Visit
from contentlib.storage.current import current_storage
from contentlib.usage.models import Action, UsageEvent
from tests import factories
from tests.browser.clipboard import RIGHTS, expect_copied
from tests.browser.conftest import answering, door, installation, patiently
from tests.browser.firm import person_of
from tests.browser.hand import PHONE, SIZE, Hand
from tests.extraction import files

AGENT = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
CASE = "Do atraso ao prazo"
MOST_TO_COPY, MOST_OF_RETRO = 2, 6


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    locale: str
    prepare: str
    copy: str
    share: str
    make: str
    copy_link: str
    bell: str
    read: str
    far: str
    reading: str
    counted: str
    won: str
    helped: str
    decisive: str
    close: str
    is_won: str


PORTUGUESE = Words(
    locale="pt-BR",
    prepare="Preparar conversa",
    copy="Copiar resposta",
    share="Compartilhar",
    make="Criar link",
    copy_link="Copiar link",
    bell="Notificações, 1 nova",
    read="Nova: Ana Souza (Acme) leu “Do atraso ao prazo”",
    far="até a p. 2 de 3",
    reading="Leitura",
    counted="Como isto é contado",
    won="Ganho",
    helped="Ajudou",
    decisive="decisivo",
    close="Fechar como ganho",
    is_won="Ganho em",
)
ENGLISH = Words(
    locale="en-US",
    prepare="Prepare",
    copy="Copy answer",
    share="Share link",
    make="Make the link",
    copy_link="Copy link",
    bell="Notifications, 1 new",
    read="New: Ana Souza (Acme) read “Do atraso ao prazo”",
    far="up to p. 2 of 3",
    reading="Reading",
    counted="How this is counted",
    won="Won",
    helped="Helped",
    decisive="decisive",
    close="Close as won",
    is_won="Won on",
)


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A firm with an answer, a case, and a deal for each language of its sellers."""
    app = installation(tmp_path_factory.mktemp("day"))
    with app.app_context():
        write(tmp_path_factory.mktemp("case") / "caso.pdf")
        for words in (PORTUGUESE, ENGLISH):
            open_deal(words.locale)
    Worker(app, lease_seconds=60).drain()
    return app


def write(path: Path) -> None:
    """Publish what one says and what one sends."""
    author = person_of("marketer")
    card = factories.draft("Está caro", owner=author, type="objection")
    versions.add_objection_version(card, **factories.OBJECTION, by=author)
    case = factories.draft(CASE, owner=author, type="one_pager")
    files.pdf(path, "Capa", "A conta do atraso", "Retorno")
    with path.open("rb") as stream:
        arrived = uploads.take_in(current_storage(), stream, path.name, limit=10**7)
    uploads.add_version(case, arrived, by=author)
    for row in (card, case):
        publish(row, by=author, today=firm_today())
    db.session.commit()


def open_deal(title: str) -> None:
    """Open a deal of the seller with one person of the buyer."""
    seller = person_of("seller")
    deal = factories.deal(seller, 84_000_00, title=title)
    persona = taxonomy.get_term(taxonomy.Persona, "champion")
    assert deal.company is not None
    ana = deals.add_contact(deal.company, name="Ana Souza", persona=persona)
    deals.change_deal(deal, by=seller, contacts=[ana])
    db.session.commit()


@pytest.fixture(scope="module")
def where(firm: Flask) -> Iterator[str]:
    with answering(firm) as address:
        yield address


@pytest.fixture(scope="module")
def enter(chromium: Browser, where: str) -> Callable[[str], Any]:
    return door(chromium, where)


@pytest.fixture
def pick_up(chromium: Browser, where: str) -> Iterator[Callable[..., BrowserContext]]:
    """Take another phone into the hand."""
    phones: list[BrowserContext] = []

    def take(**options: Any) -> BrowserContext:
        phones.append(chromium.new_context(base_url=where, **PHONE | options))
        return phones[-1]

    yield take
    for phone in phones:
        phone.close()


@pytest.mark.parametrize("words", [PORTUGUESE, ENGLISH], ids=["pt", "en"])
def test_from_the_brief_to_the_deal_that_was_won(
    firm: Flask,
    enter: Callable[[str], Any],
    pick_up: Callable[..., BrowserContext],
    words: Words,
) -> None:
    deal = select(Deal).where(Deal.title == words.locale)
    with firm.app_context():
        number = db.session.scalars(deal).one().id
    phone = pick_up(
        locale=words.locale,
        storage_state=enter("seller"),
        permissions=RIGHTS,
    )
    seller = Hand(phone.new_page())
    seller.page.goto(f"/deals/{number}")
    answer_is_copied(seller, words)
    path = link_is_sent(seller, words)
    buyer_reads(firm, Hand(pick_up(user_agent=AGENT, locale="pt-BR").new_page()), path)
    Worker(firm, lease_seconds=60).drain()
    seller_is_told(seller, words)
    deal_is_won(seller, words, number)
    with firm.app_context():
        said = select(UsageEvent.action).join(Asset).where(Asset.title == CASE)
        told = db.session.scalars(said.where(UsageEvent.deal_id == number).order_by(UsageEvent.id))
        assert list(told) == [Action.SHARED, Action.RECEIVED, Action.CONFIRMED]
        assert db.session.scalars(deal).one().outcome == Outcome.WON


def answer_is_copied(seller: Hand, words: Words) -> None:
    page = seller.page
    seller.tap(page.get_by_role("link", name=words.prepare))
    card = page.locator(".prep-card", has_text="Está caro")
    with page.expect_response("**/prep/copied?*"):
        seller.tap(card.get_by_role("button", name=words.copy))
    shown = card.locator(".prep-card-text").inner_text()
    expect_copied(page, shown)
    assert seller.ends("answer copied") <= MOST_TO_COPY


def link_is_sent(seller: Hand, words: Words) -> str:
    """Share the case with the contact of the deal; return the path that was copied."""
    page = seller.page
    card = page.locator(".prep-card", has_text=CASE)
    seller.tap(card.get_by_role("link", name=words.share))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    box = dialog.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, SIZE["width"])
    seller.tap(dialog.get_by_text("Ana Souza"))
    seller.tap(dialog.get_by_role("button", name=words.make))
    with page.expect_response("**/links/*/sent"):
        seller.tap(dialog.get_by_role("button", name=words.copy_link))
    copied = dialog.locator(".share-message-address").inner_text()
    expect_copied(page, copied)
    seller.ends("link sent")
    return urlsplit(copied).path


def buyer_reads(firm: Flask, buyer: Hand, path: str) -> None:
    """Read two pages by finger, and leave."""
    page = buyer.page
    page.goto(path)
    second = page.locator("[data-page='2']")
    expect(second).to_be_attached()
    # Hands pause differently each time; the second page comes to the top with the third push.
    for pause, pixels in ((900, 120), (600, 90), (400, 0), (1300, 40), (700, 60)):
        page.wait_for_timeout(pause)
        box = second.bounding_box()
        assert box is not None
        buyer.push(pixels or int(box["y"]) - 100)
    expect(page.locator("[data-place]")).to_contain_text("2")
    assert page.context.cookies() == []
    buyer.ends("buyer read")
    page.goto("about:blank")
    # Whoever only looks holds no lock, which would keep the report out.
    with firm.app_context(), reading():
        # The last report may be written before one that was sent earlier.
        last = select(func.max(Visit.id)).scalar_subquery()
        reports = select(Beacon.events).where(Beacon.visit_id == last)
        assert patiently(lambda: any(told[-1][0] == "e" for told in db.session.scalars(reports)))


def seller_is_told(seller: Hand, words: Words) -> None:
    page = seller.page
    page.reload()
    seller.began = time.monotonic()
    seller.tap(page.locator("summary", has_text=words.bell))
    news = page.get_by_role("button", name=words.read)
    expect(news).to_contain_text(words.far)
    seller.tap(news)
    entry = page.locator(".reading-entry", has_text="Ana Souza")
    expect(entry).to_contain_text(words.far)
    expect(page.get_by_role("link", name=words.reading)).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("link", name=words.counted)).to_be_visible()
    seller.ends("seller told")


def deal_is_won(seller: Hand, words: Words, number: int) -> None:
    page = seller.page
    page.goto(f"/deals/{number}")
    seller.began = time.monotonic()
    seller.tap(page.get_by_role("link", name=words.won, exact=True))
    row = page.locator(".retro-row", has_text=CASE)
    seller.tap(row.get_by_text(words.helped, exact=True))
    seller.tap(row.get_by_text(words.decisive))
    seller.tap(page.get_by_role("button", name=words.close))
    expect(page.get_by_text(words.is_won).first).to_be_visible()
    assert seller.ends("won, with its retro") <= MOST_OF_RETRO
