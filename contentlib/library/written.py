"""Texts written here, read from the body of a version: scripts and objection cards."""

import re
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]

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


def script_of(body: Body | None) -> Script:
    """Read a script's body."""
    body = body or {}
    return Script(body.get("channel", ""), body.get("subject", ""), body.get("text", ""))


def card_of(body: Body | None) -> ObjectionCard:
    """Read an objection card's body; it is spoken, so its words carry no marks."""
    body = body or {}
    return ObjectionCard(
        heard_as=tuple(body.get("heard_as", ())),
        answer=plain(body.get("answer", "")),
        question=plain(body.get("question", "")),
        avoid=plain(body.get("avoid", "")),
        proof_asset_id=body.get("proof_asset_id"),
        proof_page=body.get("proof_page"),
    )


def passages(body: Body | None) -> list[str]:
    """Return the parts of a text written here in plain words, what one says first ahead."""
    return [plain(text) for text in _parts(body)]


def searchable_words(body: Body | None) -> str:
    """Return everything a text written here can be found by; a field is not yet a word of it."""
    return "\n".join(plain(MERGE_FIELD.sub(" ", text)) for text in _parts(body))


def plain(text: str) -> str:
    """Return a text without its marks: bold is words only, a field its name in brackets."""
    return _BOLD.sub(r"\1", with_named_fields(text))


def with_named_fields(text: str) -> str:
    """Return a text with its fields as names in brackets; files such as templates have them too."""
    return MERGE_FIELD.sub(lambda field: f"[{field_name(field[1])}]", text)


def field_name(field: str) -> str:
    """Return a merge field as people read it: `contato.nome` is contato · nome."""
    return field.strip("._").replace(".", " · ").replace("_", " ")


def _parts(body: Body | None) -> list[str]:
    body = body or {}
    said = [body.get(name) for name in ("answer", "text", "subject", "question", "avoid")]
    return [str(text) for text in [*said, " · ".join(body.get("heard_as") or ())] if text]
