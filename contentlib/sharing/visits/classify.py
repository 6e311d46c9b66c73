"""Who a visit was: a person, a machine, a colleague, or nobody can tell. Pure rules over evidence.

The rules stand in layers; the first layer that can tell decides, and all it found is kept as
reasons. No single sign of a machine outweighs a hand that moves as hands do, and nothing that
happens in the first half second of a page convicts anybody alone.

1. Of the house: the maker of the link (self), a colleague signed in or in an office (internal).
2. Card makers: programs that say that they make previews, pages fetched ahead of anybody's wish,
   visits that asked for nothing but the card (preview).
3. The trap: a link that no person sees was followed (scanner), unless hands were at work on the
   page later than that, as when a mail gateway looks first and its user comes by the same address.
4. Conduct. How surely a person (`Hand`), against how many signs of a machine (`SIGNS`):

   a code from a mailbox was typed                        human up to 2 signs
   seen for 3 s, trusted input and nothing even as timers human up to 1 sign
   seen for 3 s and nothing done                          human without any sign
   no report at all, images asked for at a reading pace   human without any sign
   anything else                                          scanner with a sign, unknown without

   Where a hand was at work, what counts of the requests is the page it was at work on.

Units: seconds, where nothing else is said. Why these numbers: `SEEN_S` and `HALF_SECOND` are those
of the counting rules (docs/counting.md); the others were chosen on the families of traces named
`train` in tests/sharing/traces and then measured on those held out, which chose nothing.
Unevenness is the coefficient of variation of the pauses between inputs, standard deviation over
mean: hands came to 0.3 and more there, timers to 0.05 and less.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum
from itertools import pairwise
from statistics import fmean, median, pstdev

from contentlib.sharing.visits import agents
from contentlib.sharing.visits.evidence import Asked, Evidence, Verdict
from contentlib.sharing.visits.models import VisitClass, What
from contentlib.sharing.visits.reading_time import Done

SEEN_S = 3.0
SEEN_MS = SEEN_S * 1000
HALF_SECOND = 0.5
UNEVEN, EVEN = 0.15, 0.08
# From so many other moments on the pauses between them can be told even or uneven.
FEWEST_UNEVEN, FEWEST_EVEN = 3, 4
SOON_S = 60.0
DELIVERY_S = 1.0
MANY_NETWORKS = 3
AFTER_TRAP_S = 10.0
TWICE_S = 5.0
PACE_S, PACE_PAGES = 6.0, 3
QUICK_PAGE_S = 1.5
HANDS = frozenset({"pointer", "key", "wheel", "touch"})


class Hand(IntEnum):
    """How surely a hand was at work; also the number of signs of a machine it outweighs."""

    NOBODY = -1
    SEEN = 0
    MOVED = 1
    PROVEN = 2


def judge(evidence: Evidence) -> Verdict:
    """Return who a visit was."""
    for layer in (_of_the_house, _card_maker, _trapped):
        verdict = layer(evidence)
        if verdict is not None:
            return verdict
    return _by_conduct(evidence)


def is_reading(visit_class: VisitClass, reasons: Sequence[str], active_ms: float) -> bool:
    """Tell whether a visit so judged is a person's reading: seen for three seconds, or fetched page
    by page where the browser keeps reports in.
    """
    return visit_class is VisitClass.HUMAN and (active_ms >= SEEN_MS or "fetch.pace" in reasons)


def _of_the_house(evidence: Evidence) -> Verdict | None:
    if evidence.who == "maker":
        return Verdict(VisitClass.SELF, ("signed.in.maker",))
    if evidence.who == "colleague":
        return Verdict(VisitClass.INTERNAL, ("signed.in",))
    if any(asked.facts.get("office") for asked in evidence.asked):
        return Verdict(VisitClass.INTERNAL, ("office",))
    return None


def _card_maker(evidence: Evidence) -> Verdict | None:
    if agents.PREVIEWS.search(_agent(evidence)):
        return Verdict(VisitClass.PREVIEW, ("agent.preview",))
    if evidence.reading.reports or not evidence.asked:
        return None
    if all(_ahead(asked) for asked in evidence.asked):
        return Verdict(VisitClass.PREVIEW, ("prefetch",))
    if all(asked.what == What.CARD for asked in evidence.asked):
        return Verdict(VisitClass.PREVIEW, ("card.only",))
    return None


def _ahead(asked: Asked) -> bool:
    """Tell whether a browser asked ahead of its user's wish."""
    said = f"{asked.facts.get('purpose', '')} {asked.facts.get('moz', '')}".lower()
    return "prefetch" in said or "prerender" in said or "preview" in said


def _trapped(evidence: Evidence) -> Verdict | None:
    traps = [asked.at for asked in evidence.asked if asked.what == What.TRAP and not _ahead(asked)]
    if not traps:
        return None
    later = [at for at in _moments(evidence) if at > max(traps) + AFTER_TRAP_S]
    if len(later) > FEWEST_UNEVEN and _unevenness(later) >= UNEVEN:
        return None
    return Verdict(VisitClass.SCANNER, ("trap", *_hand(evidence)[1]))


def _by_conduct(evidence: Evidence) -> Verdict:
    hand, found = _hand(evidence)
    signs = [name for name, is_there in SIGNS.items() if is_there(evidence)]
    reasons = (*found, *signs)
    if hand >= Hand.SEEN and len(signs) <= hand:
        return Verdict(VisitClass.HUMAN, reasons)
    return Verdict(VisitClass.SCANNER if signs else VisitClass.UNKNOWN, reasons)


def _hand(evidence: Evidence) -> tuple[Hand, tuple[str, ...]]:
    """Return how surely a person was there, and by what."""
    code = ("gate.verified",) if evidence.verified else ()
    if evidence.reading.active_ms < SEEN_MS:
        return _unreported(evidence, code)
    found = (*code, "beacon.visible3s", *_input_word(evidence))
    if code:
        return Hand.PROVEN, found
    timed = _input_even(evidence) or _walked_evenly(evidence)
    moved = _by_hand(evidence) and not timed
    return Hand.MOVED if moved else Hand.SEEN, found


def _input_word(evidence: Evidence) -> tuple[str, ...]:
    moments = _moments(evidence)
    if len(moments) > FEWEST_UNEVEN and _unevenness(moments) >= UNEVEN:
        return ("input.uneven",)
    return ("input.trusted",) if moments and not _input_even(evidence) else ()


def _unreported(evidence: Evidence, code: tuple[str, ...]) -> tuple[Hand, tuple[str, ...]]:
    """Judge who reported less than three seconds: nothing, where a browser keeps reports in."""
    if code:
        return Hand.PROVEN, code
    if evidence.reading.reports:
        return Hand.NOBODY, ("brief",)
    if _at_reading_pace(evidence):
        return Hand.SEEN, ("fetch.pace",)
    return Hand.NOBODY, ("no.reports",)


def _at_reading_pace(evidence: Evidence) -> bool:
    """Tell whether images were asked for one after the other, as somebody scrolls to them."""
    first: dict[int | None, float] = {}
    for asked in evidence.asked:
        if asked.what == What.IMAGE:
            first.setdefault(asked.page, asked.at)
    times = sorted(first.values())
    if len(times) < PACE_PAGES or times[-1] - times[0] < PACE_S:
        return False
    return _unevenness(times) >= UNEVEN


def _by_hand(evidence: Evidence) -> list[Done]:
    """Return the inputs that count for a person: trusted, and after the first half second."""
    return [
        one
        for one in evidence.reading.done
        if one.trusted and one.kind in HANDS and one.since_load >= HALF_SECOND * 1000
    ]


def _moments(evidence: Evidence) -> list[float]:
    """Return when hands moved, in seconds since the visit began."""
    return [one.at / 1000 for one in _by_hand(evidence)]


def _unevenness(times: Sequence[float]) -> float:
    """Return the coefficient of variation of the pauses between moments."""
    pauses = [later - earlier for earlier, later in pairwise(times)]
    mean = fmean(pauses) if pauses else 0.0
    return pstdev(pauses) / mean if mean else 0.0


def _input_even(evidence: Evidence) -> bool:
    times = _moments(evidence)
    return len(times) > FEWEST_EVEN and _unevenness(times) < EVEN


def _input_untrusted(evidence: Evidence) -> bool:
    told = [one.trusted for one in evidence.reading.done if one.kind in HANDS]
    return bool(told) and not any(told)


def _before_delivery(evidence: Evidence) -> bool:
    if evidence.since_sent is None:
        return False
    own = _own_pages(evidence)
    return evidence.since_sent + (own[0].at if own else 0) < DELIVERY_S


def _soon_untouched(evidence: Evidence) -> bool:
    """Within a minute of the sending comes the scanner of a mailbox, and who was told by phone;
    the latter holds one in the hand, or moves something.
    """
    if evidence.since_sent is None or not DELIVERY_S <= evidence.since_sent < SOON_S:
        return False
    return not _by_hand(evidence) and not agents.TOUCH.search(_agent(evidence))


def _asked_twice(evidence: Evidence) -> bool:
    times = [asked.at for asked in _pages(evidence) if not _ahead(asked)]
    return not _by_hand(evidence) and any(b - a < TWICE_S for a, b in pairwise(times))


def _walked_untouched(evidence: Evidence) -> bool:
    """Tell whether three pages and more passed by though nothing was done.

    Not every phone tells of the finger that scrolls, so there the pages must pass quickly too.
    """
    reading = evidence.reading
    if len(set(reading.order)) < PACE_PAGES or _by_hand(evidence):
        return False
    quick = median(reading.pages.values()) < QUICK_PAGE_S * 1000
    return quick or not agents.TOUCH.search(_agent(evidence))


def _walked_evenly(evidence: Evidence) -> bool:
    times = list(evidence.reading.pages.values())
    return len(times) >= FEWEST_EVEN and pstdev(times) / fmean(times) < EVEN


def _images_at_once(evidence: Evidence) -> bool:
    times = [asked.at for asked in evidence.asked if asked.what == What.IMAGE]
    at_once = len(times) >= 2 * PACE_PAGES and max(times) - min(times) < 1
    return at_once and not evidence.reading.reports


def _headless(evidence: Evidence) -> bool:
    return bool(agents.HEADLESS.search(_agent(evidence))) and not _by_hand(evidence)


def _hides_where_it_is_from(evidence: Evidence) -> bool:
    """Tell whether an agent that always says how a page was come by did not, where it would."""
    return any(
        asked.facts.get("secure")
        and not asked.facts.get("mode")
        and agents.SENDS_FETCH_FACTS.search(str(asked.facts.get("agent", "")))
        for asked in _own_pages(evidence)
    )


def _own_pages(evidence: Evidence) -> list[Asked]:
    """Return the requests for the page, where a hand moved only the one before it did.

    A mail gateway that looks first may come by the same address as its user, and look the same.
    """
    pages, moments = _pages(evidence), _moments(evidence)
    before = [asked for asked in pages if moments and asked.at <= moments[0]]
    return before[-1:] or pages


def _pages(evidence: Evidence) -> list[Asked]:
    return [asked for asked in evidence.asked if asked.what in (What.PAGE, What.GATE)]


def _agent(evidence: Evidence) -> str:
    return next((str(asked.facts.get("agent", "")) for asked in evidence.asked), "")


SIGNS: dict[str, Callable[[Evidence], bool]] = {
    "agent.program": lambda e: bool(e.asked and agents.PROGRAMS.search(_agent(e))),
    "agent.headless": _headless,
    "before.delivery": _before_delivery,
    "soon.untouched": _soon_untouched,
    "burst.networks": lambda e: e.networks >= MANY_NETWORKS,
    "asked.head": lambda e: any(asked.facts.get("method") == "HEAD" for asked in _own_pages(e)),
    "asked.twice": _asked_twice,
    "no.language": lambda e: any(not asked.facts.get("language") for asked in _own_pages(e)),
    "no.fetch.facts": _hides_where_it_is_from,
    "images.at.once": _images_at_once,
    "walk.untouched": _walked_untouched,
    "walk.even": _walked_evenly,
    "input.even": _input_even,
    "input.untrusted": _input_untrusted,
}
"""The signs of a machine by their names; each tells whether it is there."""
