"""Prints how good the like-for-like win rate is where the truth is known: `make simulate`."""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Iterable, Sequence

from tests.simulation.judging import Judged, of_seed
from tests.simulation.looks import Looks, looks_table
from tests.simulation.requirements import Finding, findings
from tests.simulation.scenarios import SCENARIOS, SELLERS
from tests.simulation.scores import Score, score
from tests.simulation.tables import size_table

# Small firms differ more from each other, and cost less.
WORLDS = {600: 24, 4_000: 24, 40_000: 8}


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate, print the tables and the findings, and tell by the status whether all is met."""
    asked = _asked(arguments)
    tasks = [
        (name, deals, seed)
        for deals in sorted(asked.deals, reverse=True)
        for name in asked.scenario
        for seed in range(asked.worlds or WORLDS[deals])
    ]
    with multiprocessing.get_context("spawn").Pool(asked.processes) as pool:
        worlds = list(_counted(pool.imap(of_seed, tasks), len(tasks)))
    print(looks_table(_grouped(worlds)), end="\n\n")
    found = [one for deals in sorted(asked.deals) for one in report(deals, worlds)]
    print("\n".join(map(str, found)))
    return int(any(one.met is False for one in found))


def report(deals: int, worlds: Sequence[Judged]) -> list[Finding]:
    """Print the table of one size and give what it shows of the requirements."""
    here = [one for one in worlds if one.deals == deals]
    names = [name for name in SCENARIOS if any(one.scenario == name for one in here)]
    scores = {name: _both([one for one in here if one.scenario == name]) for name in names}
    pooled = _both(here)
    print(size_table(deals, scores | {"all": pooled}), end="\n\n")
    ours = {name: one for name, (one, _naive) in scores.items()}
    return list(findings(deals, ours, pooled[0], len(SCENARIOS)))


def _grouped(worlds: Sequence[Judged]) -> dict[str, list[Looks]]:
    looks = {name: [one.looks for one in worlds if one.scenario == name] for name in SCENARIOS}
    return {name: ones for name, ones in looks.items() if ones}


def _both(worlds: Sequence[Judged]) -> tuple[Score, Score]:
    return score([one.like_for_like for one in worlds]), score([one.naive for one in worlds])


def _counted(worlds: Iterable[Judged], count: int) -> Iterable[Judged]:
    for number, world in enumerate(worlds, 1):
        if sys.stderr.isatty():
            print(f"\r{number} of {count} worlds ", end="", file=sys.stderr, flush=True)
        yield world


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--deals", type=int, nargs="+", choices=SELLERS, default=list(SELLERS))
    parser.add_argument("--scenario", nargs="+", choices=SCENARIOS, default=list(SCENARIOS))
    parser.add_argument("--worlds", type=int, help="of each scenario and size; 24, 24 and 8")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
