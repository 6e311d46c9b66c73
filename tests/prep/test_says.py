"""The words on a card are the words that are copied."""

from typing import Any

import pytest

from contentlib.library.models import AssetVersion, VersionKind
from contentlib.prep.says import fields_of, says_of


def version(kind: VersionKind, **body: Any) -> AssetVersion:
    return AssetVersion(kind=kind, body=body)


def test_an_answer_is_said_as_it_is_written_without_its_marks() -> None:
    says = says_of(version(VersionKind.OBJECTION, answer="Quanto custa **hoje**?"), {})
    assert says is not None
    assert (says.text, says.part, says.is_open) == ("Quanto custa hoje?", "answer", False)


def test_a_script_is_filled_in_and_marked_as_whatsapp_wants_it() -> None:
    script = version(
        VersionKind.SCRIPT, channel="whatsapp", text="Oi, {{contato}}! *{{x.y}}* **já**"
    )
    says = says_of(script, {"contato": "Ana"})
    assert says is not None
    assert says.text == "Oi, Ana! _{{x.y}}_ *já*"
    assert (says.part, says.filled, says.is_open) == ("whatsapp", 1, True)
    assert '<span class="merge-field" data-field="x.y">{{x.y}}</span>' in says.rendered.html


def test_with_every_field_filled_it_can_be_copied() -> None:
    script = version(VersionKind.SCRIPT, channel="call", text="{{empresa}}: **oi**")
    says = says_of(script, {"empresa": "Acme & {{filhos}}"})
    assert says is not None
    assert (says.text, says.part, says.is_open) == ("Acme & {{filhos}}: oi", "script", False)


@pytest.mark.parametrize("kind", [VersionKind.FILE, VersionKind.LINK])
def test_a_file_says_nothing_by_itself(kind: VersionKind) -> None:
    assert (says_of(version(kind), {}), fields_of(version(kind))) == (None, [])
