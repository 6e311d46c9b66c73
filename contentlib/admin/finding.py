"""What a check of the installation found."""

from collections.abc import Mapping
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
        return self.sentence % self.parameters if self.parameters else self.sentence
