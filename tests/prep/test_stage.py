"""What is known of a stage: why deals are lost there, and how long they stay."""

from datetime import timedelta

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.deals import outcomes
from contentlib.deals import service as deals
from contentlib.library.taxonomy import Stage, get_term
from contentlib.prep import queries
from tests import factories


def lose(seller: User, reason: str, **facts: object) -> None:
    deal = factories.deal(seller, **facts)
    deals.close_lost(deal, by=seller, reason=outcomes.get_loss_reason(reason))


def test_the_reasons_of_losses_at_the_stage_come_most_frequent_first(seller: User) -> None:
    for reason in ("price", "price", "trust", "no_reply"):
        lose(seller, reason)
    lose(seller, "feature", stage="lead")
    losses = queries.losses_at(get_term(Stage, "proposal").id, now())
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
