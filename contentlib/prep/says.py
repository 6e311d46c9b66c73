"""The words of a card exactly as they are copied: an answer, or a script with its fields filled."""

from collections.abc import Mapping
from dataclasses import dataclass

from contentlib.library.channels import Channel, Rendered, answer_for, rendered
from contentlib.library.models import AssetVersion, VersionKind
from contentlib.library.written import Script, merge_fields, script_of


@dataclass(frozen=True)
class Says:
    """What one says or sends: as it is seen and copied, which part it is, and its fields.

    `filled` fields were filled in; with an open one nothing can be copied yet.
    """

    rendered: Rendered
    part: str
    filled: int = 0
    is_open: bool = False

    @property
    def text(self) -> str:
        """Return the words as they are copied."""
        return self.rendered.text


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
        return Says(answer_for(version.body, Channel.PLAIN), "answer")
    if version.kind is VersionKind.SCRIPT:
        return _of_script(script_of(version.body), values)
    return None


def _of_script(script: Script, values: Mapping[str, str]) -> Says:
    """Fill in what is known, for the channel that the script was written for."""
    for_whatsapp = script.channel == "whatsapp"
    channel = Channel.WHATSAPP if for_whatsapp else Channel.PLAIN
    return Says(
        rendered(script.text, channel, values),
        "whatsapp" if for_whatsapp else "script",
        filled=sum(bool(values.get(name)) for name in script.fields),
        is_open=not all(values.get(name) for name in merge_fields(script.text)),
    )
