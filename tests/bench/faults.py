"""Lets everything go wrong that can while files come in, and counts what came of it: make faults.

Each row of the table is a fault, how often it was made to happen, how often the sender was refused
with a sentence, and what must be nothing: bytes that were answered and are lost, and what is half
made. With --write it takes the place of the table in docs/reliability.md. It ends with status 1
where anything was lost.
"""

import argparse
import errno
import os
import platform
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from unittest import mock

from flask import Flask

from contentlib import receiving
from contentlib.storage import s3, s3_direct
from tests.library.dying import (
    IN_A_BUCKET,
    IN_A_FOLDER,
    PART,
    POINTS,
    STRAIGHT,
    STRAIGHT_PART,
    STRAIGHT_POINTS,
    Told,
    answered,
    browser_of,
    failing,
    faults,
    installation,
    sends_and_dies,
    sends_until_killed,
)
from tests.real.faulty import Faults, faulty
from tests.real.s3_server import ACCESS_KEY, SECRET, S3Server
from tests.real.swift import swift

PAGE = Path("docs/reliability.md")
BEGIN, END = "<!-- faults: written by make faults -->", "<!-- end of faults -->"
KILLS = 200
WAYS: dict[str, dict[str, int]] = {
    "answers 503 for a moment": {"busy": 2},
    "answers 503": {"busy": 10**6},
    "does not answer": {"hangs": True},
    "resets the line": {"cut_after": 60_000, "cuts": 10**6},
    "gets a byte flipped": {"flip_at": 60_000},
}
CALLS = ("pwrite", "fsync", "ftruncate", "replace")


@dataclass
class Row:
    """What came of one kind of fault; `wrong` names everything that is not as it was answered."""

    name: str
    times: int = 0
    refused: int = 0
    carried_on: int = 0
    wrong: tuple[str, ...] = ()

    def note(self, app: Flask, told: Told, status: int | None = None) -> None:
        """Count one time, and look whether everything is as it was answered."""
        self.times += 1
        self.refused += status is not None
        self.wrong += tuple(faults(app, told))

    def carry_on(self, app: Flask, name: str, told: Told) -> None:
        """Send the same again, as the upload field does by itself, and look once more."""
        status = answered(browser_of(app), name, told)
        self.carried_on += status is None
        self.wrong += tuple(faults(app, told))
        if status is not None:
            self.wrong += (f"{name} cannot be carried on: {status}",)

    def line(self) -> str:
        """Return the row as the table has it."""
        return (
            f"| {self.name} | {self.times} | {self.refused} | {self.carried_on} "
            f"| {len(self.wrong)} |"
        )


def main() -> None:
    """Make every fault happen and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.faults")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE}")
    chosen = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    os.environ["CONTENTLIB_LOG_FORMAT"] = "json"
    receiving.PART = PART
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="contentlib-faults-") as name:
        folder = Path(name)
        with swift(folder / "s3") as server:
            all_rows = (on_a_folder(folder), on_a_bucket(folder, server))
            for row in chain(*all_rows, straight_to_a_bucket(folder, server)):
                rows.append(row)
                print(row.line(), *row.wrong[:3], sep="\n", flush=True)
    if chosen.write:
        write(rows)
    sys.exit(any(row.wrong for row in rows))


def on_a_folder(folder: Path) -> Iterator[Row]:
    """Let processes die and the disk fail where files are kept in a folder."""
    app, told = installation(folder / "dying"), Told()
    points = (*POINTS, *IN_A_FOLDER)
    yield killed_at_moments(app, told, "killed at a named moment, folder", points)
    row, dice, number = Row("killed at random while sending, folder"), random.Random(11), 0
    for _ in range(KILLS):
        number = sends_until_killed(app, number, dice.uniform(0.02, 0.3), told)
        row.times += 1
    row.wrong = tuple(faults(app, told))
    row.carry_on(app, f"file{number}", told)
    yield row
    app, told = installation(folder / "failing"), Told()
    for error, meaning in ((errno.ENOSPC, "full"), (errno.EIO, "broken")):
        for call in CALLS:
            yield each_call_fails(app, told, call, error, f"`{call}` fails, disk {meaning}")
    yield from full_disk(folder)


def on_a_bucket(folder: Path, server: S3Server) -> Iterator[Row]:
    """Let processes die and the way to the server fail where files are kept in a bucket."""
    url = server.url(prefix="dying", staging=f"{folder}/receiving")
    app = installation(folder / "bucket", url)
    points = (*POINTS, *IN_A_BUCKET)
    yield killed_at_moments(app, Told(), "killed at a named moment, bucket", points)
    with mock.patch.object(s3, "ANSWER_SECONDS", 1), faulty(server.endpoint) as (way, wrong):
        store = S3Server(way).url(prefix="ways", staging=f"{folder}/staging")
        app, told = installation(folder / "ways", store), Told()
        for name, fault in WAYS.items():
            yield way_fails(app, told, wrong, f"the S3 server {name}", fault)


def straight_to_a_bucket(folder: Path, server: S3Server) -> Iterator[Row]:
    """Let processes die, and the way from the browser to the server fail, when it sends there."""
    with mock.patch.object(s3_direct, "PART", STRAIGHT_PART):
        url = server.url(prefix="straight", staging=f"{folder}/straight-receiving")
        app, name = installation(folder / "straight", url), "killed at a named moment, straight"
        yield killed_at_moments(app, Told(), name, STRAIGHT_POINTS, STRAIGHT)
        with faulty(server.endpoint) as (way, wrong):
            url = server.url(prefix="line", staging=f"{folder}/line-receiving", browsers=way)
            app, told = installation(folder / "line", url), Told()
            for name, fault in WAYS.items():
                told_so = f"the S3 server {name}, straight"
                yield way_fails(app, told, wrong, told_so, fault, STRAIGHT)


def killed_at_moments(
    app: Flask, told: Told, name: str, points: tuple[str, ...], begins: str = ""
) -> Row:
    """Kill a sender at each named moment, the first and the second time that it comes."""
    row = Row(name)
    for point in points:
        for after in (0, 1):
            file = f"{begins}{point}-{after}"
            if sends_and_dies(app, file, point, after, told):
                row.note(app, told)
            row.carry_on(app, file, told)
    return row


def each_call_fails(app: Flask, told: Told, call: str, error: int, name: str) -> Row:
    """Let the first, second, … call of a function fail, until there are no more."""
    row, at, calls = Row(name), 0, 1
    while calls >= at:
        at += 1
        file = f"{call}-{error}-{at}"
        with failing(call, at, error) as made:
            status = answered(browser_of(app), file, told)
        calls = made()
        if calls >= at:
            row.note(app, told, status)
            row.carry_on(app, file, told)
    return row


def way_fails(
    app: Flask, told: Told, faults_of: Faults, name: str, fault: dict[str, int], begins: str = ""
) -> Row:
    """Let something go wrong on the way to the server, three times."""
    row, quiet = Row(name), Faults()
    for number in range(3):
        file = begins + f"{name}-{number}".replace(" ", "-")
        # A fresh connection each time, so that a place in it is a place in what is sent.
        app.extensions.pop("storage", None)
        for field, value in fault.items():
            setattr(faults_of, field, value)
        status = answered(browser_of(app), file, told)
        for field in fault:
            setattr(faults_of, field, getattr(quiet, field))
        row.note(app, told, status)
        row.carry_on(app, file, told)
    return row


def full_disk(folder: Path) -> Iterator[Row]:
    """Fill a small disk of its own, make room again, and go on without a restart."""
    with small_disk(folder / "small") as disk:
        if disk is None:
            print("A small disk needs the right to mount; its row is left out.")
            return
        app, told, row = installation(disk / "home"), Told(), Row("the disk is full, then has room")
        (disk / "home" / "files").mkdir(exist_ok=True)
        filler = disk / "filler"
        for number in range(5):
            filler.write_bytes(bytes(max(free(disk) - 100_000, 0)))
            status = answered(browser_of(app), f"full{number}", told)
            filler.unlink()
            row.note(app, told, status)
            row.carry_on(app, f"full{number}", told)
        yield row


def free(disk: Path) -> int:
    """Return how many bytes a disk has room for."""
    facts = os.statvfs(disk)
    return facts.f_bavail * facts.f_frsize


@contextmanager
def small_disk(at: Path) -> Iterator[Path | None]:
    """Give a disk of 16 MB in memory, or nothing where that is not allowed."""
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(at)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        with mock.patch.dict(os.environ, {"CONTENTLIB_FREE_SPACE_MB": "0"}):
            yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


def write(rows: list[Row]) -> None:
    """Put the table into the page that explains it."""
    text = PAGE.read_text()
    table = "\n".join(
        [
            "| fault | times | told by a sentence | carried on | lost, doubled or half made |",
            "|---|---:|---:|---:|---:|",
            *(row.line() for row in rows),
        ]
    )
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores."
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    PAGE.write_text(f"{before}\n\n{table}\n\n{machine}\n\n{after}")


if __name__ == "__main__":
    main()
