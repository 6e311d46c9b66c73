"""Loads the demo: one firm, seeded, as large as asked."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from contentlib.core.clock import now
from contentlib.demo.answered import add_outcomes
from contentlib.demo.assets import Material, Shelf
from contentlib.demo.customers import add_customers
from contentlib.demo.deals import DealBook, MadeDeal, make_deals, seed_pipelines
from contentlib.demo.library import Words, fill_library, taxonomy_numbers
from contentlib.demo.news import add_news
from contentlib.demo.office import at_work
from contentlib.demo.releases import add_waiting_version
from contentlib.demo.retros import RetroBook
from contentlib.demo.searches import SearchBook
from contentlib.demo.staff import Staff, add_staff
from contentlib.demo.talk import add_talk
from contentlib.demo.touches import Reach, touches_of
from contentlib.demo.usage import Ledger
from contentlib.demo.wishes import add_requests, add_saved_searches
from contentlib.library import taxonomy
from contentlib.storage import Storage
from contentlib.usage.models import Action

DEALS, COMPANIES, SEARCHES = 240, 150, 600
IDLE_OPENINGS = 700


@dataclass(frozen=True)
class Loaded:
    """How much there is now."""

    people: int
    assets: int
    deals: int
    events: int
    searches: int


def load(*, scale: int, seed: int, storage: Storage) -> Loaded:
    """Fill an empty database with the firm, `scale` times as large, the same for the same seed."""

    def chance(part: str) -> Random:
        """Give each part its own luck, so that a change of one leaves the others as they were."""
        return Random(f"{part} {seed}")  # noqa: S311 - for a story, not for a secret

    moment = now()
    taxonomy.seed()
    seed_pipelines()
    words = taxonomy_numbers()
    staff = add_staff(chance("staff"), scale)
    shelf = Shelf(words, staff.ids, moment)
    materials = fill_library(chance("library"), scale, storage, shelf)
    customers = add_customers(chance("customers"), COMPANIES * scale, words["personas"], moment)
    book = DealBook(words["stages"], staff, moment)
    made = make_deals(chance("deals"), DEALS * scale, book, staff, customers)
    ledger = Ledger(chance("ledger"), words["stages"], words["personas"], moment)
    _use(chance("use"), made, materials, ledger, words)
    searches = SearchBook(chance("searches"), materials, ledger)
    searches.fill(SEARCHES * scale, staff, moment)
    add_saved_searches(staff, moment)
    add_requests(staff, moment)
    add_news(moment)
    add_waiting_version(materials, staff)
    add_talk(staff, moment)
    _browse(chance("browsing"), IDLE_OPENINGS * scale, materials, staff, ledger)
    ledger.finish()
    add_outcomes(chance("outcomes"))
    return Loaded(
        len(staff.ids), len(materials), len(made), ledger.events.added, searches.searches.added
    )


def _use(
    rng: Random, made: list[MadeDeal], materials: list[Material], ledger: Ledger, words: Words
) -> None:
    """What sellers reached for on each deal, and what they said of it at the close."""
    moment = now()
    reach = Reach(rng, materials)
    retros = RetroBook(rng, words["stages"], ledger, moment)
    for deal in made:
        touches = touches_of(rng, deal, reach, moment)
        for touch in touches:
            ledger.touch(deal, touch)
        retros.close(deal, touches)
    retros.finish()


def _browse(
    rng: Random, number: int, materials: list[Material], staff: Staff, ledger: Ledger
) -> None:
    """Materials that somebody only looked at, the unpopular ones as well."""
    moment = now()
    readers = [*staff.ids.values()]
    for _ in range(number):
        material = rng.choice(materials)
        at = at_work(moment - timedelta(days=400 * rng.random() ** 1.4), rng, until=moment)
        if material.usable_at(at):
            ledger.event(material, Action.OPENED, at, rng.choice(readers))
