"""The seam for browsers that send straight to a store: what such a store can do besides the rest.

A file comes in parts under a key of its own where nobody looks for files, is put together there and
read by the application; what the application has found good is copied to the key of its hash.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

PART_SECONDS = 300
"""How long the address of a part is good: a slow line only has to begin within that time."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part as its sender announced it: `number` from 1, `size` in bytes, `sha256` in 32 bytes."""

    number: int
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """Where a browser puts one part, and the headers without which the store refuses it."""

    address: str
    headers: Mapping[str, str]


class DirectStorage(Protocol):
    """Receives files from browsers; every method raises only `StorageError`s."""

    def part_size(self, size: int) -> int:
        """Return how many bytes each part of a file of `size` has, but for the last one."""
        ...

    def begin(self, key: str) -> str:
        """Expect parts under a key and return the store's own name of what was begun."""
        ...

    def sign(self, key: str, begun: str, part: Part) -> Signed:
        """Return the address that takes these bytes as this part, for `PART_SECONDS`."""
        ...

    def parts(self, key: str, begun: str) -> dict[int, int]:
        """Return the sizes of the parts that came; `ObjectMissing` where nothing is begun."""
        ...

    def assemble(self, key: str, begun: str, parts: Sequence[Part]) -> None:
        """Make one object of parts that came; no address of theirs changes it any more."""
        ...

    def copy(self, key: str, to: str, *, size: int) -> None:
        """Copy an object of so many bytes within the store."""
        ...

    def discard(self, key: str) -> None:
        """Remove whatever came under a key: parts, or the object made of them."""
        ...

    def begun(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Walk over the keys below `prefix` that expect parts, and since when they do."""
        ...

    def lets_in(self, origin: str) -> bool:
        """Tell whether the store lets browsers send parts from the pages of a site."""
        ...
