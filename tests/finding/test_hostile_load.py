"""Twenty people who ask the worst at once get whole answers, and so does who searches meanwhile.

How long that takes, `make bench-hostile` measures: no time decides a test.
"""

from pathlib import Path

import pytest

from tests.bench import hostile


@pytest.mark.slow
def test_hostile_questions_at_once_are_answered_whole_and_hold_nobody_up(tmp_path: Path) -> None:
    with hostile.library(tmp_path, assets=1_000) as (base, cookie):
        bad, ordinary = hostile.storm(base, cookie, seconds=4.0)
    for asked in (bad, ordinary):
        assert set(asked.statuses) == {200}
        assert asked.torn == []
    assert bad.statuses.total() >= hostile.THREADS
