"""The demo's assets as a person wrote them: one Markdown file each, with a TOML head."""

import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from contentlib.demo.blocks import Block, read_blocks

FENCE = "+++\n"


@dataclass(frozen=True)
class ObjectionCard:
    """What a seller hears and what to answer, proven by another asset."""

    heard_as: tuple[str, ...]
    answer: str
    question_back: str
    do_not_say: str
    proof: str
    proof_page: int | None = None


@dataclass(frozen=True)
class Source:
    """One asset: `format` names a file kind, or is "script", "objection" or "link"."""

    external_id: str
    title: str
    type: str
    format: str
    stages: tuple[str, ...]
    personas: tuple[str, ...]
    owner: str
    body: str
    summary: str
    language: str = "pt"
    deputy: str = ""
    audience: str = "shareable"
    status: str = "published"
    age_days: int = 240
    review_in_days: int = 120
    valid_in_days: int | None = None
    tags: tuple[str, ...] = ()
    popularity: float = 1.0
    subtitle: str = ""
    cover_numbers: tuple[tuple[str, str], ...] = ()
    url: str = ""
    channel: str = ""
    subject: str = ""
    file_name: str = ""
    password: str = ""
    versions: int = 1
    objection: ObjectionCard | None = field(default=None)

    @cached_property
    def blocks(self) -> list[Block]:
        """The body, read."""
        return read_blocks(self.body)

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and not words or an address kept in the library itself."""
        return self.format not in {"script", "objection", "link"}


@cache
def all_sources() -> tuple[Source, ...]:
    """Every asset of the demo, ordered by external id."""
    folder = files("contentlib.demo").joinpath("content")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".md"))
    return tuple(read_source(name, folder.joinpath(name).read_text("utf-8")) for name in names)


def read_source(name: str, text: str) -> Source:
    """Read one content file; the file's name without its ending is the external id."""
    head, separator, body = text.removeprefix(FENCE).partition(FENCE)
    if not separator:
        raise ValueError(f"{name}: the head between +++ lines is missing")
    values = {key: _frozen(value) for key, value in tomllib.loads(head).items()}
    card = values.pop("objection", None)
    return Source(
        external_id=name.removesuffix(".md"),
        body=body.strip(),
        objection=ObjectionCard(**card) if card else None,
        **values,
    )


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value
