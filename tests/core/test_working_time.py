from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.core.holidays import easter, holidays, is_holiday
from contentlib.core.working_time import LONGEST, WorkingHours, read_hours

ZONE = "America/Sao_Paulo"
HOURS = WorkingHours(ZONE)
# Clocks are put forward and back by day, at midnight and not at all; one is a quarter hour off.
ZONES = (ZONE, "America/New_York", "Europe/Lisbon", "Asia/Kathmandu", "Pacific/Apia", "UTC")

moments = st.integers(1_262_304_000, 2_208_988_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
spans = st.timedeltas(timedelta(0), timedelta(days=40))
hours = st.builds(
    WorkingHours,
    st.sampled_from(ZONES),
    st.builds(time, st.integers(0, 11), st.integers(0, 59)),
    st.builds(time, st.integers(12, 23), st.integers(0, 59)),
)


def at(text: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1818, (3, 22)),
        (1943, (4, 25)),
        (2000, (4, 23)),
        (2024, (3, 31)),
        (2026, (4, 5)),
        (2027, (3, 28)),
        (2038, (4, 25)),
    ],
)
def test_easter_is_where_the_calendar_has_it(year: int, sunday: tuple[int, int]) -> None:
    assert easter(year) == date(year, *sunday)


@given(st.integers(1583, 9999))
def test_easter_is_a_sunday_between_its_limits(year: int) -> None:
    sunday = easter(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


def test_the_holidays_of_2026_are_those_of_the_calendar() -> None:
    assert sorted(f"{day:%m-%d}" for day in holidays(2026)) == [
        "01-01", "02-16", "02-17", "04-03", "04-21", "05-01", "06-04", "09-07", "10-12",
        "11-02", "11-15", "11-20", "12-25",
    ]  # fmt: skip


def test_the_day_of_zumbi_is_national_since_2024() -> None:
    assert not is_holiday(date(2023, 11, 20))
    assert is_holiday(date(2024, 11, 20))


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [
        ("2026-11-25T10:00", "2026-11-25T13:12", timedelta(hours=3, minutes=12)),
        ("2026-11-25T17:00", "2026-11-26T10:00", timedelta(hours=2)),
        ("2026-11-25T19:00", "2026-11-26T08:00", timedelta(0)),
        # A weekend, and a Friday that is a holiday.
        ("2026-11-19T17:00", "2026-11-23T10:00", timedelta(hours=2)),
        ("2026-11-21T09:00", "2026-11-22T18:00", timedelta(0)),
        # Carnival.
        ("2026-02-13T17:00", "2026-02-18T10:00", timedelta(hours=2)),
        ("2026-11-26T10:00", "2026-11-25T10:00", timedelta(hours=-9)),
    ],
)
def test_only_working_hours_count(start: str, end: str, worked: timedelta) -> None:
    assert HOURS.between(at(start), at(end)) == worked


def test_ten_days_end_after_ten_working_days() -> None:
    asked = at("2026-11-17T11:00")
    assert HOURS.after(asked, HOURS.days(10)) == at("2026-12-02T11:00")


def test_the_zone_decides_where_the_day_stands() -> None:
    evening = at("2026-11-25T20:30", "UTC")
    assert HOURS.between(evening, evening + timedelta(hours=1)) == timedelta(minutes=30)


def test_a_clock_put_forward_within_the_hours_makes_the_day_shorter() -> None:
    nights = WorkingHours("America/New_York", time(0), time(23, 59))
    sunday, monday = (at(f"2026-03-{day}T00:00", nights.zone) for day in ("08", "09"))
    assert nights.between(sunday, monday) == timedelta(0), "it happens on Sundays"
    # São Paulo put its clocks forward at midnight until 2018: no working day lost an hour.
    assert HOURS.between(at("2018-11-02T18:00"), at("2018-11-05T18:00")) == timedelta(hours=9)


@given(hours, moments, spans)
def test_what_is_worked_until_the_end_is_what_was_to_be_worked(
    hours: WorkingHours, start: datetime, duration: timedelta
) -> None:
    end = hours.after(start, duration)
    assert hours.between(start, end) == duration
    assert end >= start
    if duration:
        local = end.astimezone(ZoneInfo(hours.zone))
        assert local.weekday() < 5
        assert not is_holiday(local.date())


@given(hours, moments, spans, spans)
def test_time_adds_up_and_never_runs_backwards(
    hours: WorkingHours, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    assert hours.between(start, middle) + hours.between(middle, end) == hours.between(start, end)
    assert timedelta(0) <= hours.between(start, end) <= end - start


@pytest.mark.parametrize("duration", [timedelta(seconds=-1), LONGEST + timedelta(seconds=1)])
def test_what_cannot_be_worked_is_refused(duration: timedelta) -> None:
    with pytest.raises(ValueError, match="cannot be worked"):
        HOURS.after(at("2026-11-25T10:00"), duration)


def test_hours_are_read_as_people_write_them() -> None:
    assert read_hours("08:30-17:00", ZONE) == WorkingHours(ZONE, time(8, 30), time(17))


@pytest.mark.parametrize("text", ["", "9-18", "18:00-09:00", "09:00", "09:00-09:00", "a-b"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any sentence will do
        read_hours(text, ZONE)
