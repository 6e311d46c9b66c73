"""Which won deals are like the one at hand, and what was used on them."""

from datetime import timedelta

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import outcomes
from contentlib.deals import service as deals
from contentlib.deals.models import Deal
from contentlib.deals.queries import on_deal
from contentlib.deals.similar import (
    Likeness,
    likeness_of,
    similar_wins,
    used_on_wins,
    uses_on,
)
from contentlib.deals.spoken import counts_from
from contentlib.library.models import Asset
from contentlib.library.taxonomy import Persona, Stage, get_term
from contentlib.usage import service as usage
from contentlib.usage.models import Action, Grade, UsageEvent
from tests import factories
from tests.prep.conftest import won_deal, written
from tests.statements import statements


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


def test_an_industry_is_the_same_however_it_is_written(seller: User) -> None:
    like = wins(seller, 5, industry="LOGÍSTICA")
    wins(seller, 1, company="Outra", industry="Varejo")
    assert alike(industry="logística") == (("industry",), like)
    assert alike(industry="Logistica") == (("industry",), like)


def test_where_a_deal_tells_no_size_that_of_its_company_counts(seller: User) -> None:
    like = wins(seller, 5)
    won_deal(seller, [], size_band="small", company="Outra")
    for number in like:
        db.session.get_one(Deal, number).company.size_band = "large"
    db.session.commit()
    assert alike(size="large") == (("size",), like)


def test_without_a_deal_every_win_of_two_years_is_like(seller: User) -> None:
    early, late = wins(seller, 1, stage="lead"), wins(seller, 1)
    found = similar_wins(likeness_of(None), now())
    assert (found.alike, set(found.ids.tolist())) == ((), early | late)


def test_a_deal_is_compared_by_what_is_known_of_it_its_company_and_its_people(seller: User) -> None:
    deal = factories.deal(seller)
    deal.company.industry, deal.company.size_band = "Logística", "medium"
    with_persona({deal.id}, "technical")
    technical = frozenset({get_term(Persona, "technical").id})
    assert likeness_of(deal) == Likeness(stage(), "Logística", "medium", technical, deal.id)


def test_a_card_of_call_prep_and_the_line_below_an_answer_tell_the_same(
    seller: User, marketer: User
) -> None:
    answer = written("Está caro", "objection", marketer)
    deal = factories.deal(seller, company="Nova")
    deal.company.industry = "Logística"
    for number in range(6):
        won = won_deal(seller, [])
        if number < 2:
            take(won, answer, seller)
    found = similar_wins(likeness_of(deal), now())
    _used, taken = uses_on(found, grade=Grade.SENT)
    wins, how = used_on_wins(answer.id, deal, moment=now(), grade=counts_from("objection", 3))
    assert (wins.part, wins.whole, how) == (taken[answer.id], len(found), ("industry",))
    assert (wins.part, wins.whole) == (2, 6)


def take(deal: Deal, asset: Asset, by: User) -> None:
    """Let an answer have been copied on a deal a day before its close."""
    moment = deal.closed_at - timedelta(days=1)
    usage.record(
        Action.COPIED,
        asset_id=asset.id,
        version_id=asset.published_version_id,
        actor_id=by.id,
        idempotency_key=f"copied-{deal.id}",
        on=on_deal(deal, occurred_at=moment, recorded_at=moment),
        occurred_at=moment,
        recorded_at=moment,
    )
    db.session.commit()


def test_what_was_used_nowhere_has_no_figure_and_costs_one_question(seller: User) -> None:
    won_deal(seller, [])
    unused = factories.asset().id
    with statements() as asked:
        wins, how = used_on_wins(unused, None, moment=now(), grade=3)
    assert (wins.part, wins.whole, how) == (0, 0, ())
    assert len(asked) == 1


def test_what_was_used_after_the_close_or_taken_back_is_no_use(seller: User) -> None:
    asset = factories.asset()
    won = [won_deal(seller, [asset]) for _ in range(5)]
    won[0].closed_at -= timedelta(days=1)
    taken_back = db.session.query(UsageEvent).where(UsageEvent.deal_id == won[1].id).one()
    usage.take_back(taken_back, by_id=seller.id)
    db.session.commit()
    wins, _how = used_on_wins(asset.id, None, moment=now(), grade=3)
    assert (wins.part, wins.whole) == (3, 5)
