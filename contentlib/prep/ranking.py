"""Which materials make a brief: at most seven cards in six sections, by rules one can read; pure.

Within a section cards stand in this order, each rule only where those before it see no difference:

1. what the seller pinned there;
2. what is not overdue for review (an overdue one is flagged, and comes only where nothing else is);
3. what is close to the situation: any rule of `rules.CLOSE` speaks for it;
4. more points, from the rules (`rules`) and from how usual its type is in the section (0 to 2);
5. used on more similar won deals; published later; the lower id.

The last makes the order total, so that the order of the candidates changes nothing. What is
expired, dismissed or in another language than the buyer's is out before.

The last card is an experiment: one material made for the stage, and for these people where there is
one, that was used on none of the similar won deals, drawn with equal chances among all of them. The
draw is the smallest hash of seed and id, so that the same seed draws the same, and its chance of
1/k is kept with the card (`analytics.md`, "Experiment"). Everything else has the chance 1.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

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


def rank(
    situation: Situation, candidates: Iterable[Candidate], record: Record, *, seed: str
) -> Ranked:
    """Choose the cards for a situation; the same input gives the same cards, in whatever order."""
    usable = [one for one in candidates if _is_usable(one, situation, record)]
    chosen: list[Card] = []
    for section in _ORDER:
        chosen += _choose(section, situation, usable, record, chosen)
    drawn = _draw(situation, usable, record, chosen, seed)
    ordered = sorted([*chosen, *drawn], key=lambda card: SECTIONS.index(card.section))
    # Pins may bring more than there is room for; what is not pinned then leaves, the last first.
    kept = sorted(ordered, key=lambda card: not card.has("pinned"))[:MOST_CARDS]
    cards = tuple(card for card in ordered if card in kept)
    filled = {card.section for card in ordered}
    empty = [section for section in SECTIONS if section not in filled]
    gaps = [_gap(section, situation, usable) for section in empty]
    return Ranked(cards, tuple(gap for gap in gaps if gap))


def _is_usable(candidate: Candidate, situation: Situation, record: Record) -> bool:
    if candidate.id in record.dismissed or not candidate.is_valid(record.day):
        return False
    return candidate.language == situation.language or candidate.id in record.pinned


def _choose(
    section: str,
    situation: Situation,
    usable: Collection[Candidate],
    record: Record,
    chosen: Collection[Card],
) -> list[Card]:
    """Return the cards of one section, beside those chosen already."""
    found: list[Card] = []
    for _place in range(_room(section, record)):
        taken = {card.candidate.id for card in (*chosen, *found)}
        # A second objection is about something else, where there is something else.
        fits = replace(situation, losses=_not_answered(situation, found))
        cards = [
            _card(section, fits, one, record, chosen)
            for one in usable
            if one.id not in taken and _belongs(section, one, record)
        ]
        best = min(cards, key=lambda card: _order(card, record), default=None)
        if best is None or not _is_wanted(section, best, found):
            break
        found.append(best if _is_close(best) else _in_general(best))
    return found


def _room(section: str, record: Record) -> int:
    pinned = sum(where == section for where in record.pinned.values())
    return max(MOST.get(section, 1), pinned)


def _belongs(section: str, candidate: Candidate, record: Record) -> bool:
    if candidate.id in record.pinned:
        return record.pinned[candidate.id] == section
    own = candidate.type not in _KNOWN and section == PROOF
    return own or candidate.type in USUAL[section]


def _card(
    section: str,
    situation: Situation,
    candidate: Candidate,
    record: Record,
    chosen: Collection[Card],
) -> Card:
    reasons = reasons_for(situation, candidate, record)
    page = None
    for card in chosen:
        if card.candidate.proof and card.candidate.proof[0] == candidate.id:
            page = card.candidate.proof[1]
            reasons.append(Reason("proves", PROVES))
            break
    if candidate.id in record.pinned:
        reasons.insert(0, Reason("pinned"))
    return Card(section, candidate, tuple(reasons), page=page)


def _order(card: Card, record: Record) -> tuple[Any, ...]:
    one = card.candidate
    usual = USUAL.get(card.section, {}).get(one.type, 0)
    return (
        not card.has("pinned"),
        one.is_overdue(record.day),
        not _is_close(card),
        -round(card.points + usual, 6),
        -record.used.get(one.id, 0),
        -(one.published_at.timestamp() if one.published_at else 0),
        one.id,
    )


def _is_close(card: Card) -> bool:
    return card.has(*CLOSE, "pinned")


def _is_wanted(section: str, best: Card, found: Collection[Card]) -> bool:
    """Tell whether the best there is is good enough to be shown.

    A battlecard on somebody else and an objection that nothing suggests would only be noise; in
    the other sections something good in general is better than nothing.
    """
    if best.has("pinned"):
        return True
    if section == BATTLECARD:
        return best.has("competitor")
    return _is_close(best) or (section != EXPECT and not found)


def _in_general(card: Card) -> Card:
    return replace(card, reasons=(Reason("general"), *card.reasons))


def _not_answered(situation: Situation, found: Collection[Card]) -> Any:
    answered = {
        reason.facts["reason"] for card in found for reason in card.reasons if reason.code == "loss"
    }
    return tuple(loss for loss in situation.losses if loss.reason not in answered)


def _draw(
    situation: Situation,
    usable: Collection[Candidate],
    record: Record,
    chosen: Collection[Card],
    seed: str,
) -> list[Card]:
    """Draw the experiment: one of k materials that fit and are unused, each with the chance 1/k."""
    pinned = [one for one in usable if record.pinned.get(one.id) == TRY]
    if pinned:
        return [_card(TRY, situation, min(pinned, key=lambda one: one.id), record, ())]
    taken = {card.candidate.id for card in chosen}
    made = [one for one in usable if one.id not in taken and _may_be_tried(one, situation, record)]
    fits = [one for one in made if situation.personas & one.personas] or made
    if not fits:
        return []
    drawn = min(fits, key=lambda one: (_ticket(seed, one.id), one.id))
    chance = 1 / len(fits)
    reasons = [Reason("try", 0, {"among": len(fits)}), *reasons_for(situation, drawn, record)]
    return [Card(TRY, drawn, tuple(reasons), propensity=chance)]


def _may_be_tried(candidate: Candidate, situation: Situation, record: Record) -> bool:
    known = candidate.id in record.sent or candidate.id in record.read
    fits = situation.stage in candidate.stages
    unused = not record.used.get(candidate.id) and candidate.id not in record.pinned
    overdue = candidate.is_overdue(record.day)
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
