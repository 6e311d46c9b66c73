"""What a check of the installation found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """The outcome of one check: `ok`, `warn` for what works with less, or `bad`."""

    name: str
    state: str
    sentence: str
    mend: str = ""
    # What the sentence has places for.
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the whole sentence in the language of the sources."""
        told = self.told(lambda count: f"{count:,}")
        return self.sentence % told if told else self.sentence

    def told(self, number: Callable[[int], str]) -> dict[str, object]:
        """Return what the sentence has places for, its numbers as their reader writes them."""
        return {
            name: number(value) if isinstance(value, int) else value
            for name, value in self.parameters.items()
        }
