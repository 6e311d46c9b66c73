"""Which materials make a brief: at most seven cards in six sections, by rules one can read; pure.

Within a section cards stand in this order, each rule only where those before it see no difference:

1. what the seller pinned there;
2. what is not overdue for review (an overdue one is flagged, and comes only where nothing else is);
3. what is close to the situation: any rule of `rules.CLOSE` speaks for it;
4. more points, from the rules (`rules`) and from how usual its type is in the section (0 to 2);
5. used on more similar won deals; published later; the lower id.

The last makes the order total, so that the order of the candidates changes nothing. What is
expired, dismissed or in another language than the buyer's is out before; so is what may not leave
the company, where a buyer would see it.

The last card is an experiment: one material made for the stage, and for these people where there is
one, that was used on none of the similar won deals, drawn with equal chances among all of them. The
draw is the smallest hash of seed and id, so that the same seed draws the same, and its chance of
1/k is kept with the card (`analytics.md`, "Experiment"). Everything else has the chance 1.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from contentlib.deals.spoken import SPOKEN
from contentlib.prep.rules import CLOSE, Reason, reasons_for
from contentlib.prep.situation import Candidate, Record, Situation

OPEN, EXPECT, PROOF, SCRIPT, BATTLECARD, TRY = SECTIONS = (
    "open",
    "expect",
    "proof",
    "script",
    "battlecard",
    "try",
)
MOST_CARDS = 7
MOST = {EXPECT: 2}
# How usual a type is in a section; a type that a firm added itself is proof.
USUAL = {
    OPEN: {"case_study": 2, "market_update": 1, "video": 1, "presentation": 1, "article": 0}
    | {"webinar": 0},
    EXPECT: {"objection": 0},
    PROOF: {"calculator": 2, "one_pager": 2, "case_study": 1, "technical_faq": 1, "video": 0}
    | {"article": 0, "presentation": 0, "webinar": 0, "market_update": 0, "proposal_template": 0},
    SCRIPT: {"script": 0},
    BATTLECARD: {"battlecard": 0},
}
_KNOWN = frozenset().union(*USUAL.values())
# Chosen first, as the proof of an expected objection is proof that is needed.
_ORDER = (EXPECT, OPEN, PROOF, SCRIPT, BATTLECARD)
PROVES = 2


@dataclass(frozen=True)
class Card:
    """One suggestion: the material, the page to begin at, why, and the chance it was drawn with."""

    section: str
    candidate: Candidate
    reasons: tuple[Reason, ...]
    propensity: float = 1.0
    page: int | None = None

    @property
    def points(self) -> float:
        """Return what its reasons come to."""
        return sum(reason.points for reason in self.reasons)

    def has(self, *codes: str) -> bool:
        """Tell whether one of some rules spoke for it, or against."""
        return any(reason.code in codes for reason in self.reasons)


@dataclass(frozen=True)
class Gap:
    """A section without a card, and why."""

    section: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ranked:
    """The cards of a brief in the order of their sections, and the sections that have none."""

    cards: tuple[Card, ...]
    gaps: tuple[Gap, ...]


# What speaks for a material: its points, and whether any rule says that it is close.
_Worth = tuple[float, bool]


@dataclass(frozen=True)
class _Desk:
    """What a brief is made of: the situation, what may be used in it, and what each is worth.

    Of thousands a number and a word are kept; the reasons of the few that are chosen are told anew.
    """

    situation: Situation
    usable: Collection[Candidate]
    record: Record
    worth: Mapping[int, _Worth]


def rank(
    situation: Situation, candidates: Iterable[Candidate], record: Record, *, seed: str
) -> Ranked:
    """Choose the cards for a situation; the same input gives the same cards, in whatever order."""
    usable = [one for one in candidates if _is_usable(one, situation, record)]
    desk = _Desk(situation, usable, record, _worth_of(usable, situation, record))
    chosen: list[Card] = []
    for section in _ORDER:
        chosen += _choose(section, desk, chosen)
    drawn = _draw(desk, chosen, seed)
    ordered = sorted([*chosen, *drawn], key=lambda card: SECTIONS.index(card.section))
    # Pins may bring more than there is room for; what is not pinned then leaves, the last first.
    kept = sorted(ordered, key=lambda card: not card.has("pinned"))[:MOST_CARDS]
    cards = tuple(card for card in ordered if card in kept)
    filled = {card.section for card in ordered}
    empty = [section for section in SECTIONS if section not in filled]
    gaps = [_gap(section, situation, usable) for section in empty]
    return Ranked(cards, tuple(gap for gap in gaps if gap))


def _worth_of(
    candidates: Iterable[Candidate], situation: Situation, record: Record
) -> Mapping[int, _Worth]:
    found = {}
    for one in candidates:
        reasons = reasons_for(situation, one, record)
        points = sum(reason.points for reason in reasons)
        found[one.id] = (points, any(reason.code in CLOSE for reason in reasons))
    return found


def _is_usable(candidate: Candidate, situation: Situation, record: Record) -> bool:
    if candidate.id in record.dismissed or not candidate.is_valid(record.day):
        return False
    return candidate.language == situation.language or candidate.id in record.pinned


def _choose(section: str, desk: _Desk, chosen: Collection[Card]) -> list[Card]:
    """Return the cards of one section, beside those chosen already."""
    belonging = [one for one in desk.usable if _belongs(section, one, desk.record)]
    proofs = dict(card.candidate.proof for card in chosen if card.candidate.proof)
    found: list[Card] = []
    for _place in range(_room(section, desk.record)):
        taken = {card.candidate.id for card in (*chosen, *found)}
        left = [one for one in belonging if one.id not in taken]
        if found:
            desk = _about_something_else(desk, left, found)
        best = min(left, key=lambda one: _order(section, one, desk, proofs), default=None)
        card = _card(section, best, desk, proofs) if best else None
        if card is None or not _is_wanted(card, found):
            break
        found.append(card if _is_close(card) else _in_general(card))
    return found


def _about_something_else(
    desk: _Desk, left: Collection[Candidate], found: Collection[Card]
) -> _Desk:
    """Return the desk on which what is answered already speaks for nothing any more."""
    fits = replace(desk.situation, losses=_not_answered(desk.situation, found))
    return replace(desk, situation=fits, worth=_worth_of(left, fits, desk.record))


def _room(section: str, record: Record) -> int:
    pinned = sum(where == section for where in record.pinned.values())
    return max(MOST.get(section, 1), pinned)


def _belongs(section: str, candidate: Candidate, record: Record) -> bool:
    if candidate.id in record.pinned:
        return record.pinned[candidate.id] == section
    if not _may_be_shown(candidate) and section in (OPEN, PROOF):
        return False
    own = candidate.type not in _KNOWN and section == PROOF
    return own or candidate.type in USUAL[section]


def _may_be_shown(candidate: Candidate) -> bool:
    """Tell whether a buyer may see it; what is said in one's own words may be internal."""
    return not candidate.is_internal or candidate.type in SPOKEN


def _all_reasons(one: Candidate, desk: _Desk, proofs: Collection[int]) -> list[Reason]:
    reasons = reasons_for(desk.situation, one, desk.record)
    if one.id in proofs:
        reasons = [*reasons, Reason("proves", PROVES)]
    return [Reason("pinned"), *reasons] if one.id in desk.record.pinned else reasons


def _order(section: str, one: Candidate, desk: _Desk, proofs: Collection[int]) -> tuple[float, ...]:
    """Return where a material stands in a section, by the order that this module tells."""
    points, is_close = desk.worth[one.id]
    proves = one.id in proofs
    points += USUAL[section].get(one.type, 0) + PROVES * proves
    return (
        one.id not in desk.record.pinned,
        one.is_overdue(desk.record.day),
        not (is_close or proves),
        -round(points, 6),
        -desk.record.used.get(one.id, 0),
        -(one.published_at.timestamp() if one.published_at else 0),
        one.id,
    )


def _card(section: str, one: Candidate, desk: _Desk, proofs: Mapping[int, int | None]) -> Card:
    reasons = sorted(_all_reasons(one, desk, proofs), key=_weight)
    return Card(section, one, tuple(reasons), page=proofs.get(one.id))


def _weight(reason: Reason) -> float:
    return -inf if reason.code == "pinned" else -reason.points


def _is_close(card: Card) -> bool:
    return card.has(*CLOSE, "pinned")


def _is_wanted(best: Card, found: Collection[Card]) -> bool:
    """Tell whether the best there is is good enough to be shown.

    A battlecard on somebody else and an objection that nothing suggests would only be noise; in
    the other sections something good in general is better than nothing.
    """
    if best.has("pinned"):
        return True
    if best.section == BATTLECARD:
        return best.has("competitor")
    return _is_close(best) or (best.section != EXPECT and not found)


def _in_general(card: Card) -> Card:
    return replace(card, reasons=(Reason("general"), *card.reasons))


def _not_answered(situation: Situation, found: Collection[Card]) -> Any:
    answered = {
        reason.facts["reason"] for card in found for reason in card.reasons if reason.code == "loss"
    }
    return tuple(loss for loss in situation.losses if loss.reason not in answered)


def _draw(desk: _Desk, chosen: Collection[Card], seed: str) -> list[Card]:
    """Draw the experiment: one of k materials that fit and are unused, each with the chance 1/k."""
    situation, record = desk.situation, desk.record
    pinned = [one for one in desk.usable if record.pinned.get(one.id) == TRY]
    if pinned:
        return [_card(TRY, min(pinned, key=lambda one: one.id), desk, {})]
    taken = {card.candidate.id for card in chosen}
    free = [one for one in desk.usable if one.id not in taken]
    made = [one for one in free if _may_be_tried(one, situation, record)]
    fits = [one for one in made if situation.personas & one.personas] or made
    if not fits:
        return []
    drawn = min(fits, key=lambda one: (_ticket(seed, one.id), one.id))
    card = _card(TRY, drawn, desk, {})
    reasons = (Reason("try", 0, {"among": len(fits)}), *card.reasons)
    return [replace(card, reasons=reasons, propensity=1 / len(fits))]


def _may_be_tried(candidate: Candidate, situation: Situation, record: Record) -> bool:
    known = candidate.id in record.sent or candidate.id in record.read
    fits = situation.stage in candidate.stages
    unused = not record.used.get(candidate.id) and candidate.id not in record.pinned
    overdue = candidate.is_overdue(record.day)
    if not _may_be_shown(candidate):
        return False
    return fits and unused and not known and not overdue and candidate.type != "battlecard"


def _ticket(seed: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def _gap(section: str, situation: Situation, usable: Collection[Candidate]) -> Gap | None:
    """Say why a section is empty; without a competitor nobody misses a battlecard."""
    if section == BATTLECARD and not situation.competitor:
        return None
    if section == TRY:
        return Gap(section, "all_known" if usable else "none")
    there = sum(one.type in USUAL[section] for one in usable)
    return Gap(section, "none_fits" if there else "none", {"there": there})
