"""Numbers and days are written as the reader's language writes them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from contentlib.core import formatting


@pytest.mark.parametrize(("tongue", "written"), [("pt-BR", "12,0\u202f%"), ("en", "12.0%")])
def test_a_share_keeps_its_decimals_and_the_habit_of_its_language(
    app: Flask, tongue: str, written: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": tongue}):
        assert formatting.percent(12, 100, digits=1) == written


@pytest.mark.parametrize(
    ("tongue", "full", "moment"),
    [
        ("pt-BR", "segunda-feira, 5 de maio de 2025", "5\xa0mai\xa02025,\xa009:07"),
        ("en", "Monday, 5 May 2025", "5\xa0May\xa02025,\xa009:07"),
    ],
)
def test_a_day_comes_before_its_month_in_every_place(
    app: Flask, tongue: str, full: str, moment: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": tongue}):
        assert formatting.day(date(2025, 5, 5), "full") == full
        assert formatting.moment(datetime(2025, 5, 5, 12, 7, tzinfo=UTC)) == moment


def test_an_address_breaks_before_its_signs_and_is_escaped() -> None:
    assert formatting.address("ana.lima@firm.example") == "ana<wbr>.lima<wbr>@firm<wbr>.example"
    assert formatting.address("<b>@x") == "&lt;b&gt;<wbr>@x"


@pytest.mark.parametrize(
    ("tongue", "currency", "written"),
    [
        ("pt-BR", "BRL", "R$\xa01.234<small>,50</small>"),
        ("en", "BRL", "R$1,234<small>.50</small>"),
        ("en", "JPY", "¥123,450"),
    ],
)
def test_the_cents_of_an_exact_sum_can_be_set_smaller(
    app: Flask, tongue: str, currency: str, written: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": tongue}):
        assert formatting.exact_money(123_450, currency) == written


@pytest.mark.parametrize(("tongue", "thousand"), [("pt-BR", "1.000"), ("en", "1,000")])
def test_a_number_is_written_with_the_signs_of_its_language(
    app: Flask, tongue: str, thousand: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": tongue}):
        written = [formatting.number(value) for value in (0, 999, 1000, -7, 2.5)]
        assert written == ["0", "999", thousand, "-7", "2"]


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59.6, "1 min"),
        (190, "3 min 10 s"),
        (3600, "1 h"),
        (3725, "1 h 2 min"),
        (-5, "0 s"),
    ],
)
def test_a_length_of_time_is_written_as_people_say_it(seconds: float, written: str) -> None:
    assert formatting.duration(seconds).replace("\xa0", " ") == written
