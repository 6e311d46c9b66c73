"""What arrives together is written together, once, and nobody is answered before it is."""

import threading
from collections.abc import Sequence

import pytest

from contentlib.sharing.visits.tray import Tray


def test_everything_put_down_is_written_once_and_before_the_answer() -> None:
    written: list[int] = []
    early: list[int] = []
    tray = Tray[int](written.extend)

    def come(number: int) -> None:
        tray.put(number)
        if number not in written:
            early.append(number)

    people = [threading.Thread(target=come, args=(number,)) for number in range(200)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(written) == list(range(200))
    assert early == []


def test_what_comes_while_somebody_writes_waits_for_one_writing() -> None:
    batches: list[list[str]] = []
    begun, go_on = threading.Event(), threading.Event()

    def write(items: Sequence[str]) -> None:
        batches.append(list(items))
        begun.set()
        go_on.wait(10)

    tray = Tray[str](write)
    first = threading.Thread(target=tray.put, args=("first",))
    first.start()
    begun.wait(10)
    others = [threading.Thread(target=tray.put, args=(f"other {n}",)) for n in range(5)]
    for one in others:
        one.start()
    while len(tray._lying) < 5:
        pass
    go_on.set()
    for one in [first, *others]:
        one.join()
    assert batches[0] == ["first"]
    assert sorted(batches[1]) == [f"other {n}" for n in range(5)]
    assert len(batches) == 2


def test_who_was_not_written_is_told() -> None:
    def fail(_items: Sequence[int]) -> None:
        raise OSError("the disk is full")

    tray = Tray[int](fail)
    with pytest.raises(OSError, match="full"):
        tray.put(1)
