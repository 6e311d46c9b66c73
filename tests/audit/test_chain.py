"""The chain as a pure thing: one text for each value, and no change of any part goes unseen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.audit.chain import (
    NOTHING,
    End,
    Link,
    canonical,
    fault_after,
    is_sealed,
    link_hash,
    seal,
)

NAMES = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=8)
LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | WHOLE | LETTERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
ENTRIES = st.lists(st.dictionaries(NAMES, VALUES, min_size=1, max_size=5), min_size=1, max_size=8)


def chain_of(entries: list[dict[str, Any]]) -> list[Link]:
    links, before = [], NOTHING
    for number, entry in enumerate(entries, start=1):
        hashed = link_hash(number, before, entry)
        links.append(Link(number, before, hashed, entry))
        before = hashed
    return links


def faults(links: list[Link]) -> list[tuple[int, str]]:
    end, found = End(), []
    for link in links:
        fault = fault_after(end, link)
        if fault:
            found.append((end.number + 1, fault))
            break
        end = End(link.number, link.hash)
    return found


@given(VALUES)
def test_a_value_has_one_text_whatever_the_order_of_its_names(value: Any) -> None:
    def reversed_names(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: reversed_names(part[name]) for name in reversed(list(part))}
        return [*map(reversed_names, part)] if isinstance(part, list) else part

    assert canonical(reversed_names(value)) == canonical(value)


@given(VALUES, VALUES)
def test_different_values_have_different_texts(one: Any, other: Any) -> None:
    def kinds(part: Any) -> Any:
        # In Python, but not in JSON, True equals 1.
        if isinstance(part, dict):
            return {name: kinds(inner) for name, inner in part.items()}
        return [*map(kinds, part)] if isinstance(part, list) else (type(part), part)

    assert (canonical(one) == canonical(other)) == (kinds(one) == kinds(other))


@pytest.mark.parametrize("value", [1.5, b"x", {"é": 1}, {1: 2}, object(), float("nan"), {1, 2}])
def test_what_databases_do_not_give_back_as_it_was_has_no_text(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical({"details": [value]})


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800"])
def test_a_number_too_large_and_half_a_letter_have_no_text(value: Any) -> None:
    with pytest.raises(ValueError, match=r"same number|surrogates"):
        canonical([value])


def test_the_canonical_form_is_the_documented_one() -> None:
    value = {"b": [1, None, True], "a": 'ção "x"\n\x1f\u2028', "": {}}
    assert canonical(value) == '{"":{},"a":"ção \\"x\\"\\n\\u001f\u2028","b":[1,null,true]}'


def test_the_hash_of_a_known_link_stays_what_it_is() -> None:
    # Chains in use depend on it: a change of this test breaks every one of them.
    assert link_hash(1, NOTHING, {"action": "asset.created", "details": {"title": "São"}}) == (
        "5366b2d7dc242dec62ef776e103820f265a5579a3912eabe74bd36fbc8cd8c79"
    )


@given(ENTRIES)
def test_a_chain_as_it_was_joined_is_whole(entries: list[dict[str, Any]]) -> None:
    assert faults(chain_of(entries)) == []


@given(ENTRIES, st.data())
def test_a_changed_entry_is_seen_at_its_place(entries: list[dict[str, Any]], data: Any) -> None:
    links = chain_of(entries)
    place = data.draw(st.integers(0, len(links) - 1))
    old = links[place]
    other = data.draw(st.dictionaries(NAMES, VALUES, max_size=5))
    if canonical(other) == canonical(old.entry):
        return
    links[place] = Link(old.number, old.previous, old.hash, other)
    assert faults(links) == [(place + 1, "changed")]


@given(ENTRIES, st.data())
def test_a_missing_link_is_seen_at_its_place(entries: list[dict[str, Any]], data: Any) -> None:
    links = chain_of([*entries, {"last": 1}])
    place = data.draw(st.integers(0, len(links) - 2))
    del links[place]
    assert faults(links) == [(place + 1, "missing")]


@given(ENTRIES, st.data())
def test_a_link_put_in_and_the_rest_renumbered_is_seen(
    entries: list[dict[str, Any]], data: Any
) -> None:
    links = chain_of(entries)
    place = data.draw(st.integers(0, len(links) - 1))
    before = links[place].previous
    forged = Link(place + 1, before, link_hash(place + 1, before, {"forged": 1}), {"forged": 1})
    later = [Link(one.number + 1, one.previous, one.hash, one.entry) for one in links[place:]]
    assert faults([*links[:place], forged, *later]) == [(place + 2, "displaced")]


@given(ENTRIES, st.data())
def test_two_links_in_each_others_place_are_seen(entries: list[dict[str, Any]], data: Any) -> None:
    links = chain_of([*entries, {"last": 1}])
    one, other = sorted(data.draw(st.sets(st.integers(0, len(links) - 1), min_size=2, max_size=2)))
    first, second = links[one], links[other]
    links[one] = Link(one + 1, second.previous, second.hash, second.entry)
    links[other] = Link(other + 1, first.previous, first.hash, first.entry)
    assert faults(links)[0] == (one + 1, "displaced")


@given(ENTRIES)
def test_a_changed_copy_of_the_hash_before_is_seen(entries: list[dict[str, Any]]) -> None:
    links = chain_of(entries)
    last = links[-1]
    links[-1] = Link(last.number, "f" * 64, last.hash, last.entry)
    assert faults(links) == [(last.number, "changed")]


@given(st.dictionaries(NAMES, VALUES), st.dictionaries(NAMES, VALUES))
def test_a_seal_is_good_for_one_entry_and_one_key(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    told = seal(b"key", one)
    assert is_sealed(b"key", one, told)
    assert not is_sealed(b"kei", one, told)
    assert is_sealed(b"key", other, told) == (canonical(one) == canonical(other))
