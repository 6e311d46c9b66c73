"""Makes the families' traces anew, the same for the same seeds.

python -m tests.sharing.traces.make
"""

import json
from pathlib import Path
from random import Random
from typing import Any

from tests.sharing.traces.families import FAMILIES, HELD_OUT
from tests.sharing.traces.parts import Trace

HERE = Path(__file__).parent
MADE, RECORDED = HERE / "made.jsonl", HERE / "recorded.jsonl"
EACH = 16


def made() -> list[dict[str, Any]]:
    """Return every trace of every family: `train` chose the rules' thresholds, `test` none."""
    traces = []
    for name, (label, make) in FAMILIES.items():
        for number in range(EACH):
            trace = Trace(Random(f"{name}:{number}"))
            make(trace)
            split = "test" if name in HELD_OUT or number % 2 else "train"
            known = {key: value for key, value in vars(trace).items() if key != "random"}
            known["asked"] = sorted(trace.asked, key=lambda asked: asked["at"])
            head = {"family": name, "number": number, "label": label, "split": split}
            traces.append(head | known)
    return traces


def written(traces: list[dict[str, Any]]) -> str:
    """Return traces as a file holds them, one a line."""
    return "".join(f"{json.dumps(trace, separators=(',', ':'))}\n" for trace in traces)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the traces of a file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


if __name__ == "__main__":
    MADE.write_text(written(made()))
