"""What speaks for a material in a situation, and how much; pure.

Each rule gives its points or nothing, and says so on the card. The weights are a convention, not a
measurement: they put what fits the conversation first, and let evidence decide among what fits.
No number that comes of them is ever shown.

=============  ============  ====================================================================
rule           points        why
=============  ============  ====================================================================
stage          4             made for this step of the sale; product.md, "Seed taxonomy"
persona        3             made for somebody who sits on the other side
industry       3             names the customer's industry: the proof that buyers ask for first
competitor     3             names the rival on this deal
heard          up to 6       answers what was heard: the share of those words that it carries
loss           up to 4       answers why deals are lost at this stage: the share of losses
proves         2             proof of an answer that this very brief suggests
wins           up to 6       used on similar won deals: six times the lower end of Wilson's 95 %
                             interval, so that little evidence moves little; nothing below n = 5
verified       1             somebody said within half a year that it is still true
new            1             published within sixty days
own_case       -5            a case about this very customer, who is no example to themselves
sent           -3            this buyer was sent it already
read           -1            and read it
=============  ============  ====================================================================

Use on won deals is no proof of an effect (`analytics.md`: every count of use is a popularity
meter); that is why it cannot outweigh stage and persona together.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from contentlib.core.proportion import FEWEST, wilson
from contentlib.deals.spoken import SPOKEN
from contentlib.prep.situation import Candidate, Keys, Record, Situation

VERIFIED_LATELY = timedelta(days=180)
PUBLISHED_LATELY = timedelta(days=60)
# What was heard is answered by a card that has at least this share of its words.
HEARD_ENOUGH = 0.5

# What makes a material close to the situation, rather than good in general.
CLOSE = frozenset(
    {"stage", "persona", "industry", "competitor", "heard", "loss", "proves", "wins", "few_wins"}
)


class Reason(NamedTuple):
    """One thing that speaks for or against a card: its code, its points, and the numbers of it."""

    code: str
    points: float = 0.0
    facts: Mapping[str, Any] = MappingProxyType({})


Rule = Callable[[Situation, Candidate, Record], Reason | None]


def reasons_for(situation: Situation, candidate: Candidate, record: Record) -> list[Reason]:
    """Return everything that speaks for or against a material, in the order of the rules."""
    return [reason for rule in RULES if (reason := rule(situation, candidate, record))]


def share(wanted: Keys, there: Keys) -> float:
    """Return which share of some words is there, from 0 to 1; nothing wanted is nothing found."""
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _stage(situation: Situation, candidate: Candidate, _record: Record) -> Reason | None:
    return Reason("stage", 4) if situation.stage in candidate.stages else None


def _persona(situation: Situation, candidate: Candidate, _record: Record) -> Reason | None:
    met = sorted(situation.personas & candidate.personas)
    return Reason("persona", 3, {"personas": met}) if met else None


def _industry(situation: Situation, candidate: Candidate, _record: Record) -> Reason | None:
    named = share(situation.industry, candidate.keys) >= HEARD_ENOUGH
    return Reason("industry", 3) if named else None


def _competitor(situation: Situation, candidate: Candidate, _record: Record) -> Reason | None:
    named = bool(situation.competitor) and situation.competitor <= candidate.keys
    return Reason("competitor", 3) if named else None


def _heard(situation: Situation, candidate: Candidate, _record: Record) -> Reason | None:
    known = share(situation.heard, candidate.keys)
    return Reason("heard", 6 * known) if known >= HEARD_ENOUGH else None


def _loss(situation: Situation, candidate: Candidate, _record: Record) -> Reason | None:
    if candidate.type != "objection":
        return None
    for loss in situation.losses:
        if loss.keys & candidate.keys:
            facts = {"reason": loss.reason, "count": loss.count, "of": loss.of}
            return Reason("loss", 4 * loss.count / loss.of, facts)
    return None


def _wins(_situation: Situation, candidate: Candidate, record: Record) -> Reason | None:
    used = record.used.get(candidate.id, 0)
    if not used:
        return None
    facts: dict[str, Any] = {"part": used, "whole": record.similar}
    if record.similar < FEWEST:
        return Reason("few_wins", 0, facts)
    low, high = wilson(used, record.similar)
    return Reason("wins", 6 * low, facts | {"low": round(low, 4), "high": round(high, 4)})


def _verified(_situation: Situation, candidate: Candidate, record: Record) -> Reason | None:
    if candidate.verified_at is None or candidate.is_overdue(record.day):
        return None
    days = (record.day - candidate.verified_at.date()).days
    lately = days <= VERIFIED_LATELY.days
    return Reason("verified", 1, {"days": max(days, 0)}) if lately else None


def _new(_situation: Situation, candidate: Candidate, record: Record) -> Reason | None:
    if candidate.published_at is None:
        return None
    days = (record.day - candidate.published_at.date()).days
    lately = days <= PUBLISHED_LATELY.days
    return Reason("new", 1, {"days": max(days, 0)}) if lately else None


def _own_case(situation: Situation, candidate: Candidate, _record: Record) -> Reason | None:
    own = bool(situation.customer) and situation.customer <= candidate.keys
    return Reason("own_case", -5) if own and candidate.type == "case_study" else None


def _sent(_situation: Situation, candidate: Candidate, record: Record) -> Reason | None:
    if not record.knows_buyer or candidate.type in SPOKEN:
        return None
    return Reason("sent", -3) if candidate.id in record.sent else Reason("not_sent")


def _read(_situation: Situation, candidate: Candidate, record: Record) -> Reason | None:
    return Reason("read", -1) if candidate.id in record.read else None


def _overdue(_situation: Situation, candidate: Candidate, record: Record) -> Reason | None:
    if candidate.review_due is None or not candidate.is_overdue(record.day):
        return None
    return Reason("overdue", 0, {"days": (record.day - candidate.review_due).days})


RULES: tuple[Rule, ...] = (
    _stage,
    _persona,
    _industry,
    _competitor,
    _heard,
    _loss,
    _wins,
    _verified,
    _new,
    _own_case,
    _sent,
    _read,
    _overdue,
)
