"""What a file tells of itself beside its words, kept with its hash and shown to people."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from contentlib.core.formatting import number

_LONGEST = 200
# What the reader may tell, each of the kind it must be: a reader is not trusted with more.
_KINDS: dict[str, tuple[type, ...]] = {
    "width": (int,),
    "height": (int,),
    "seconds": (int, float),
    "hidden_slides": (str,),
}


def facts_of(meta: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the facts among what a reader told, or nothing where there are none."""
    found = {
        name: meta[name] for name, kinds in _KINDS.items() if isinstance(meta.get(name), kinds)
    }
    return {
        name: value[:_LONGEST] if isinstance(value, str) else value for name, value in found.items()
    } or None


def rows_of(facts: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Put the facts of a file into words, a name and a value each."""
    facts = facts or {}
    rows = []
    if "width" in facts and "height" in facts:
        size = f"{number(facts['width'])}\xa0×\xa0{number(facts['height'])}"
        rows.append((gettext("Dimensions"), gettext("%(size)s pixels", size=size)))
    if "seconds" in facts:
        rows.append((gettext("Duration"), _clock(round(facts["seconds"]))))
    if "hidden_slides" in facts:
        rows.append((gettext("Hidden slides"), facts["hidden_slides"]))
    return rows


def _clock(seconds: int) -> str:
    """Write a duration as players do: `2:35`, `1:02:05`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
