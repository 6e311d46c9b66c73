"""Small preferences among documents whose words answer almost equally well.

A score by words is multiplied by ``1 + USED · u + FRESH · f + TRUSTED · t``:

- ``u`` from 0 to 1, how much the document was used of late;
- ``f = 2 ** (-age / HALF_LIFE)`` from 0 to 1, how new it is;
- ``t`` 1 where the document carries a label that speaks for it, such as a standing verification.

The factor is at most ``MOST``, so a document whose words score more than that much better always
stays ahead: none of this ever beats the words. Each part is switched off by not being given.

What people warn of is another matter: the score of a doubted document is multiplied by ``DOUBTED``
besides, so that it comes after every document whose words answer more than half as well. It is
found all the same, and first where nothing else answers.
"""

from contentlib.search.engine import Boosts

USED = 0.025
FRESH = 0.015
TRUSTED = 0.01
DOUBTED = 0.5
MOST = 1 + USED + FRESH + TRUSTED
HALF_LIFE = 180 * 86_400
"""Seconds after which half of the preference for new documents is gone."""


def factor(boosts: Boosts, id_: str, moment: float, labels: frozenset[tuple[str, str]]) -> float:
    """Give what the score of one document is multiplied by, from 1 to ``MOST``; less if doubted.

    ``moment`` is when the document appeared, in seconds; ``labels`` are its (facet, value) pairs.
    """
    used = min(max(boosts.used.get(id_, 0.0), 0.0), 1.0)
    trusted = not boosts.trusted.isdisjoint(labels)
    liked = 1 + USED * used + FRESH * freshness(boosts.fresh_at, moment) + TRUSTED * trusted
    return liked * DOUBTED if id_ in boosts.doubted else liked


def freshness(fresh_at: float | None, moment: float) -> float:
    """Give 1 for what appeared at ``fresh_at`` or later, and half of it every ``HALF_LIFE``."""
    if fresh_at is None:
        return 0.0
    return 2.0 ** (-max(fresh_at - moment, 0.0) / HALF_LIFE)
