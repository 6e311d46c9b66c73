"""Measures the models of credit: python -m tests.bench.credit, with --deals for another size.

Draws a million won deals with ten touches each on 2,000 materials, some of them used far more than
others, and shares them by every model; takes them as closed deals for Markov; and writes them as a
file of a million lines for `contentlib report paths`, which a process of its own reads and credits.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from contentlib.reports.credit import Model, Touches, credit, ledger, markov
from contentlib.reports.credit.path_file import read_paths
from contentlib.reports.credit.paths import credit_paths
from tests.bench.table import figure, table

ASSETS = 2_000
TOUCHES = 10
RUNS = 2


def drawn(deals: int) -> tuple[np.ndarray, np.ndarray, Touches]:
    """Draw the amounts of closed deals, which were won, and their touches as they happened."""
    chance = np.random.default_rng(20261128)
    count = deals * TOUCHES
    often = 1 / np.arange(1, ASSETS + 1) ** 0.8
    touches = Touches(
        deal=chance.integers(0, deals, count),
        asset=chance.choice(ASSETS, count, p=often / often.sum()),
        at=np.sort(chance.integers(0, 10**14, count)),
        id=np.arange(count),
        helped=chance.choice(3, count, p=[0.9, 0.08, 0.02]).astype(np.int8),
    )
    return chance.integers(10**5, 10**9, deals), chance.random(deals) < 0.3, touches


def jobs(deals: int) -> dict[str, Callable[[], object]]:
    """Name what is measured."""
    amounts, won, touches = drawn(deals)

    def by_model(model: Model) -> Callable[[], object]:
        return lambda: credit(model, amounts, touches)

    def by_markov() -> object:
        # What a path knows of itself is worked out anew each time.
        journeys = markov.Journeys(paths.journeys.states, paths.journeys.offsets)
        fresh = markov.Paths(journeys, paths.conversions, paths.value, paths.nulls)
        return markov.removal_effects(fresh, ASSETS)

    paths = markov.paths_of(amounts, won, touches, by=touches.asset)
    shares = credit(Model.LINEAR_UNIQUE, amounts, touches)
    return {
        **{model.value: by_model(model) for model in Model},
        "a table by asset": lambda: ledger(
            Model.LINEAR_UNIQUE, amounts, touches, touches.asset, shares
        ),
        "closed deals to paths": lambda: markov.paths_of(amounts, won, touches, touches.asset),
        "markov": by_markov,
    }


def write_paths(deals: int, file: Path) -> None:
    """Write each closed deal as a line of its own."""
    amounts, won, touches = drawn(deals)
    paths = markov.paths_of(amounts, won, touches, by=touches.asset)
    ends = paths.journeys.offsets.tolist()
    with file.open("w") as out:
        out.write("path;conversions;value;nulls\n")
        for deal in np.flatnonzero(paths.journeys.lengths).tolist():
            states = paths.journeys.states[ends[deal] : ends[deal + 1]].tolist()
            path = " > ".join(f"asset-{state}" for state in states)
            cents = paths.value[deal] / 100
            out.write(f"{path};{int(won[deal])};{cents};{int(not won[deal])}\n")


def measured(job: Callable[[], object], runs: int = RUNS) -> list[str]:
    """Return as cells how long a job took at best, by the clock and of the processors."""
    times = []
    for _ in range(runs):
        start, busy = time.perf_counter(), time.process_time()
        job()
        times.append((time.perf_counter() - start, time.process_time() - busy))
    return [figure(min(column)) for column in zip(*times, strict=True)] + [f"{peak():,.0f}"]


def file_job(file: Path) -> None:
    """Read and credit a file as the command does, and print what each took and needed."""
    found = []

    def read() -> None:
        with file.open("rb") as lines:
            found.append(read_paths(lines))

    print(json.dumps(measured(read, runs=1)))
    print(json.dumps(measured(lambda: credit_paths(found[0].paths, len(found[0].names)), runs=1)))


def peak() -> float:
    """Return the most memory that this process had, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.credit")
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.file:
        file_job(chosen.file)
        return
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load before: {load}.\n")
    rows = {name: measured(job) for name, job in jobs(chosen.deals).items()}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paths.csv"
        write_paths(chosen.deals, file)
        rows |= in_a_process(file)
    title = f"{chosen.deals:,} deals, {chosen.deals * TOUCHES:,} touches, {ASSETS:,} assets"
    print(table(title, ["seconds", "of processor", "MB at most until then"], rows))


def in_a_process(file: Path) -> dict[str, list[str]]:
    """Return the rows of a file read and credited by a new process."""
    command = [sys.executable, "-m", "tests.bench.credit", "--file", str(file)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    size = f"{file.stat().st_size / 1e6:,.0f} MB"
    names = (f"reading a file of {size}", "all models on it")
    return dict(zip(names, map(json.loads, lines), strict=True))


if __name__ == "__main__":
    main()
