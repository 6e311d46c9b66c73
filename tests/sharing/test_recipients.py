"""Whom a link is for, and whom a list lets in, as people type it."""

import pytest

from contentlib.core.errors import Invalid
from contentlib.sharing.recipients import (
    Recipient,
    each_once,
    is_listed,
    read_listed,
    read_recipients,
)


def test_a_line_is_a_name_an_address_or_both() -> None:
    typed = "Ana Souza <Ana@Acme.example>\n\n bia@acme.example \nCarlos, da diretoria"
    assert read_recipients(typed) == [
        Recipient("Ana Souza", "ana@acme.example"),
        Recipient("", "bia@acme.example"),
        Recipient("Carlos, da diretoria"),
    ]


def test_whoever_is_named_twice_gets_one_link_and_nobody_gets_one_without_a_name() -> None:
    twice = read_recipients("Ana <ana@acme.example>\nana@acme.example\nBia\nbia")
    assert [one.label for one in each_once(twice)] == ["Ana", "Bia"]
    assert each_once([]) == [Recipient()]


@pytest.mark.parametrize("typed", ["ana@", "<script>@x", "a b@c", "@"])
def test_what_is_no_address_is_told(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_recipients(typed)
    assert refused.value.field == "others"


def test_a_list_holds_addresses_and_whole_domains_but_no_part_of_one() -> None:
    listed = read_listed("Bia@other.example, acme.example\n@acme.example")
    assert listed == ["bia@other.example", "@acme.example"]
    assert is_listed("ana@acme.example", listed)
    assert is_listed("bia@other.example", listed)
    assert not is_listed("ana@evil-acme.example", listed)
    assert not is_listed("ana@sub.acme.example", listed)
    for typed in ("*", "exa mple@", "@", "a@b@c"):
        with pytest.raises(Invalid):
            read_listed(typed)


def test_more_than_fifty_links_at_once_are_refused() -> None:
    with pytest.raises(Invalid):
        each_once([Recipient(f"Nome {number}") for number in range(51)])
