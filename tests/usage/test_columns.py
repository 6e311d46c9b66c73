"""What is counted in columns of events."""

import numpy as np

from contentlib.usage.columns import among, distinct, pairs, told_of


def test_different_members_are_counted_by_group() -> None:
    groups = np.array([3, 1, 3, 3, 1], dtype=np.int32)
    members = np.array([7, 7, 7, 9, 7], dtype=np.int32)
    assert distinct(groups, members, 5).tolist() == [0, 1, 0, 2, 0]
    assert [column.tolist() for column in pairs(groups, members)] == [[1, 3, 3], [7, 7, 9]]
    assert told_of(groups, np.array([1, 8]), np.array([5, 6]), otherwise=0).tolist() == [
        0,
        5,
        0,
        0,
        5,
    ]
    assert among(groups, [1, 12]).tolist() == [False, True, False, False, True]
    assert not among(groups, []).any()
