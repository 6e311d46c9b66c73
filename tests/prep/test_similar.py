"""Which won deals are like the one at hand, what was used on them, and what is known of a stage."""

from datetime import timedelta

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import outcomes
from contentlib.deals import service as deals
from contentlib.deals.models import Deal
from contentlib.library.taxonomy import Persona, Stage, get_term
from contentlib.prep import queries
from contentlib.prep.similar import Likeness, losses_at, similar_wins, uses_on
from contentlib.usage import service as usage
from contentlib.usage.models import UsageEvent
from tests import factories
from tests.prep.conftest import won_deal


def stage(key: str = "proposal") -> int:
    return get_term(Stage, key).id


def alike(**facts: object) -> tuple[tuple[str, ...], set[int]]:
    found = similar_wins(Likeness(stage(), **facts), now())
    return found.alike, set(found.ids.tolist())


def wins(seller: User, number: int, **facts: object) -> set[int]:
    return {won_deal(seller, [], **facts).id for _ in range(number)}


def with_persona(numbers: set[int], key: str) -> None:
    for number in numbers:
        deal = db.session.get_one(Deal, number)
        persona = get_term(Persona, key)
        deal.contacts.append(deals.add_contact(deal.company, name="Ana", persona=persona))
    db.session.commit()


def test_five_that_are_alike_in_everything_are_the_ones_to_learn_from(seller: User) -> None:
    like = wins(seller, 5, size_band="medium")
    with_persona(like, "technical")
    wins(seller, 2, size_band="medium")
    wins(seller, 3, size_band="small", company="Outra", industry="Varejo")
    technical = frozenset({get_term(Persona, "technical").id})
    facts = {"industry": "logística", "size": "medium", "personas": technical}
    assert alike(**facts) == (("industry", "size", "personas"), like)


def test_where_they_are_too_few_the_people_the_size_and_the_industry_no_longer_matter(
    seller: User,
) -> None:
    medium = wins(seller, 4, size_band="medium")
    champion = frozenset({get_term(Persona, "champion").id})
    facts = {"industry": "Logística", "size": "medium", "personas": champion}
    assert alike(**facts) == ((), medium)
    small = wins(seller, 1, size_band="small")
    assert alike(**facts) == (("industry",), medium | small)
    medium |= wins(seller, 1, size_band="medium")
    assert alike(**facts) == (("industry", "size"), medium)


def test_only_what_reached_the_stage_was_won_in_two_years_and_is_another_deal_counts(
    seller: User,
) -> None:
    like = wins(seller, 1)
    early = wins(seller, 1, stage="lead")
    old = won_deal(seller, [])
    old.opened_at = old.closed_at = now() - timedelta(days=731)
    lost = factories.deal(seller)
    deals.close_lost(lost, by=seller, reason=outcomes.get_loss_reason("price"))
    db.session.commit()
    assert alike() == ((), like)
    itself = next(iter(like))
    assert alike(deal_id=itself) == ((), set())
    assert not early & like


def test_a_deal_that_went_on_had_reached_the_stage_before(seller: User) -> None:
    deal = factories.deal(seller)
    deals.move_to_stage(deal, get_term(Stage, "closing"), by=seller)
    deals.close_won(deal, by=seller)
    assert alike() == ((), {deal.id})


def test_use_is_counted_once_a_deal_and_only_before_the_close(seller: User) -> None:
    asset, other = factories.asset(), factories.asset("Outro")
    first, second = won_deal(seller, [asset, asset, other]), won_deal(seller, [asset])
    found = similar_wins(Likeness(stage()), now())
    assert uses_on(found, grade=3) == ({asset.id: 2, other.id: 1}, {asset.id: 2, other.id: 1})
    for event in db.session.query(UsageEvent).where(UsageEvent.deal_id == second.id):
        usage.take_back(event, by_id=seller.id)
    assert uses_on(found, grade=3)[0] == {asset.id: 1, other.id: 1}
    assert first.id in found.ids.tolist()


def test_nobody_won_is_nothing_used(seller: User) -> None:
    factories.deal(seller)
    assert uses_on(similar_wins(Likeness(stage()), now()), grade=3) == ({}, {})


def lose(seller: User, reason: str, **facts: object) -> None:
    deal = factories.deal(seller, **facts)
    deals.close_lost(deal, by=seller, reason=outcomes.get_loss_reason(reason))


def test_the_reasons_of_losses_at_the_stage_come_most_frequent_first(seller: User) -> None:
    for reason in ("price", "price", "trust", "no_reply"):
        lose(seller, reason)
    lose(seller, "feature", stage="lead")
    losses = losses_at(stage(), now())
    assert [(loss.reason, loss.count, loss.of) for loss in losses] == [
        ("price", 2, 4),
        ("trust", 1, 4),
    ]


def test_the_median_of_a_stage_needs_five_that_left_it(seller: User) -> None:
    deal = factories.deal(seller)
    for days in (2, 4, 6, 8):
        won = factories.deal(seller, opened_at=now() - timedelta(days=days))
        deals.close_won(won, by=seller)
    age = queries.stage_age(deal, now())
    assert age is not None
    assert (age.days, age.median, age.stays, age.is_long) == (10, None, 4, False)
    won = factories.deal(seller, opened_at=now() - timedelta(days=5))
    deals.close_won(won, by=seller)
    age = queries.stage_age(deal, now())
    assert age is not None
    assert age.median is not None
    assert (round(age.median), age.stays, age.is_long) == (5, 5, True)
