"""Higher packages say what is to be found; search asks them and knows no more."""

from collections.abc import Iterable, Sequence

import pytest

from contentlib.search import Document
from contentlib.search.sources import Sources


@pytest.fixture
def sources() -> Sources:
    sources = Sources()

    @sources.register("asset")
    class Assets:
        def revisions(self) -> dict[str, int]:
            return {"asset:1": 1, "asset:2": 5}

        def load(self, ids: Sequence[str]) -> Iterable[Document]:
            return [Document(i, r, i) for i, r in self.revisions().items() if i in ids]

    return sources


def test_what_cannot_be_loaded_is_to_be_deleted(sources: Sources):
    changes = sources.current(["asset:1", "asset:9", "ghost:1", "asset:1"])
    assert [document.id for document in changes.documents] == ["asset:1"]
    assert changes.deleted == {"asset:9", "ghost:1"}


def test_differences_are_seen_in_both_directions(sources: Sources):
    assert sources.differences({"asset:1": 1, "asset:2": 5}) == set()
    assert sources.differences({"asset:1": 1, "asset:2": 4, "asset:7": 1}) == {"asset:2", "asset:7"}
    assert sources.differences({}) == {"asset:1", "asset:2"}


def test_everything_is_given_to_a_rebuild(sources: Sources):
    assert {document.id for document in sources.everything()} == {"asset:1", "asset:2"}


def test_two_sources_of_one_kind_are_a_mistake(sources: Sources):
    with pytest.raises(ValueError, match="two sources"):
        sources.register("asset")(object)  # type: ignore[type-var]
