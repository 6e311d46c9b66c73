"""Runs the jobs of the child processes and keeps what building an index took."""

import json
import os
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

from tests.bench.peers import peer_of
from tests.bench.questions import KINDS
from tests.bench.store import Store

TURNS = 4
"""Parts in which the engines ask the questions by turns."""

ENVIRONMENT = os.environ | {"PYTHONWARNINGS": "ignore::SyntaxWarning"}


def run(job: str, name: str, store: Store, seconds: float, **part: int) -> dict[str, Any]:
    """Let a fresh process do a job and give what it measured."""
    command = _command(job, name, store, seconds, **part)
    done = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True)
    return _last_line(done.stdout)


def in_turns(names: list[str], store: Store, seconds: float) -> dict[str, dict[str, Any]]:
    """Let the engines take turns with the questions; give times and answers by engine and kind."""
    measured: dict[str, dict[str, Any]] = {
        name: {kind: {"times": [], "busy": [], "found": {}, "marked": []} for kind in KINDS}
        for name in names
    }
    for part, name in product(range(TURNS), names):
        kinds = run("hot", name, store, seconds / TURNS, part=part, parts=TURNS)
        for kind, facts in kinds.items():
            for measure in ("times", "busy", "marked"):
                measured[name][kind][measure] += facts[measure]
            measured[name][kind]["found"] |= facts["found"]
    return measured


def built(name: str, store: Store, seconds: float) -> dict[str, Any]:
    """Build an index unless one of this corpus and recipe is there; say which, and the seconds."""
    folder, record = store.folder / name, store.folder / f"{name}.json"
    recipe = peer_of(name).recipe
    figures: dict[str, Any] = json.loads(record.read_text()) if record.exists() else {}
    if figures.get("recipe") == recipe:
        return figures | {"reused": True}
    shutil.rmtree(folder, ignore_errors=True)
    figures = run("build", name, store, seconds) | {"recipe": recipe, "bytes": _bytes(folder)}
    record.write_text(json.dumps(figures))
    return figures | {"reused": False}


def changed(name: str, store: Store, seconds: float) -> dict[str, Any]:
    """Measure changes on a copy of the index, so that the index stays what was built."""
    copy = Store(store.count, at=str(store.folder / "copy"))
    shutil.rmtree(copy.folder, ignore_errors=True)
    copy.folder.mkdir()
    shutil.copytree(store.folder / name, copy.folder / name)
    for kept in ("texts.sqlite", "questions.json"):
        (copy.folder / kept).symlink_to(store.folder / kept)
    try:
        return run("change", name, copy, seconds)
    finally:
        shutil.rmtree(copy.folder)


def together(count: int, name: str, store: Store, seconds: float) -> list[float]:
    """Let several processes ask at once and give all their times."""
    children = [
        subprocess.Popen(
            _command("load", name, store, seconds),
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(count)
    ]
    for child in children:
        if child.stdout is None or child.stdout.readline() != b"ready\n":
            raise SystemExit(f"{name} did not open")
    # They were all waited for; now they all begin.
    for child in children:
        if child.stdin is not None:
            child.stdin.write(b"go\n")
            child.stdin.flush()
    outputs = [child.communicate()[0] for child in children]
    return [taken for output in outputs for taken in _last_line(output)["times"]]


def _command(job: str, name: str, store: Store, seconds: float, **part: int) -> list[str]:
    task = {"job": job, "engine": name, "documents": store.count, "folder": str(store.folder)}
    return [
        sys.executable,
        "-m",
        "tests.bench.child",
        json.dumps(task | {"seconds": seconds} | part),
    ]


def _last_line(output: bytes) -> dict[str, Any]:
    measured: dict[str, Any] = json.loads(output.splitlines()[-1])
    return measured


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
