"""The fictional firm: its people, its customers and the words they use, read from firm.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from contentlib.core.folding import fold
from contentlib.demo import brand


@dataclass(frozen=True)
class Person:
    """Somebody who works at the firm; the last three numbers only matter for sellers."""

    name: str
    role: str
    team: str
    habit: float = 1.0
    unrecorded: float = 0.2
    deals: float = 1.0

    @property
    def email(self) -> str:
        """Her address at the firm, “sofia.lima@nortear.example”."""
        return f"{'.'.join(fold(self.name).split())}@{brand.SITE}"


@cache
def firm() -> dict[str, Any]:
    """Everything firm.toml says."""
    return tomllib.loads(files("contentlib.demo").joinpath("firm.toml").read_text("utf-8"))


@cache
def people() -> tuple[Person, ...]:
    """The twelve people, in the order of the file."""
    return tuple(Person(**row) for row in firm()["people"])
