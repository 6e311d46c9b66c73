"""One engine in a process of its own, doing one job that its command line describes as JSON.

It prints what it measured as a line of JSON, times in milliseconds. No job spends much more than
its seconds on one kind of question, so that a slow engine is asked less often.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, TypeVar

from tests.bench.peers import Found, Peer, peer_of
from tests.bench.questions import Question, kept
from tests.bench.store import Store

T = TypeVar("T")
FEWEST = 3
CHANGES = 12
MEMORY_ASKS = 200
VISIBLE_WITHIN = 60.0


@dataclass(frozen=True)
class Task:
    """How long a job may ask a kind of question, and which part of the questions is its own."""

    seconds: float
    part: int = 0
    parts: int = 1


def hot(engine: Peer, store: Store, task: Task) -> dict[str, Any]:
    """Ask each question once, after each of its words alone, so that no whole answer is known."""
    engine.open()
    measured: dict[str, Any] = {}
    for kind, every in kept(store).items():
        # The engines take turns with parts of the questions, so that a busy moment hits them all.
        numbered = list(enumerate(every))[task.part :: task.parts]
        words = chain.from_iterable(_parts(question) for _, question in numbered)
        for part in _within(task.seconds, dict.fromkeys(words)):
            engine.ask(Question("type-ahead", *part))
        times, busy, found, marked = [], [], {}, []
        for number, question in _within(task.seconds, numbered):
            began = time.process_time()
            taken, answer = _timed(engine, question)
            busy.append((time.process_time() - began) * 1000)
            times.append(taken)
            found[number] = (answer.total, answer.numbers, answer.facets)
            marked += [_is_marked(passage) for passage in answer.snippets]
        measured[kind] = {"times": times, "busy": busy, "found": found, "marked": marked}
    return measured


def fresh(engine: Peer, store: Store, task: Task) -> dict[str, Any]:
    """Ask in an opened index for words that nobody asked for before."""
    engine.open()
    first, *others = kept(store)["faceted"]
    engine.ask(first)
    return {"times": [_timed(engine, question)[0] for question in _within(task.seconds, others)]}


def cold(engine: Peer, store: Store, _task: Task) -> dict[str, Any]:
    """Open the index and ask two different questions, the first ones of this process."""
    first, second = kept(store)["faceted"][:2]
    began = time.perf_counter()
    engine.open()
    engine.ask(first)
    opened = (time.perf_counter() - began) * 1000
    return {"first": opened, "second": _timed(engine, second)[0]}


def memory(engine: Peer, store: Store, task: Task) -> dict[str, Any]:
    """Ask questions of all kinds and tell what the process holds, before the index and after."""
    mixed = chain.from_iterable(zip_longest(*kept(store).values()))
    asked = list(mixed)[:MEMORY_ASKS]
    before = _resident()
    engine.open()
    count = 0
    for question in _within(6 * task.seconds, asked):
        engine.ask(question)
        count += 1
    watched = ("flask", "sqlalchemy", "numpy", "whoosh", "tantivy", "sqlite3")
    imported = [name for name in watched if name in sys.modules]
    return {"before": before, "after": _resident(), "asked": count, "imported": imported}


def change(engine: Peer, store: Store, _task: Task) -> dict[str, Any]:
    """Change a document several times; a reader that has the index open looks until it sees it."""
    reader = type(engine)(store)
    reader.open()
    shown = reader.ask(kept(store)["AND"][0]).numbers
    applied, visible = [], []
    for turn in range(CHANGES):
        word = f"novidade{turn}"
        began = time.perf_counter()
        engine.change(shown[turn % len(shown)], word)
        applied.append((time.perf_counter() - began) * 1000)
        question = Question("AND", (word,))
        while not _look(reader, question).numbers:
            if time.perf_counter() - began > VISIBLE_WITHIN:
                raise SystemExit(f"a change was not found within {VISIBLE_WITHIN} s")
            time.sleep(0.001)
        visible.append((time.perf_counter() - began) * 1000)
    return {"applied": applied, "visible": visible}


def load(engine: Peer, store: Store, task: Task) -> dict[str, Any]:
    """Ask for full pages without a pause from the moment that all processes are ready."""
    engine.open()
    asked = kept(store)["full page"]
    engine.ask(asked[0])
    print("ready", flush=True)
    sys.stdin.readline()
    ends, times = time.monotonic() + task.seconds, []
    while time.monotonic() < ends or len(times) < FEWEST:
        times.append(_timed(engine, asked[len(times) % len(asked)])[0])
    return {"times": times}


def build(engine: Peer, _store: Store, _task: Task) -> dict[str, Any]:
    """Build the index and tell the seconds, by the clock and of the processor."""
    began = time.perf_counter()
    engine.build()
    seconds = time.perf_counter() - began
    used = os.times()  # With those of the processes that a batch writer started.
    return {"seconds": seconds, "processor": sum(used[:4])}


JOBS: dict[str, Callable[[Peer, Store, Task], dict[str, Any]]] = {
    job.__name__: job for job in (build, hot, fresh, cold, memory, change, load)
}


def _within(seconds: float, items: Iterable[T]) -> Iterator[T]:
    """Give items until the time is up, a few at least."""
    ends = time.monotonic() + seconds
    for position, item in enumerate(items):
        if position >= FEWEST and time.monotonic() > ends:
            return
        yield item


def _parts(question: Question) -> list[tuple[tuple[str, ...], str]]:
    alone = [((word,), "") for word in question.words]
    return [*alone, ((), question.prefix)] if question.prefix else alone


def _timed(engine: Peer, question: Question) -> tuple[float, Found]:
    began = time.perf_counter()
    found = engine.ask(question)
    return (time.perf_counter() - began) * 1000, found


def _look(reader: Peer, question: Question) -> Found:
    reader.look()
    return reader.ask(question)


def _is_marked(passage: str) -> bool:
    return any(mark in passage for mark in ("<mark", "<b>", "<strong"))


def _resident() -> dict[str, float]:
    """Give the resident memory of this process in MB: all of it, and without mapped files."""
    facts = {}
    with open("/proc/self/status") as status:
        for line in status:
            name, _, value = line.partition(":")
            facts[name] = value
    return {
        "all": int(facts["VmRSS"].split()[0]) / 1024,
        "own": int(facts["RssAnon"].split()[0]) / 1024,
    }


def main() -> None:
    """Do the job that the command line describes."""
    facts = json.loads(sys.argv[1])
    store = Store(facts.pop("documents"), at=facts.pop("folder"))
    job, engine = JOBS[facts.pop("job")], peer_of(facts.pop("engine"))(store)
    print(json.dumps(job(engine, store, Task(**facts))), flush=True)


if __name__ == "__main__":
    main()
