"""Whether the engines found the same: it makes no sense to compare the times of other answers."""

from collections.abc import Iterator, Mapping
from typing import Any

COMPARED = ("AND", "OR", "filtered", "faceted")


def agreements(hot: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    """Say of each peer for how many questions it found as many documents as contentlib."""
    ours = hot["ours"]
    for name, theirs in hot.items():
        if name != "ours":
            sizes = [_sizes(kind, ours, theirs) for kind in COMPARED]
            yield (
                f"{names[name]} finds as many documents as contentlib: {', '.join(sizes)}; "
                f"the same counts in all facets: {_facets(ours, theirs)}; "
                f"of the best 20 for any of three words it shares {_shared(ours, theirs):.1f}"
            )


def _pairs(kind: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Any]:
    # A slow engine was asked fewer of the same questions.
    found = theirs[kind]["found"]
    return [(one, found[number]) for number, one in ours[kind]["found"].items() if number in found]


def _sizes(kind: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    pairs = _pairs(kind, ours, theirs)
    same = sum(one[0] == other[0] for one, other in pairs)
    return f"{kind} {same} of {len(pairs)}"


def _facets(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    pairs = _pairs("faceted", ours, theirs)
    return f"{sum(one[2] == other[2] for one, other in pairs)} of {len(pairs)}"


def _shared(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> float:
    shared = [len({*one[1]} & {*other[1]}) for one, other in _pairs("OR", ours, theirs)]
    return sum(shared) / max(len(shared), 1)
