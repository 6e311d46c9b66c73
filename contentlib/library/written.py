"""Texts written here, read from a version's body: scripts and objection cards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from contentlib.library.models import AssetVersion

MERGE_FIELD = re.compile(r"\{\{\s*([\w.]{1,60})\s*\}\}")
_BOLD = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")
LONGEST_ANSWER = 35


def merge_fields(text: str) -> list[str]:
    """Return the names between double braces in a script, each once, in order."""
    return list(dict.fromkeys(MERGE_FIELD.findall(text)))


def count_words(text: str) -> int:
    """Count words as people do: what stands between spaces and holds a letter or digit."""
    return sum(any(c.isalnum() for c in word) for word in text.split())


@dataclass(frozen=True)
class Script:
    """Words to say or send."""

    channel: str
    subject: str
    text: str

    @property
    def for_whatsapp(self) -> str:
        """Return the text as WhatsApp marks bold words: with one asterisk."""
        return _BOLD.sub(r"*\1*", self.text)

    @property
    def fields(self) -> list[str]:
        """Return the merge fields of subject and text."""
        return merge_fields(f"{self.subject}\n{self.text}")


@dataclass(frozen=True)
class ObjectionCard:
    """What customers say, what to answer, and what proves it."""

    heard_as: tuple[str, ...]
    answer: str
    question: str
    avoid: str
    proof_asset_id: int | None
    proof_page: int | None


def script_of(version: AssetVersion) -> Script:
    """Read a script's body."""
    body = version.body or {}
    return Script(body.get("channel", ""), body.get("subject", ""), body.get("text", ""))


def card_of(version: AssetVersion) -> ObjectionCard:
    """Read an objection card's body."""
    body = version.body or {}
    return ObjectionCard(
        heard_as=tuple(body.get("heard_as", ())),
        answer=body.get("answer", ""),
        question=body.get("question", ""),
        avoid=body.get("avoid", ""),
        proof_asset_id=body.get("proof_asset_id"),
        proof_page=body.get("proof_page"),
    )


def searchable_words(version: AssetVersion) -> str:
    """Return everything a text written here can be found by."""
    return "\n".join(_words(version))


def _words(version: AssetVersion) -> Iterator[str]:
    body = version.body or {}
    yield from body.get("heard_as", ())
    for name in ("answer", "subject", "text", "question", "avoid"):
        if body.get(name):
            yield str(body[name])


def with_marked_fields(text: str) -> Markup:
    """Return a script's text as HTML, its merge fields and bold words marked, all else escaped."""
    safe = _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
    marked = MERGE_FIELD.sub(r'<span class="merge-field" data-field="\1">{{\1}}</span>', safe)
    return Markup(marked)  # noqa: S704 - escaped above; field names are word characters
