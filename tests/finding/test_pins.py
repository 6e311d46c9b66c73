"""Materials pinned to words come first for them, in whatever form the words are typed."""

import pytest

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import Absent, Invalid
from contentlib.finding import pins
from contentlib.library.models import Asset
from tests import factories


@pytest.fixture
def asset(marketer: User) -> Asset:
    return factories.asset("Preço por valor", owner=marketer)


def test_a_pin_holds_for_the_words_however_they_are_typed(asset: Asset, marketer: User) -> None:
    pins.add_pin("Objeção de preço", asset, by=marketer)
    for words in ("objeção de preço", "objecoes precos", "preço objeção", "PRECO, objeção!"):
        assert pins.pinned_for(words) == (f"asset:{asset.id}",)
    for words in ("objeção", "objeção de preço cfo", "", "-", "de"):
        assert pins.pinned_for(words) == ()


def test_pins_of_the_same_words_have_an_order(asset: Asset, marketer: User) -> None:
    other = factories.asset("Outro", owner=marketer)
    pins.add_pin("preço", asset, by=marketer)
    second = pins.add_pin("preços", other, by=marketer)
    assert pins.pinned_for("preço") == (f"asset:{asset.id}", f"asset:{other.id}")
    pins.move_pin(second, steps=-1)
    assert pins.pinned_for("preço") == (f"asset:{other.id}", f"asset:{asset.id}")
    pins.move_pin(second, steps=-1)
    assert [pin.asset for pin in pins.all_pins()] == [other, asset]


def test_a_pin_is_changed_and_removed(asset: Asset) -> None:
    pin = pins.add_pin("preço", asset, by=None)
    pins.change_pin(pin, "Preços")
    assert pin.words == "Preços"
    pins.change_pin(pin, "frete")
    assert pins.pinned_for("preço") == ()
    assert pins.pinned_for("fretes") == (f"asset:{asset.id}",)
    pins.remove_pin(pins.get_pin(pin.id))
    assert pins.pinned_for("frete") == ()
    with pytest.raises(Absent):
        pins.get_pin(pin.id)


def test_the_same_pin_twice_and_too_many_are_refused(asset: Asset, marketer: User) -> None:
    pin = pins.add_pin("preço", asset, by=marketer)
    with pytest.raises(Invalid, match="already"):
        pins.add_pin("Preços", asset, by=marketer)
    db.session.rollback()
    others = [factories.asset(f"Outro {n}", owner=marketer) for n in range(pins.MOST)]
    for other in others:
        pins.add_pin("frete", other, by=marketer)
    with pytest.raises(Invalid, match=f"Up to {pins.MOST}"):
        pins.add_pin("frete", asset, by=marketer)
    assert pin is not None


@pytest.mark.parametrize("words", ["", "  ", "-", "\x00", "..."])
def test_a_pin_without_words_is_refused(asset: Asset, words: str) -> None:
    with pytest.raises(Invalid, match="Write the words"):
        pins.add_pin(words, asset, by=None)
