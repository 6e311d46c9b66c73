"""The words of a card exactly as they are copied: an answer, or a script with its fields filled."""

from collections.abc import Mapping
from dataclasses import dataclass

from contentlib.library.models import AssetVersion, VersionKind
from contentlib.library.written import MERGE_FIELD, Script, card_of, field_name, script_of

# A piece of a text, and whether it is the name of a field that nobody has filled in.
Piece = tuple[str, bool]


@dataclass(frozen=True)
class Says:
    """What one says or sends, in pieces; which part it is; how many fields were filled in."""

    pieces: tuple[Piece, ...]
    part: str
    filled: int = 0

    @property
    def text(self) -> str:
        """Return the words as they are copied."""
        return "".join(text for text, _is_field in self.pieces)

    @property
    def is_open(self) -> bool:
        """Tell whether a field is still to be filled in, so that nothing can be copied yet."""
        return any(is_field for _text, is_field in self.pieces)


def fields_of(version: AssetVersion | None) -> list[str]:
    """Return the fields of a script; anything else has none."""
    if version is None or version.kind is not VersionKind.SCRIPT:
        return []
    return script_of(version.body).fields


def says_of(version: AssetVersion | None, values: Mapping[str, str]) -> Says | None:
    """Return the words of a text that was written here; nothing for files and links."""
    if version is None or version.removed_at is not None:
        return None
    if version.kind is VersionKind.OBJECTION:
        return Says(((card_of(version.body).answer, False),), "answer")
    if version.kind is VersionKind.SCRIPT:
        return _of_script(script_of(version.body), values)
    return None


def _of_script(script: Script, values: Mapping[str, str]) -> Says:
    """Fill in what is known; for WhatsApp bold words are marked as it wants them."""
    for_whatsapp = script.channel == "whatsapp"
    text = script.for_whatsapp if for_whatsapp else script.without_marks
    pieces: list[Piece] = []
    place = 0
    for found in MERGE_FIELD.finditer(text):
        value = values.get(found[1])
        pieces.append((text[place : found.start()], False))
        pieces.append((value, False) if value else (f"[{field_name(found[1])}]", True))
        place = found.end()
    pieces.append((text[place:], False))
    filled = len([name for name in script.fields if values.get(name)])
    kept = tuple(piece for piece in pieces if piece[0])
    return Says(kept, "whatsapp" if for_whatsapp else "script", filled)
