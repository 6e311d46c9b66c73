"""What buyers of similar won deals really read, or was confirmed there, and was not sent here."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals.models import Deal, Verdict
from contentlib.deals.retros import answers
from contentlib.deals.use import Use, note_use
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Audience
from contentlib.sharing.unsent import Unsent, unsent_on
from contentlib.usage import service as usage
from tests import factories
from tests.prep.conftest import won_deal
from tests.sharing.rows import read_on

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def deal(app: Flask, seller: User) -> Deal:
    """A deal of its seller, whose buyer was sent nothing yet."""
    row = factories.deal(seller, company="Nova")
    row.company.industry = "Logística"
    db.session.commit()
    return row


def wins(seller: User, number: int, used: list[Asset] | None = None) -> list[Deal]:
    return [won_deal(seller, used or []) for _ in range(number)]


def found(deal: Deal, by: User) -> Unsent:
    return unsent_on(deal, for_=by, moment=now(), today=firm_today())


def titles(deal: Deal, by: User) -> list[str]:
    return [one.asset.title for one in found(deal, by).valued]


def page_of(browser: FlaskClient, deal: Deal) -> str:
    return browser.get(f"/deals/{deal.id}/reading").text


def test_what_people_read_on_similar_wins_comes_with_how_many_of_how_many(
    sign_in: SignIn, seller: User, deal: Deal
) -> None:
    case, roi = factories.asset("Caso Orla"), factories.asset("ROI")
    won = wins(seller, 6)
    for row in won[:4]:
        read_on(row, case)
        read_on(row, case, days_before=2)
    for row in won[:2]:
        read_on(row, roi)
    assert titles(deal, seller) == ["Caso Orla", "ROI"]
    text = page_of(sign_in(seller), deal)
    assert "lido por compradores de 4 de 6 vitórias parecidas (30–90\u202f%)" in text
    assert "mesmo setor" in text
    assert f"/share?asset={case.id}&amp;deal={deal.id}" in text
    assert 'href="/counting#similar"' in text


def test_with_fewer_than_five_there_is_no_figure_and_that_is_said(
    sign_in: SignIn, seller: User, deal: Deal
) -> None:
    case = factories.asset("Caso Orla")
    for row in wins(seller, 4):
        read_on(row, case)
    assert found(deal, seller).valued == []
    text = page_of(sign_in(seller), deal)
    assert "dados insuficientes (n = 4)" in text
    assert "Caso Orla" not in text


def test_what_was_sent_here_or_read_on_one_win_alone_is_not_named(
    sign_in: SignIn, seller: User, deal: Deal
) -> None:
    sent, once = factories.asset("Enviado"), factories.asset("Uma vez")
    won = wins(seller, 5)
    for row in won:
        read_on(row, sent)
    read_on(won[0], once)
    assert titles(deal, seller) == ["Enviado"]
    note_use(deal, [sent], Use("email"), by=seller, key="sent-here", zone="UTC")
    db.session.commit()
    assert titles(deal, seller) == []
    assert "já foi enviado aqui" in page_of(sign_in(seller), deal)


def test_only_people_who_read_before_the_close_count(seller: User, deal: Deal) -> None:
    case, shown = factories.asset("Caso Orla"), factories.asset("Só mostrado")
    won = wins(seller, 5, [shown])
    events = [read_on(row, case) for row in won[:3]]
    won[3].closed_at -= timedelta(days=1)
    read_on(won[3], case, days_before=-0.5)
    assert [(one.asset.title, one.read.part) for one in found(deal, seller).valued] == [
        ("Caso Orla", 3)
    ]
    # A machine found out later takes its reading back.
    for event in events[:2]:
        usage.take_back(event, by_id=None)
    db.session.commit()
    assert titles(deal, seller) == []


def test_what_the_seller_confirmed_at_the_close_counts_beside_what_was_read(
    sign_in: SignIn, seller: User, deal: Deal
) -> None:
    case = factories.asset("Caso Orla")
    won = wins(seller, 5, [case])
    for row in won[:2]:
        answers.answer(row, answers.Answers({case.id: Verdict.HELPED}), by=seller)
    db.session.commit()
    [one] = found(deal, seller).valued
    assert (one.read.part, one.confirmed.part, one.confirmed.whole) == (0, 2, 5)
    text = page_of(sign_in(seller), deal)
    assert "confirmado pelo vendedor em 2 de 5 vitórias parecidas (12–77\u202f%)" in text
    assert "lido por compradores" not in text


def test_what_may_not_be_sent_or_seen_is_left_out(seller: User, deal: Deal) -> None:
    internal, gone, draft = (factories.asset(title) for title in ("Interno", "Vencido", "Fora"))
    for row in wins(seller, 5):
        for asset in (internal, gone, draft):
            read_on(row, asset)
    assert len(titles(deal, seller)) == 3
    internal.audience = Audience.INTERNAL
    factories.change(gone, valid_until=firm_today() - timedelta(days=1))
    draft.status = "archived"
    db.session.commit()
    assert titles(deal, seller) == []


def test_there_are_a_few_of_them_and_a_closed_deal_has_none(
    sign_in: SignIn, seller: User, deal: Deal
) -> None:
    many = [factories.asset(f"Caso {number}") for number in range(6)]
    won = wins(seller, 5)
    for number, asset in enumerate(many):
        for row in won[: 5 if number == 5 else 2]:
            read_on(row, asset)
    assert titles(deal, seller) == ["Caso 5", "Caso 0", "Caso 1", "Caso 2"]
    browser = sign_in(seller)
    assert 'id="unsent"' in page_of(browser, deal)
    deals.close_won(deal, by=seller)
    db.session.commit()
    assert 'id="unsent"' not in page_of(browser, deal)
