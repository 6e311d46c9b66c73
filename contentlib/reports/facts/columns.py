"""What closed deals come to, as columns: the deals, the touches before them, their stages.

Pure; the database is elsewhere. Moments are microseconds since 1970 in UTC, amounts minor units of
the deal's own currency, and 0 stands for what is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.void]
Mask = NDArray[np.bool_]

DEAL = np.dtype(
    [
        ("id", "<i8"),
        ("opened", "<i8"),
        ("closed", "<i8"),
        ("amount", "<i8"),
        ("currency", "S3"),
        ("size", "S20"),
        ("pipeline", "<i4"),
        ("team", "<i4"),
        ("seller", "<i4"),
        ("reason", "<i4"),
        ("won", "?"),
        ("answered", "?"),
    ],
    align=True,
)
"""A closed deal; `reason` is why it was lost, `answered` tells whether it has a retro."""

TOUCH = np.dtype(
    [
        ("deal", "<i4"),
        ("asset", "<i4"),
        ("event", "<i8"),
        ("at", "<i8"),
        ("stage", "<i4"),
        ("persona", "<i4"),
        ("seller", "<i4"),
        ("grade", "i1"),
        ("helped", "i1"),
        ("late", "?"),
    ],
    align=True,
)
"""An event that counts on a closed deal and happened up to its close.

`deal` is the deal's place. `helped` is what its seller said of the asset afterwards: 0 nothing, 1
that it helped, 2 that it was decisive. `late` tells that it was recorded after the outcome.
"""

STAY = np.dtype(
    [("deal", "<i4"), ("stage", "<i4"), ("seller", "<i4"), ("entered", "<i8")], align=True
)
"""An arrival of a deal at a stage, back moves and re-entries included."""


@dataclass(frozen=True)
class Facts:
    """Deals, and in their order their touches (of a deal by moment, then event) and their stays."""

    deals: Rows
    touches: Rows
    stays: Rows

    def where(self, wanted: Mask) -> "Facts":
        """Return some of the deals with what belongs to them, each at its new place."""
        if wanted.all():
            return self
        places = np.cumsum(wanted, dtype=np.int32) - 1
        parts = [self.deals[wanted]]
        for rows in (self.touches, self.stays):
            kept = rows[wanted[rows["deal"]]]
            kept["deal"] = places[kept["deal"]]
            parts.append(kept)
        return Facts(*parts)

    def by_id(self) -> "Facts":
        """Return the same with the deals in the order of their ids."""
        order = np.argsort(self.deals["id"], kind="stable")
        places = np.empty(len(order), dtype=np.int32)
        places[order] = np.arange(len(order), dtype=np.int32)
        followers = [_moved(rows, places[rows["deal"]]) for rows in (self.touches, self.stays)]
        return Facts(self.deals[order], *followers)

    def says(self, other: "Facts") -> bool:
        """Tell whether others are the same, in whatever order their deals stand."""
        one, two = self.by_id(), other.by_id()
        return all(
            np.array_equal(getattr(one, name), getattr(two, name))
            for name in ("deals", "touches", "stays")
        )


NONE = Facts(np.zeros(0, DEAL), np.zeros(0, TOUCH), np.zeros(0, STAY))


def together(parts: Sequence[Facts]) -> Facts:
    """Return the facts of several sets of deals, none of which shares a deal with another."""
    parts = [NONE, *parts]
    starts = np.cumsum([0, *(len(part.deals) for part in parts[:-1])], dtype=np.int32)
    followers = []
    for name in ("touches", "stays"):
        rows = np.concatenate([getattr(part, name) for part in parts])
        rows["deal"] += np.repeat(starts, [len(getattr(part, name)) for part in parts])
        followers.append(rows)
    return Facts(np.concatenate([part.deals for part in parts]), *followers)


def _moved(rows: Rows, places: NDArray[np.int32]) -> Rows:
    """Return rows at the new places of their deals; those of one deal stay in their order."""
    moved = rows.copy()
    moved["deal"] = places
    return moved[np.argsort(places, kind="stable")]


def packed(rows: Rows) -> bytes:
    """Return rows as bytes that say the same on every machine."""
    return rows.tobytes()


def unpacked(packed_rows: bytes, kind: np.dtype[Any]) -> Rows:
    """Return the rows of such bytes; raises ValueError where they are cut."""
    return np.frombuffer(packed_rows, dtype=kind)
