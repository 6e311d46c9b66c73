"""The retro behind a link, on a phone: at most six taps, no sign-in, with and without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from contentlib.accounts.queries import find_user
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals import use
from contentlib.deals.models import Deal, Verdict
from contentlib.deals.queries import valid_retro
from contentlib.deals.retros import invitations
from tests import factories
from tests.browser.conftest import PHONE

MOST_TAPS = 6


def asked(served: Flask, title: str) -> tuple[str, int]:
    """Win a deal with three materials, and return the path of its link."""
    with served.app_context():
        seller = find_user("seller@firm.example")
        assert seller is not None
        deal = factories.deal(seller, 84_000_00, title=title)
        for number in range(3):
            row = factories.asset(f"{title}, material {number}", owner=seller)
            told, zone = use.Use("meeting"), "America/Sao_Paulo"
            use.note_use(deal, [row], told, by=seller, key=f"{deal.id}-{number}", zone=zone)
        deals.close_won(deal, by=seller, closed_at=now() - timedelta(minutes=5))
        _row, token = invitations.invite(deal)
        db.session.commit()
        return f"/retro/{token}", deal.id


@pytest.mark.parametrize("scripts", [True, False])
def test_a_retro_of_three_materials_takes_at_most_six_taps(
    chromium: Browser, address: str, served: Flask, scripts: bool
) -> None:
    path, number = asked(served, f"Piloto {'com' if scripts else 'sem'} scripts")
    context = chromium.new_context(
        base_url=address,
        locale="pt-BR",
        viewport={"width": PHONE, "height": 740},
        has_touch=True,
        java_script_enabled=scripts,
    )
    page = context.new_page()
    page.goto(path)
    taps = Taps()
    for place, word in enumerate(("Ajudou", "Mostrado", "Não usado")):
        taps(page.locator(".retro-row").nth(place).get_by_text(word, exact=True))
    taps(page.locator(".retro-row").first.get_by_text("decisivo"))
    taps(page.get_by_role("button", name="Salvar respostas"))
    expect(page.get_by_role("heading", name="Obrigado")).to_be_visible()
    assert taps.done <= MOST_TAPS
    context.close()
    with served.app_context():
        retro = valid_retro(db.session.get_one(Deal, number))
        assert retro is not None
        said = sorted((row.verdict.value, row.decisive) for row in retro.answers)
        assert said == [
            (Verdict.HELPED.value, True),
            (Verdict.NOT_USED.value, False),
            (Verdict.SHOWN.value, False),
        ]


class Taps:
    """Touches things as a thumb does, and counts."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self, target: Locator) -> None:
        target.tap()
        self.done += 1


def test_every_target_is_large_enough_for_a_thumb(
    open_page: Callable[..., Page], served: Flask
) -> None:
    path, _number = asked(served, "Piloto para o polegar")
    page = open_page("", path, width=PHONE, locale="pt-BR")
    for name in (".choice-row-option", ".retro-decisive", "main .btn-primary"):
        for target in page.locator(name).all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44, name
