"""Twenty people who ask the worst at once get whole answers, and so does who searches meanwhile.

How long that takes, `make bench-hostile` measures: no time decides a test.
"""

from pathlib import Path

import pytest

from tests.bench import hostile


@pytest.mark.slow
def test_hostile_questions_at_once_are_answered_whole_and_hold_nobody_up(tmp_path: Path) -> None:
    with hostile.library(tmp_path, assets=1_000) as (base, (somebody, *others)):
        bad, ordinary = hostile.storm(base, somebody, others, seconds=2.0)
        flood, beside = hostile.storm(base, somebody, others[:1], seconds=2.0)
    for asked in (bad, ordinary, beside):
        assert set(asked.statuses) == {200}
        assert asked.torn == []
    assert bad.statuses.total() >= hostile.THREADS
    # Who alone asks for twenty things at once is answered, but not to the cost of others.
    assert set(flood.statuses) == {200, 429}
    assert flood.torn == []
