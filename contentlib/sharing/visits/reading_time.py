"""For how long somebody read which page, by what the pages report: a pure fold of the reports.

A page of a link reports about itself while it is open. Times in a report are milliseconds since
that page was loaded, by the reader's clock, which may be wrong by any amount; `arrived` is when
the report came, in milliseconds since the visit began, by ours. A visit may load its page more
than once, and several tabs may be open at once: each has a `load` of its own.

Counted is a moment in which a page was in view in a visible window and something had been done in
it within the last minute (the loading counts as doing). A moment counts once, whatever number of
pages or tabs claim it, and none lies outside the visit as our clock saw it. So

    sum of all pages = active time <= time from the visit's beginning to its last report,

whatever is reported, in whatever order, and however often.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

IDLE_MS = 60_000
"""Who has done nothing for this long no longer reads, as far as anybody can tell."""

READ_MS = 1000
"""A page that was in view for less was passed by, not read."""

LOAD_SHIFT = 10
"""A report's number is that of its load, times 1,024, and its place among the load's reports."""


@dataclass(frozen=True, order=True)
class Span:
    """One page in view from one moment of its load until just before another."""

    start: int
    end: int
    position: int
    page: int


@dataclass(frozen=True, order=True)
class Input:
    """Something done in the window: when, how, and whether by a hand, as the browser says."""

    at: int
    kind: str
    trusted: bool = True


@dataclass(frozen=True, order=True)
class Report:
    """What a page told at once: its number, when it came, the time there, and what was."""

    number: int
    arrived: int
    now: int
    spans: tuple[Span, ...] = ()
    inputs: tuple[Input, ...] = ()
    ended: bool = False


@dataclass(frozen=True)
class Done:
    """An input on the time line of the visit, and how long after its page was loaded it came."""

    at: int
    since_load: int
    kind: str
    trusted: bool


@dataclass(frozen=True)
class Reading:
    """What all reports of a visit come to; times in milliseconds.

    `pages` is by position of the material and page of it, `order` the pages as they came into
    view, `wall` the time from the beginning of the visit to its last report.
    """

    active_ms: int = 0
    wall: int = 0
    pages: dict[tuple[int, int], int] = field(default_factory=dict)
    order: tuple[tuple[int, int], ...] = ()
    done: tuple[Done, ...] = ()
    reports: int = 0
    ended: bool = False

    @property
    def pages_read(self) -> list[tuple[int, int]]:
        """Return the pages that were read and not only passed by."""
        return [page for page, spent in self.pages.items() if spent >= READ_MS]


def fold(reports: Iterable[Report]) -> Reading:
    """Return what some reports come to; neither their order nor a repetition changes it."""
    known: dict[int, Report] = {}
    for report in sorted(reports):
        known.setdefault(report.number, report)
    if not known:
        return Reading()
    wall = max(report.arrived for report in known.values())
    loads: dict[int, list[Report]] = {}
    for report in known.values():
        loads.setdefault(report.number >> LOAD_SHIFT, []).append(report)
    spans, done = [], []
    for load in loads.values():
        began = beginning(load)
        spans += [_moved(span, began) for span in _awake(load)]
        done += [Done(began + one.at, one.at, one.kind, one.trusted) for one in _inputs(load)]
    pages, order = _counted_once(spans)
    return Reading(
        active_ms=sum(pages.values()),
        wall=wall,
        pages=pages,
        order=order,
        done=tuple(sorted(done, key=lambda one: (one.at, one.kind))),
        reports=len(known),
        ended=_has_ended(loads.values()),
    )


def beginning(load: Sequence[Report]) -> int:
    """Return when a load began, on the time line of the visit: the report that was least delayed
    tells it best, and no report can have come before it was sent.
    """
    return min(report.arrived - report.now for report in load)


def _has_ended(loads: Iterable[Sequence[Report]]) -> bool:
    """Tell whether every load said that it was left, and nothing since."""
    return all(max(load, key=lambda report: report.number).ended for load in loads)


def _inputs(load: Sequence[Report]) -> list[Input]:
    return [one for report in load for one in report.inputs if one.at <= report.now]


def _awake(load: Sequence[Report]) -> list[Span]:
    """Return the parts of a load's spans in which something had just been done."""
    acts = sorted({0, *(one.at for one in _inputs(load))})
    windows: list[tuple[int, int]] = []
    for act in acts:
        if windows and act <= windows[-1][1]:
            windows[-1] = (windows[-1][0], act + IDLE_MS)
        else:
            windows.append((act, act + IDLE_MS))
    return [
        Span(max(span.start, start), min(span.end, end, report.now), span.position, span.page)
        for report in load
        for span in report.spans
        for start, end in windows
        if span.start < end and start < min(span.end, report.now)
    ]


def _moved(span: Span, began: int) -> Span:
    return Span(span.start + began, span.end + began, span.position, span.page)


def _counted_once(
    spans: Iterable[Span],
) -> tuple[dict[tuple[int, int], int], tuple[tuple[int, int], ...]]:
    """Give each moment of the visit to at most one page: the one that had it first.

    None lies after the last report, since no span goes on after the report that tells it was sent.
    """
    pages: dict[tuple[int, int], int] = {}
    order: list[tuple[int, int]] = []
    counted_to = 0
    for span in sorted(spans):
        gained = span.end - max(span.start, counted_to)
        if gained > 0:
            page = (span.position, span.page)
            pages[page] = pages.get(page, 0) + gained
            if not order or order[-1] != page:
                order.append(page)
            counted_to = span.end
    return pages, tuple(order)
