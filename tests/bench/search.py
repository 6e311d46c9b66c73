"""Measures search beside other engines: `make bench-search`, or with --documents and --quick.

Generates a corpus of each size, builds the same documents into contentlib's index, stock Whoosh,
tantivy and SQLite's FTS5, asks all of them the same questions and prints what each took, whether
they found the same, and what they need. Indexes stay under var/bench-search and are used again
while corpus and format are unchanged; their building times are then those of that first time.
"""

import argparse
import os
import platform
import textwrap
from statistics import fmean
from typing import Any

from contentlib.search import open_engine
from tests.bench.agreement import agreements
from tests.bench.peers import NAMES
from tests.bench.questions import DRAWN, EACH, KINDS, questions
from tests.bench.running import built, changed, in_turns, run, together
from tests.bench.store import Store
from tests.bench.table import figure, p50_p95, table

Measured = dict[str, dict[str, Any]]
COLD_STARTS = 5


def main() -> None:
    """Measure and print each size in turn."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search")
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--engines", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--quick", action="store_true", help="two seconds a kind instead of twenty")
    chosen = parser.parse_args()
    seconds = 2.0 if chosen.quick else 20.0
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load before: {_load()}.\n")
    print(textwrap.fill(DRAWN.format(each=EACH), 100))
    print(
        f"\nTimes are p50 / p95 in milliseconds. An engine is asked {seconds:.0f} s a kind at\n"
        "most; brackets say how often, where that is less. Processor times leave out waiting."
    )
    for count in chosen.documents:
        measure(Store(count), ["ours", *(n for n in chosen.engines if n != "ours")], seconds)
        print(f"Load of the machine, over one, five and fifteen minutes: {_load()}.")


def measure(store: Store, names: list[str], seconds: float) -> None:
    """Build, ask and print one size."""
    texts = store.prepare()
    print(f"\n## {store.count:,} documents, {texts['mean words']:.0f} words each on average\n")
    builds = {name: built(name, store, seconds) for name in names}
    questions(store, open_engine(f"whoosh:{store.folder / 'ours'}"))
    _print_builds(builds, store, texts["analysing seconds"])
    hot = in_turns(names, store, seconds)
    _print_kinds(hot)
    for line in agreements(hot, NAMES):
        print(f"- {line}")
    _print_starts(store, names, hot, seconds)
    _print_load(store, names, seconds)
    _print_changes(store, names, seconds)
    _print_memory(store, names, seconds)


def _print_builds(builds: Measured, store: Store, analysing: float) -> None:
    rows = {}
    for name, facts in builds.items():
        # Ours analyses while it builds; the peers were given keys, made beforehand.
        alone = facts["processor"] - (analysing if name == "ours" else 0)
        rows[NAMES[name]] = [
            figure(facts["seconds"]),
            figure(facts["processor"]),
            figure(store.count / (alone + analysing)),
            figure(store.count / alone) if alone > 0 else "—",
            figure(facts["bytes"] / 1e6),
            "recorded" if facts["reused"] else "now",
        ]
    columns = ["seconds", "of processor", "docs a processor second", "… without analysis"]
    _show("building", [*columns, "MB on disk", "built"], rows)
    print(
        f"Analysis took {figure(analysing)} s of processor, by contentlib, for all engines: the\n"
        "peers were given its keys, contentlib analyses while it builds. Reading texts counts.\n"
    )


def _print_kinds(hot: Measured) -> None:
    for title, measure in (("words asked before", "times"), ("… processor time alone", "busy")):
        rows = {}
        for kind in KINDS:
            rows[kind] = [_cell(facts[kind][measure]) for facts in hot.values()]
        _show(title, [NAMES[name] for name in hot], rows)
    marked = {NAMES[name]: facts["full page"]["marked"] for name, facts in hot.items()}
    shares = ", ".join(f"{name} {fmean(marks):.0%}" for name, marks in marked.items())
    print(f"- passages of the full page in which something is marked: {shares}")


def _print_starts(store: Store, names: list[str], hot: Measured, seconds: float) -> None:
    columns: dict[str, list[str]] = {}
    for name in names:
        starts = [run("cold", name, store, seconds) for _ in range(COLD_STARTS)]
        columns[name] = [
            p50_p95([start["first"] for start in starts]),
            p50_p95([start["second"] for start in starts]),
            _cell(run("fresh", name, store, seconds)["times"]),
            _cell(hot[name]["faceted"]["times"]),
        ]
    titles = [
        f"opening and first search of a process ({COLD_STARTS} processes)",
        "its second search, other words",
        "an open index, words not asked before",
        "words asked before",
    ]
    print()
    _show_columns("faceted", titles, columns)
    print("Files were in the system's cache and Python's modules imported; of five the p95 is the")
    print("slowest.\n")


def _print_load(store: Store, names: list[str], seconds: float) -> None:
    columns = {}
    for name in names:
        asked = [together(count, name, store, seconds / 4) for count in (1, 4)]
        columns[name] = [p50_p95(times) for times in asked]
        columns[name] += [figure(len(times) / (seconds / 4)) for times in asked]
    titles = ["1 process", "4 processes", "pages a second by 1", "pages a second by 4"]
    _show_columns("full page, asked without pause", titles, columns)


def _print_changes(store: Store, names: list[str], seconds: float) -> None:
    columns = {}
    for name in names:
        taken = changed(name, store, seconds)
        columns[name] = [p50_p95(taken["applied"]), p50_p95(taken["visible"])]
    titles = ["one change is written", "an open reader finds it"]
    _show_columns("update to visible", titles, columns)
    print(
        "From the call on, analysis included; the reader is another object with a view of its\n"
        "own. contentlib, tantivy and FTS5 wait for the disk, Whoosh does not.\n"
    )


def _print_memory(store: Store, names: list[str], seconds: float) -> None:
    columns = {}
    for name in names:
        held = run("memory", name, store, seconds)
        columns[name] = [
            figure(held["before"]["all"]),
            figure(held["after"]["all"]),
            figure(held["after"]["own"]),
            str(held["asked"]),
            " ".join(held["imported"]),
        ]
    titles = ["imported", "open and asked", "… without mapped files", "asked", "of these modules"]
    _show_columns("memory of a process, MB resident", titles, columns)


def _load() -> str:
    return ", ".join(f"{load:.1f}" for load in os.getloadavg())


def _cell(times: list[float]) -> str:
    few = f" ({len(times)})" if len(times) < EACH - 1 else ""
    return p50_p95(times) + few


def _show_columns(title: str, titles: list[str], columns: dict[str, list[str]]) -> None:
    rows = {name: [cells[place] for cells in columns.values()] for place, name in enumerate(titles)}
    _show(title, [NAMES[name] for name in columns], rows)


def _show(title: str, columns: list[str], rows: dict[str, list[str]]) -> None:
    print(table(title, columns, rows) + "\n", flush=True)


if __name__ == "__main__":
    main()
