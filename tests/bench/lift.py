"""Measures the like-for-like win rate of all assets: `python -m tests.bench.lift`.

A fresh process draws a firm and measures; the most memory it held counts from then on, with the
columns of the firm in it. No asset of the firm does anything.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

from contentlib.reports.lift import Deals, Uses, Visits, lift
from contentlib.reports.lift.rows import DAY
from tests.bench.table import figure, table

AS_OF = 1_500 * DAY
STAGES, SIZES, STAYS = 6, 4, 3.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lift")
    parser.add_argument("--deals", type=int, nargs="+", default=[4_000, 40_000, 1_000_000])
    parser.add_argument("--assets", type=int, default=2_000)
    parser.add_argument("--sellers", type=int, default=500)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        measure(chosen.deals[0], chosen.assets, chosen.sellers)
        return
    rows = {}
    for deals in chosen.deals:
        sizes = ["--deals", str(deals), "--assets", str(chosen.assets)]
        command = [sys.executable, "-m", "tests.bench.lift", "--child", *sizes]
        command += ["--sellers", str(min(chosen.sellers, deals // 40))]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        rows[f"{deals:,}"] = done.stdout.strip().split("\t")
    columns = ["uses", "sellers", "seconds", "of processor", "MB at most", "verdicts"]
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}.\n")
    print(table("deals", columns, rows))


def measure(count: int, assets: int, sellers: int) -> None:
    deals, visits, uses = firm(count, assets, sellers)
    # From here on the system notes the most memory anew.
    Path("/proc/self/clear_refs").write_text("5")
    began, busy = time.perf_counter(), time.process_time()
    found = lift(deals, visits, uses, as_of=AS_OF)
    taken, busy = time.perf_counter() - began, time.process_time() - busy
    status = Path("/proc/self/status").read_text()
    most = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    said = Counter(str(one.verdict) for one in found)
    words = ", ".join(f"{verdict} {many}" for verdict, many in sorted(said.items()))
    cells = [f"{len(uses.at):,}", f"{sellers:,}", figure(taken), figure(busy), figure(most), words]
    print("\t".join(cells))


def firm(count: int, assets: int, sellers: int) -> tuple[Deals, Visits, Uses]:
    """Draw a firm: ten uses a deal, popular assets and rare ones; a tenth of deals change hands."""
    draw = np.random.default_rng(count)
    opened = draw.integers(0, 1_300 * DAY, count)
    many = np.minimum(draw.geometric(1 / STAYS, count), STAGES)
    deal = np.repeat(np.arange(count), many)
    first = np.cumsum(many) - many
    lasted = (draw.exponential(14, len(deal)) * DAY).astype(np.int64)
    left = np.cumsum(lasted)
    left += (opened - (left - lasted)[first])[deal]
    stage = np.arange(len(deal)) - first[deal]
    owner, heir = draw.integers(1, sellers + 1, (2, count))
    handed = (draw.random(count) < 0.1)[deal] & (stage >= 1)
    seller = np.where(handed, heir[deal], owner[deal])
    closed = left[first + many - 1]
    deals = Deals(opened, closed, draw.random(count) < 0.3, draw.integers(0, SIZES, count))
    visits = Visits(deal, stage, seller, left - lasted, left)
    popular = 1 / (20 + np.arange(assets))
    on = draw.integers(0, count, count * 10)
    asset = draw.choice(assets, len(on), p=popular / popular.sum()) + 1
    at = opened[on] + ((closed - opened)[on] * draw.random(len(on))).astype(np.int64)
    return deals, visits, Uses(on, asset, at, draw.random(len(on)) < 0.05)


if __name__ == "__main__":
    main()
