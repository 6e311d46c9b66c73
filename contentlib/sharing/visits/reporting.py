"""What a page may say about itself: a report as it arrives, read strictly or refused with a reason.

    {"visit": KEY, "number": N, "now": MS, "events": [...]}

`number` is the load's own random number times 1,024, plus the place of the report in it; `now` and
all times are whole milliseconds since that load. Events are lists, short because there are many:

    ["s", position, page, from, to]    this page was in view, in a visible window that was in use
    ["i", at, kind, trusted]           pointer, key, wheel, touch, or "back" to the window; 1 or 0
    ["e", at]                          the page is being left
"""

from collections.abc import Container, Sequence
from typing import Any

from contentlib.sharing.visits.reading_time import Input, Report, Span

MOST_EVENTS = 100
MOST_PAGES = 5000
LARGEST_NUMBER = 2**31 - 1
KINDS = frozenset({"pointer", "key", "wheel", "touch", "back"})
# Clocks run at slightly different speeds, and a page may be timed from before it was asked for.
SLACK_MS = 5000


class Refused(Exception):
    """A report that cannot be true, or is none; says why in one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(body: Any, *, arrived: int, positions: Container[int] | None = None) -> Report:
    """Return a report that came `arrived` milliseconds after its visit began.

    It is refused whole, since one lie in it makes the rest as good as none: a page told for longer
    than the visit has lasted, a time before the page or after now, a material that the link does
    not have.
    """
    number, now = _whole(body, "number", LARGEST_NUMBER), _whole(body, "now", 2**40)
    if now > arrived + SLACK_MS:
        raise Refused("future")
    events = body.get("events")
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        raise Refused("size")
    spans = tuple(_span(event, now, positions) for event in events if _is(event, "s"))
    inputs = tuple(_input(event, now) for event in events if _is(event, "i"))
    ends = [event for event in events if _is(event, "e")]
    if len(spans) + len(inputs) + len(ends) != len(events):
        raise Refused("shape")
    return Report(number, arrived, now, spans, inputs, ended=bool(ends))


def kept(report: Report) -> list[list[Any]]:
    """Return what a row keeps of a report; `told` reads it again."""
    return [
        ["n", report.now],
        *(["s", span.position, span.page, span.start, span.end] for span in report.spans),
        *(["i", one.at, one.kind, int(one.trusted)] for one in report.inputs),
        *([["e", report.now]] if report.ended else []),
    ]


def told(number: int, arrived: int, events: Sequence[Sequence[Any]]) -> Report:
    """Return the report that a row keeps."""
    now = next(event[1] for event in events if event[0] == "n")
    return Report(
        number,
        arrived,
        now,
        tuple(Span(event[3], event[4], event[1], event[2]) for event in events if event[0] == "s"),
        tuple(Input(event[1], event[2], bool(event[3])) for event in events if event[0] == "i"),
        ended=any(event[0] == "e" for event in events),
    )


def _is(event: Any, kind: str) -> bool:
    return isinstance(event, list) and bool(event) and event[0] == kind


def _whole(body: Any, name: str, largest: int) -> int:
    value = body.get(name) if isinstance(body, dict) else None
    return _between(value, 0, largest, name)


def _between(value: Any, least: int, most: int, reason: str) -> int:
    # True is a whole number to Python, and no time.
    if type(value) is not int or not least <= value <= most:
        raise Refused(reason)
    return value


def _span(event: list[Any], now: int, positions: Container[int] | None) -> Span:
    if len(event) != 5:
        raise Refused("shape")
    position = _between(event[1], 0, MOST_PAGES, "page")
    if positions is not None and position not in positions:
        raise Refused("page")
    page = _between(event[2], 0, MOST_PAGES, "page")
    end = _between(event[4], 0, now, "time")
    return Span(_between(event[3], 0, end, "time"), end, position, page)


def _input(event: list[Any], now: int) -> Input:
    if len(event) != 4 or not isinstance(event[2], str) or event[2] not in KINDS:
        raise Refused("shape")
    at, trusted = _between(event[1], 0, now, "time"), _between(event[3], 0, 1, "shape")
    return Input(at, event[2], bool(trusted))
