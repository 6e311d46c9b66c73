"""Every page of the product, as its readers see it: axe finds nothing, nothing scrolls sideways."""

from string import Template

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from contentlib.accounts.models import Role, User
from contentlib.core.db import db
from contentlib.deals import outcomes
from contentlib.deals import service as deals
from contentlib.library import service as library
from contentlib.library import versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from tests import factories
from tests.browser.conftest import Open, findings, is_wider_than_the_window

# Where a page needs a row, its address names it: the ids are filled in by `rows`.
PAGES = {
    "seller": [
        "/",
        "/search",
        "/search?q=frete",
        "/search?stage=proposal&persona=champion",
        "/search?q=xyzzyq",
        "/assets/$link",
        "/assets/$script",
        "/assets/$objection",
        "/me",
        "/me/password",
    ],
    "marketer": [
        "/",
        "/assets/$draft",
        "/assets/$archived",
        "/assets",
        "/assets/upload",
        "/assets/complete",
        "/assets/$link/edit",
        "/assets/$link/versions/new",
        "/assets/$objection/rewrite",
        "/assets/new/link",
        "/assets/new/script",
        "/assets/new/objection",
        "/reports/use",
        "/reports/use/events?level=all",
        "/reports/use/deals?asset=$link",
    ],
    "manager": [
        "/",
        "/deals",
        "/deals?view=table",
        "/deals/$open",
        "/deals/$lost",
        "/deals/new",
        "/deals/$open/edit",
        "/deals/$open/contacts/new",
        "/deals/$open/close/won",
        "/deals/$open/close/lost",
        "/deals/$lost/retro",
        "/companies/$company",
        "/reports/revenue",
        "/reports/revenue/deals",
        "/imports",
    ],
    "admin": [
        "/",
        "/admin/taxonomy",
        "/admin/people",
        "/admin/people/$person",
        "/admin/people/new",
        "/admin/permissions",
        "/admin/health",
    ],
}


@pytest.fixture(scope="module")
def rows(served: Flask) -> dict[str, int]:
    """One row of every kind that has a page; the ids by the name that an address uses."""
    with served.app_context():
        return {
            "link": factories.asset("Frete que chega", owner=_person("marketer")).id,
            "draft": factories.draft("Um rascunho", owner=_person("marketer")).id,
            "archived": _archived().id,
            "script": _written("Primeira ligação", "script").id,
            "objection": _written("Está caro", "objection").id,
            **_deals(_person("manager")),
            "person": _person("seller").id,
        }


def _person(role: str) -> User:
    return db.session.scalars(select(User).where(User.role == Role(role))).first()


def _archived() -> Asset:
    row = factories.asset("Não se usa mais", owner=_person("marketer"))
    library.archive(row)
    db.session.commit()
    return row


def _written(title: str, kind: str) -> Asset:
    author = _person("marketer")
    row = factories.draft(title, owner=author, type=kind)
    if kind == "script":
        versions.add_script_version(
            row, channel="whatsapp", text="Oi, {{contato.nome}}.", by=author
        )
    else:
        versions.add_objection_version(
            row, heard_as=["está caro"], answer="Quanto custa hoje?", avoid="Desconto.", by=author
        )
    library.publish(row, by=author, today=firm_today())
    db.session.commit()
    return row


def _deals(owner: User) -> dict[str, int]:
    running, lost = factories.deal(owner), factories.deal(owner, 5_000_00)
    deals.add_contact(running.company, name="Ana Souza", email="ana.souza@acme.example")
    reason = outcomes.get_loss_reason("price")
    deals.close_lost(lost, by=owner, reason=reason)
    db.session.commit()
    return {"open": running.id, "lost": lost.id, "company": running.company_id}


def _wrong_on_pages(role: str, rows: dict[str, int], page: Page) -> dict[str, list[str]]:
    wrong = {}
    for path in PAGES[role]:
        page.goto(Template(path).substitute(rows))
        assert "/sign-in" not in page.url
        found = findings(page)
        if is_wider_than_the_window(page):
            found.append("scrolls sideways")
        if found:
            wrong[path] = found
    return wrong


@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_accessible_and_fits_the_smallest_phone_in_portuguese(
    role: str, rows: dict[str, int], open_page: Open
) -> None:
    page = open_page(role, "/", width=360, locale="pt-BR", color_scheme="light")
    assert _wrong_on_pages(role, rows, page) == {}


@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_accessible_in_english_and_in_the_dark(
    role: str, rows: dict[str, int], open_page: Open
) -> None:
    page = open_page(role, "/", locale="en-US", color_scheme="dark")
    assert _wrong_on_pages(role, rows, page) == {}


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/reset", "/nowhere"])
def test_a_page_without_a_sign_in_is_accessible_and_fits_the_smallest_phone(
    path: str, chromium: Browser, address: str
) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 800}, base_url=address)
    page.goto(path)
    assert findings(page) == []
    assert not is_wider_than_the_window(page)
    # A colour on its way from one theme to the other has the contrast of neither: begin anew.
    page.emulate_media(color_scheme="dark")
    page.goto(path)
    assert findings(page) == []
    page.close()
