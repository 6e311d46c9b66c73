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
    ]
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
    ]
)
"""An event that counts on a closed deal and happened up to its close.

`deal` is the deal's place. `helped` is what its seller said of the asset afterwards: 0 nothing, 1
that it helped, 2 that it was decisive. `late` tells that it was recorded after the outcome.
"""

STAY = np.dtype([("deal", "<i4"), ("stage", "<i4"), ("seller", "<i4"), ("entered", "<i8")])
"""An arrival of a deal at a stage, back moves and re-entries included."""


@dataclass(frozen=True)
class Facts:
    """Deals by id, and in the deals' order their touches (by moment, then event) and stays."""

    deals: Rows
    touches: Rows
    stays: Rows

    def where(self, wanted: Mask) -> "Facts":
        """Return some of the deals with what belongs to them, each at its new place."""
        places = np.cumsum(wanted, dtype=np.int32) - 1
        parts = [self.deals[wanted]]
        for rows in (self.touches, self.stays):
            kept = rows[wanted[rows["deal"]]]
            kept["deal"] = places[kept["deal"]]
            parts.append(kept)
        return Facts(*parts)

    def says(self, other: "Facts") -> bool:
        """Tell whether others are the same."""
        return all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in ("deals", "touches", "stays")
        )


NONE = Facts(np.zeros(0, DEAL), np.zeros(0, TOUCH), np.zeros(0, STAY))


def together(parts: Sequence[Facts]) -> Facts:
    """Return the facts of several sets of deals, none of which shares a deal with another."""
    if not parts:
        return NONE
    starts = np.cumsum([0, *(len(part.deals) for part in parts)])
    deals = np.concatenate([part.deals for part in parts])
    order = np.argsort(deals["id"], kind="stable")
    places = np.empty(len(deals), dtype=np.int32)
    places[order] = np.arange(len(deals), dtype=np.int32)
    followers = [
        _moved([getattr(part, name) for part in parts], starts, places)
        for name in ("touches", "stays")
    ]
    return Facts(deals[order], *followers)


def _moved(parts: Sequence[Rows], starts: NDArray[np.int64], places: NDArray[np.int32]) -> Rows:
    """Return what follows deals, in the order of the deals; of each deal it stays as it was."""
    rows = np.concatenate(parts)
    before = np.repeat(starts[:-1], [len(part) for part in parts])
    rows["deal"] = places[rows["deal"] + before]
    return rows[np.argsort(rows["deal"], kind="stable")]


def packed(rows: Rows) -> bytes:
    """Return rows as bytes that say the same on every machine."""
    return rows.tobytes()


def unpacked(packed_rows: bytes, kind: np.dtype[Any]) -> Rows:
    """Return the rows of such bytes; raises ValueError where they are cut."""
    return np.frombuffer(packed_rows, dtype=kind)
