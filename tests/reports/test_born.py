"""What a material page tells of the request it was made for, with the rows behind each figure."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals import use
from contentlib.library.models import Asset
from contentlib.requests import service
from tests import factories

SignIn = Callable[[User], FlaskClient]
ZONE = "America/Sao_Paulo"


def delivered(seller: User, marketer: User) -> Asset:
    asset = factories.asset("Caso Rodonorte")
    row = service.ask(title="Um caso do agro", by=seller)
    service.deliver(row, asset, by=marketer)
    db.session.commit()
    return asset


def used(asset: Asset, seller: User, amount: int, *, won: bool, late: bool = False) -> None:
    deal = factories.deal(seller, amount)
    if late:
        deals.close_won(deal, by=seller)
    use.note_use(deal, [asset], use.Use("call"), by=seller, key=str(deal.id), zone=ZONE)
    if won and not late:
        deals.close_won(deal, by=seller)
    db.session.commit()


def test_a_material_says_from_which_request_it_was_born_and_what_was_won_with_it(
    sign_in: SignIn, seller: User, marketer: User
) -> None:
    asset = delivered(seller, marketer)
    used(asset, seller, 300_000_00, won=True)
    used(asset, seller, 180_000_00, won=True)
    used(asset, seller, 777_000_00, won=False)
    used(asset, seller, 999_000_00, won=True, late=True)
    browser = sign_in(marketer)
    text = browser.get(f"/reports/assets/{asset.id}/use").text
    line = re.search(r"Nasceu do pedido.*?</p>", text, re.DOTALL)
    assert line
    assert "usado 4 vezes" in line[0]
    assert "480.000" in line[0]
    rows, won = re.findall(r'href="(/reports[^"]+)"', line[0])
    assert "4 eventos" in browser.get(rows.replace("&amp;", "&")).text
    behind = browser.get(won.replace("&amp;", "&")).text
    assert {amount in behind for amount in ("300.000", "180.000")} == {True}
    assert {amount in behind for amount in ("777.000", "999.000")} == {False}


def test_only_who_reads_reports_is_told(sign_in: SignIn, seller: User, marketer: User) -> None:
    asset = delivered(seller, marketer)
    used(asset, seller, 300_000_00, won=True)
    path = f"/reports/assets/{asset.id}/use"
    assert "Nasceu do pedido" not in sign_in(seller).get(path).text
    assert "Nasceu do pedido" in sign_in(marketer).get(path).text


def test_a_material_of_no_request_says_nothing(sign_in: SignIn, marketer: User) -> None:
    asset = factories.asset("Da biblioteca")
    assert "Nasceu" not in sign_in(marketer).get(f"/reports/assets/{asset.id}/use").text
