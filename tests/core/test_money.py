"""Money is read as people write it and never loses a cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.core.errors import Invalid
from contentlib.core.money import format_money, parse_money


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("R$ 1.234,56", 123456),
        ("1,234.56", 123456),
        ("1234.5", 123450),
        ("1.234", 123400),
        ("1.234.567", 123456700),
        ("1234,5", 123450),
        ("-10", -1000),
        ("\u221210,00", -1000),
        ("US$ 99", 9900),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, minor: int) -> None:
    assert parse_money(text, "BRL") == minor


@pytest.mark.parametrize("text", ["", "caro", "1-2", "--3", "1e400"[:1] + "," * 3])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_money(text, "BRL")


def test_an_astronomic_amount_is_refused() -> None:
    with pytest.raises(Invalid, match="too large"):
        parse_money("9" * 40, "BRL")


def test_a_currency_without_cents_has_none() -> None:
    assert parse_money("1500", "JPY") == 1500


@given(st.integers(-(10**14), 10**14), st.sampled_from(["pt_BR", "en_US"]))
def test_what_is_written_reads_back(minor: int, locale: str) -> None:
    assert parse_money(format_money(minor, "BRL", locale), "BRL") == minor
