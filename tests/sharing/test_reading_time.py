"""For how long a page was read: no report, however often or late it comes, makes it longer."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contentlib.sharing.visits import reporting
from contentlib.sharing.visits.reading_time import Input, Reading, Report, Span, fold

times = st.integers(0, 400_000)
spans = st.builds(Span, times, times, st.integers(0, 3), st.integers(1, 4))
inputs = st.builds(Input, times, st.sampled_from(["wheel", "back"]), st.booleans())
reports = st.builds(
    Report,
    st.integers(0, 4000),
    times,
    times,
    st.lists(spans, max_size=6).map(tuple),
    st.lists(inputs, max_size=6).map(tuple),
    st.booleans(),
)


@given(st.lists(reports, max_size=12))
def test_no_reading_is_longer_than_its_visit(told: list[Report]) -> None:
    reading = fold(told)
    assert reading.active_ms == sum(reading.pages.values()) <= reading.wall
    assert all(spent > 0 for spent in reading.pages.values())
    # Of two reports of one number the first that came is the one.
    assert reading.wall <= max((report.arrived for report in told), default=0)


@given(st.lists(reports, max_size=12), st.randoms())
def test_order_and_repetition_of_reports_mean_nothing(
    told: list[Report], chance: random.Random
) -> None:
    known = fold(told)
    again = [*told, *chance.choices(told, k=len(told))] if told else []
    chance.shuffle(again)
    assert fold(again) == known


@given(st.lists(reports, max_size=12))
def test_a_report_reads_the_same_out_of_its_row(told: list[Report]) -> None:
    clean = [report for report in told if report.spans == () or report.now]
    rows = [(one.number, one.arrived, reporting.kept(one)) for one in clean]
    assert fold(reporting.told(*row) for row in rows) == fold(clean)


def read(*told: Report) -> Reading:
    return fold(told)


def test_a_page_in_view_counts_and_nothing_else_does() -> None:
    reading = read(
        Report(0, 3100, 3000, (Span(500, 3000, 1, 1),)),
        Report(1, 9100, 9000, (Span(3000, 5000, 1, 1), Span(6000, 9000, 1, 2))),
    )
    assert reading.pages == {(1, 1): 4500, (1, 2): 3000}
    assert reading.order == ((1, 1), (1, 2))


def test_who_does_nothing_for_a_minute_is_not_reading_until_they_move_again() -> None:
    asleep = Span(0, 200_000, 1, 1)
    assert read(Report(0, 200_000, 200_000, (asleep,))).active_ms == 60_000
    moved = (Input(150_000, "wheel"),)
    assert read(Report(0, 200_000, 200_000, (asleep,), moved)).active_ms == 110_000


def test_two_tabs_at_once_count_once() -> None:
    one = Report(0, 10_000, 10_000, (Span(0, 10_000, 1, 1),))
    other = Report(1024, 12_000, 9000, (Span(0, 9000, 1, 2),))
    reading = read(one, other)
    assert reading.active_ms == 12_000
    assert reading.pages == {(1, 1): 10_000, (1, 2): 2000}


def test_a_late_report_does_not_move_what_was_read() -> None:
    first = Report(0, 3050, 3000, (Span(0, 3000, 1, 1),))
    late = Report(1, 60_000, 13_000, (Span(3000, 13_000, 1, 1),))
    assert read(first, late).active_ms == 13_000


def test_a_page_that_says_it_is_left_and_then_goes_on_has_not_ended() -> None:
    left = Report(0, 4000, 4000, (Span(0, 4000, 1, 1),), ended=True)
    assert read(left).ended
    assert not read(left, Report(1, 9000, 9000, (Span(6000, 9000, 1, 1),))).ended
    assert not read(left, Report(2048, 9000, 5000)).ended


def oracle(told: dict[int, dict[str, Any]]) -> dict[tuple[int, int], int]:
    """Count millisecond by millisecond, which is slow and cannot be wrong in the same way."""
    load = min(one["arrived"] - one["now"] for one in told.values())
    wall = max(one["arrived"] for one in told.values())
    acts = [0, *(e[1] for one in told.values() for e in one["events"] if e[0] == "i")]
    pages: dict[int, tuple[int, int]] = {}
    spans_told = sorted(
        (e[3], e[4], e[1], e[2]) for one in told.values() for e in one["events"] if e[0] == "s"
    )
    for start, end, position, page in spans_told:
        for moment in range(start, end):
            awake = any(act <= moment < act + 60_000 for act in acts)
            if awake and 0 <= moment + load < wall:
                pages.setdefault(moment, (position, page))
    counts: dict[tuple[int, int], int] = {}
    for page_seen in pages.values():
        counts[page_seen] = counts.get(page_seen, 0) + 1
    return counts


def test_an_oracle_that_counts_every_millisecond_agrees() -> None:
    chance = random.Random(7)
    for _ in range(20):
        told, at = {}, 0
        for number in range(6):
            begin, at = at, at + chance.randint(0, 4000)
            events: list[list[Any]] = [["s", 1, chance.randint(1, 3), begin, at]]
            if chance.random() < 0.5:
                events.append(["i", chance.randint(begin, at), "key", 1])
            late = chance.randint(10, 500)
            told[number] = {"number": number, "arrived": at + late, "now": at, "events": events}
        ours = fold(reporting.read(one, arrived=one["arrived"]) for one in told.values())
        assert ours.pages == oracle(told)
