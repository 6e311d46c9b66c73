"""The seam: what every virus scanner can do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Readable(Protocol):
    """Anything with bytes to read, such as an open object of the store."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner says of bytes; `found` is the name of what is in them, empty if nothing is."""

    found: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """What a scanner knows: its version as it tells it, and when that was made, if it says so."""

    label: str
    made_at: datetime | None = None


class Scanner(Protocol):
    """Looks for what harms; every method raises only `ScannerError`s."""

    def ready(self) -> None:
        """Return soon if the scanner answers; raises `ScannerDown` otherwise."""
        ...

    def signatures(self) -> Signatures:
        """Return what the scanner knows at present."""
        ...

    def scan(self, stream: Readable) -> Verdict:
        """Read a stream to its end and judge it; raises `NotScanned` where there is no verdict.

        No more than a block of it is ever in memory.
        """
        ...
