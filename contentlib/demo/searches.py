"""What the demo's people searched for, what they found and what they opened."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from contentlib.core.folding import fold
from contentlib.demo.assets import Material
from contentlib.demo.firm import firm
from contentlib.demo.office import at_work
from contentlib.demo.rows import Rows
from contentlib.demo.staff import Staff
from contentlib.demo.usage import Ledger, taking
from contentlib.finding.criteria import Criteria
from contentlib.finding.models import SearchClick, SearchLog
from contentlib.library.taxonomy import PERSONAS, TYPES
from contentlib.usage.models import Action

SHOWN = 20
TYPE_NAMES = {key: f"{pt} {en}" for key, pt, en, *_look in TYPES}
# Sellers write the office, not the name of the persona.
PERSONA_NAMES = {key: pt for key, pt, _en in PERSONAS} | {"economic_buyer": "decisor cfo"}


class SearchBook:
    """Writes searches, clicks, and the openings that follow."""

    def __init__(self, rng: Random, materials: list[Material], ledger: Ledger) -> None:
        self._rng, self._ledger = rng, ledger
        self._texts = [(material, _text(material)) for material in materials]
        self._known: dict[str, list[Material]] = {}
        self.searches, self.clicks = Rows(SearchLog), Rows(SearchClick)

    def fill(self, number: int, staff: Staff, now: datetime) -> None:
        """Spread searches over the last fourteen months, more of them lately."""
        words = firm()["searches"]
        queries = [row for key in ("found", "empty") for row in words[key]]
        sellers = [seller.id for seller in staff.sellers]
        shares = [seller.habit for seller in staff.sellers]
        for _ in range(number):
            query = self._rng.choices(queries, [weight for _query, weight in queries])[0][0]
            age = timedelta(days=420 * self._rng.random() ** 1.7)
            at = at_work(now - age, self._rng, until=now)
            self._search(self._rng.choices(sellers, shares)[0], query, at)
        self.searches.finish()
        self.clicks.finish()

    def _search(self, person: int, query: str, at: datetime) -> None:
        rng = self._rng
        found = [material for material in self._answers(query) if material.usable_at(at)]
        filters, found = self._narrowed(found)
        identity = str(UUID(int=rng.getrandbits(128), version=4))
        self.searches.add(
            id=identity,
            user_id=person,
            query=query,
            normalised=Criteria(words=query).normalised(),
            filters=filters,
            results=len(found),
            milliseconds=round(rng.lognormvariate(2.9, 0.5)),
            surface="web",
            searched_at=at,
        )
        if found and rng.random() < 0.7:
            self._click(person, identity, found, at + timedelta(seconds=rng.uniform(3, 70)))
        if self.searches.many:
            self.searches.flush()
            self.clicks.flush()

    def _click(self, person: int, search: str, found: list[Material], at: datetime) -> None:
        shown = found[:SHOWN]
        weights = [1 / (1 + place) ** 1.3 for place in range(len(shown))]
        place = self._rng.choices(range(len(shown)), weights)[0]
        material = shown[place]
        self.clicks.add(search_id=search, asset_id=material.id, position=place + 1, clicked_at=at)
        self._ledger.event(
            material, Action.OPENED, at, person, search_id=search, position=place + 1
        )
        if self._rng.random() < 0.35:
            action, part = taking(self._rng, material)
            at += timedelta(seconds=self._rng.uniform(20, 200))
            self._ledger.event(
                material, action, at, person, search_id=search, position=place + 1, part=part
            )

    def _narrowed(self, found: list[Material]) -> tuple[dict[str, list[str]], list[Material]]:
        """Now and then somebody asks for one kind of material only."""
        if self._rng.random() > 0.22:
            return {}, found
        if self._rng.random() < 0.3:
            language = self._rng.choices(("pt", "en"), (3, 1))[0]
            kept = [material for material in found if material.source.language == language]
            return {"language": [language]}, kept
        kind = self._rng.choice(found).source.type if found else "case_study"
        return {"type": [kind]}, [material for material in found if material.source.type == kind]

    def _answers(self, query: str) -> list[Material]:
        """Materials that hold every word of the query, those with it in the title first."""
        if query not in self._known:
            words = fold(query).split()
            found = [m for m, text in self._texts if all(word in text for word in words)]
            found.sort(key=lambda m: not all(word in fold(m.title) for word in words))
            self._known[query] = found[:400]
        return self._known[query]


def _text(material: Material) -> str:
    source = material.source
    heard = source.objection.heard_as if source.objection else ()
    personas = (PERSONA_NAMES[key] for key in source.personas)
    words = (source.title, source.summary, source.body, TYPE_NAMES[source.type])
    return fold(" ".join((*words, *source.tags, *heard, *personas)))
