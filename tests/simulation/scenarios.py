"""The firms that are tried: the usual one, and what may be different elsewhere.

The numbers were chosen before any estimate was seen, so that the firm resembles one that sells to
other firms. Three deals in ten are won, half of these within eight weeks. Half of all deals are
decided within five weeks, nineteen of twenty within fourteen. A deal sees three or four pieces of
content, so that each piece is on three to thirteen of a hundred deals. Most of it changes nothing.
"""

from dataclasses import dataclass

ASSETS = 50
# A firm that grows has more sellers, and each of them more deals.
SELLERS = {600: 10, 4_000: 24, 40_000: 40}


@dataclass(frozen=True)
class Scenario:
    """How sellers choose content and write it down, and what moves their deals.

    Choices are logarithms of odds: 0.7 doubles how likely an asset is chosen. Momentum has a
    standard deviation of about 0.7 around the quality of the deal.
    """

    name: str
    # Deals differ from the first day in ways that nobody records.
    quality: float = 0.3
    # How differently the assets are chosen as momentum rises by one (its spread over the assets).
    by_momentum: float = 0.2
    # A share of the assets is reached for in trouble, and as many when a deal goes well.
    in_trouble: float = 0.0
    # How differently the assets are chosen by the quality that a seller feels.
    by_quality: float = 0.0
    # The chance that another asset of the same kit is used at the same time.
    together: float = 0.1
    # What a seller's odds gain with experience, and how choices differ with it.
    learning: float = 0.2
    by_experience: float = 0.2
    # A share of the assets changes something.
    effective: float = 0.3
    # Any asset, at any moment, on any deal.
    at_random: bool = False
    # The share of uses that is not written down at once.
    late: float = 0.0
    # The chance that a won deal is given a use that never was; for a lost one it is a fifth.
    invented: float = 0.0


SCENARIOS = {
    one.name: one
    for one in (
        Scenario("base"),
        # Decks, one-pagers and cases travel together, and only some of them do anything.
        Scenario("kits", together=0.6),
        # One asset in six is twice as likely where momentum is a standard deviation lower.
        Scenario("trouble", in_trouble=1 / 6),
        # A third of the uses waits until the deal is decided; some of it is never written down.
        Scenario("late", late=0.3, invented=0.2),
        # Good deals are recognised by their sellers from the first call, and by no record.
        Scenario("quality", quality=0.8, by_quality=0.3),
        # Sellers become much better, and choose differently when they are.
        Scenario("learning", learning=0.8, by_experience=0.6),
        Scenario("null", effective=0.0),
        Scenario("random", at_random=True, together=0.0),
    )
}
