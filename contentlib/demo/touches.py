"""When a seller reaches for which material: by stage, by habit, by what is on the shelf."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from contentlib.demo.assets import Material
from contentlib.demo.deals import MadeDeal
from contentlib.demo.office import at_work

TOUCHES_A_DEAL = 17.5

# How much a stage calls for a type; 1 where nothing is said.
CALLS = {
    "lead": {"script": 9, "article": 5, "webinar": 3, "market_update": 4, "video": 2},
    "mql": {"script": 8, "article": 4, "video": 3, "calculator": 2, "webinar": 2},
    "discovery": {"script": 7, "case_study": 3, "battlecard": 3, "presentation": 4, "objection": 4},
    "diagnosis": {
        "presentation": 6,
        "technical_faq": 5,
        "video": 3,
        "calculator": 4,
        "objection": 4,
    },
    "proposal": {"proposal_template": 7, "case_study": 8, "calculator": 5, "objection": 6},
    "negotiation": {"objection": 9, "case_study": 7, "one_pager": 7, "battlecard": 4},
    "closing": {"one_pager": 4, "technical_faq": 5, "script": 5, "objection": 4},
    "expansion": {"case_study": 4, "presentation": 3, "market_update": 4, "script": 4},
}


@dataclass(frozen=True)
class Touch:
    """One time a seller reaches for one material, and how far that goes."""

    material: Material
    at: datetime
    stage: str
    opens: bool
    takes: bool
    sends: bool


class Reach:
    """Draws materials for a stage, each seller with her own leanings."""

    def __init__(self, rng: Random, materials: list[Material]) -> None:
        self._rng = rng
        self._shelf: dict[tuple[str, str, str], list[Material]] = defaultdict(list)
        for material in materials:
            for stage in CALLS:
                self._shelf[stage, material.source.type, material.source.language].append(material)
        self._weights = {
            key: list(accumulate(_pull(material, key[0]) for material in shelf))
            for key, shelf in self._shelf.items()
        }
        self._leanings: dict[tuple[int, str], list[float]] = {}
        self._types = sorted({material.source.type for material in materials})

    def draw(self, seller: int, stage: str, language: str, moment: datetime) -> Material | None:
        """A material that was on the shelf then, or none when luck looks at the wrong place."""
        for _ in range(6):
            kind = self._rng.choices(self._types, cum_weights=self._leaning(seller, stage))[0]
            key = (stage, kind, language)
            if not self._shelf.get(key) or not self._weights[key][-1]:
                continue
            material = self._rng.choices(self._shelf[key], cum_weights=self._weights[key])[0]
            if material.usable_at(moment):
                return material
        return None

    def _leaning(self, seller: int, stage: str) -> list[float]:
        key = (seller, stage)
        if key not in self._leanings:
            calls = CALLS[stage]
            own = [self._rng.lognormvariate(0, 0.6) for _ in self._types]
            weights = [calls.get(kind, 1) * o for kind, o in zip(self._types, own, strict=True)]
            self._leanings[key] = list(accumulate(weights))
        return self._leanings[key]


def _pull(material: Material, stage: str) -> float:
    """How strongly a material draws: made for the stage, and popular."""
    return material.popularity**1.6 * (1.0 if stage in material.source.stages else 0.12)


def touches_of(rng: Random, deal: MadeDeal, reach: Reach, now: datetime) -> list[Touch]:
    """Everything a seller reached for on a deal, in order."""
    end = deal.plan.ends(now)
    length = (end - deal.plan.opened_at) / timedelta(days=1)
    expected = TOUCHES_A_DEAL * deal.seller.habit * min(1.25, 0.5 + length / 110)
    touches = []
    for _ in range(min(round(rng.gammavariate(4, expected / 4)), 80)):
        at = _moment(rng, deal, end)
        stage = deal.plan.stage_at(at)
        language = "en" if deal.customer.language == "en" or rng.random() < 0.09 else "pt"
        material = reach.draw(deal.seller.id, stage, language, at)
        if material:
            touches.append(_touch(rng, deal, material, at, stage))
    return sorted(touches, key=lambda touch: touch.at)


def _moment(rng: Random, deal: MadeDeal, end: datetime) -> datetime:
    """Mostly while the deal runs; one in forty before it was opened."""
    opened = deal.plan.opened_at
    if rng.random() < 0.025:
        return at_work(opened - timedelta(days=rng.uniform(0.5, 6)), rng, until=opened)
    return max(at_work(opened + (end - opened) * rng.random(), rng, until=end), opened)


def _touch(rng: Random, deal: MadeDeal, material: Material, at: datetime, stage: str) -> Touch:
    """Lost deals saw less of what was meant for them; some sellers log nothing at all."""
    weak = 0.72 if deal.plan.outcome == "lost" else 1.0
    takes = rng.random() < 0.56 * weak
    sends = deal.recorded and rng.random() < (0.62 if takes else 0.34) * weak
    return Touch(material, at, stage, rng.random() < 0.86, takes, sends)
