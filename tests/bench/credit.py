"""Measures the models of credit: python -m tests.bench.credit, with --deals for another size.

Draws a million won deals with ten touches each on 2,000 materials, some of them used far more than
others, and shares them by every model; a million closed deals as paths, for Markov; and a file of a
million lines for `contentlib report paths`. Each is measured in a process of its own.
"""

import argparse
import os
import platform
import resource
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
RUNS = 3


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


def measured(job: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Return how long a job took each time, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return times


def file_job(file: Path) -> None:
    """Read and credit a file as the command does, and print what each took and needed."""
    start = time.perf_counter()
    with file.open("rb") as lines:
        named = read_paths(lines)
    read = time.perf_counter()
    memory = peak()
    credit_paths(named.paths, len(named.names))
    print(f"{read - start} {memory} {time.perf_counter() - read} {peak()}")


def peak() -> float:
    """Return the most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


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
    rows = {}
    for name, job in jobs(chosen.deals).items():
        times = measured(job)
        rows[name] = [figure(min(times)), figure(max(times)), f"{peak():,.0f}"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paths.csv"
        write_paths(chosen.deals, file)
        rows |= in_a_process(file)
    title = f"{chosen.deals:,} deals, {chosen.deals * TOUCHES:,} touches, {ASSETS:,} assets"
    print(table(title, ["seconds, best", "worst", "MB at most until then"], rows))


def in_a_process(file: Path) -> dict[str, list[str]]:
    """Return the rows of a file read and credited by a new process."""
    command = [sys.executable, "-m", "tests.bench.credit", "--file", str(file)]
    cells = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    read, read_memory, credited, memory = map(float, cells)
    size = f"{file.stat().st_size / 1e6:,.0f} MB"
    return {
        f"reading a file of {size}": [figure(read), "", f"{read_memory:,.0f}"],
        "all models on it": [figure(credited), "", f"{memory:,.0f}"],
    }


if __name__ == "__main__":
    main()
