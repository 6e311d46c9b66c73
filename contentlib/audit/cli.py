"""Looking over the audit chain from a terminal, and taking it elsewhere."""

import json
import sys
import time
from dataclasses import asdict
from typing import TextIO

import click
from flask.cli import AppGroup

from contentlib.audit import sealing, service
from contentlib.audit.actions import Action
from contentlib.audit.chain import canonical
from contentlib.audit.models import content
from contentlib.audit.verifying import Verdict, links, verify
from contentlib.core.db import db, reading
from contentlib.core.lines import one_line

audit = AppGroup("audit", help="Look over the audit chain, export it, go on after a break.")
Anchor = tuple[int, str]


def _anchors(
    _context: click.Context, _option: click.Parameter, told: tuple[str, ...]
) -> list[Anchor]:
    found = []
    for text in told:
        number, _, hashed = text.partition(":")
        if not (number.isdecimal() and len(hashed) == 64):
            raise click.BadParameter("write a number, a colon and the 64 digits of a hash")
        found.append((int(number), hashed.lower()))
    return found


@audit.command("verify")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    callback=_anchors,
    metavar="NUMBER:HASH",
    help="A hash noted earlier, as from a log line; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def verify_chain(anchors: list[Anchor], as_json: bool) -> None:
    """Follow the whole chain; exit status 1 and the first broken place when it is not whole."""
    began = time.perf_counter()
    with reading():
        verdict = verify(dict(anchors))
        db.session.rollback()
    seconds = time.perf_counter() - began
    if as_json:
        told = asdict(verdict) | {"seconds": round(seconds, 2)}
        click.echo(json.dumps(told, indent=2))
    else:
        _print(verdict, seconds)
    sys.exit(verdict.fault is not None)


def _print(verdict: Verdict, seconds: float) -> None:
    if verdict.fault is not None:
        click.echo(f"broken: {verdict.fault.sentence}")
        click.echo(f"whole up to there: {verdict.end.number:,} entries, {seconds:.1f} s")
    else:
        click.echo(f"whole: {verdict.end.number:,} entries, {seconds:.1f} s")
        click.echo(f"ends at {verdict.end.number}:{verdict.end.hash}")
    if verdict.waiting:
        click.echo(f"{verdict.waiting:,} entries wait for the worker to join them")


@audit.command()
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False), default="-")
def export(file: TextIO) -> None:
    """Write every joined entry as a line of JSON that can be verified without contentlib."""
    sealing.join(sealing.waiting())
    service.record(Action.AUDIT_EXPORTED, form="jsonl")
    db.session.commit()
    with reading():
        for row in links():
            link = {"number": row.number, "previous": row.previous, "hash": row.hash}
            file.write(f"{canonical(link | {'entry': content(row)})}\n")
        db.session.rollback()


@audit.command()
@click.option("--reason", required=True, help="What was found; it becomes part of the chain.")
def accept(reason: str) -> None:
    """Go on from the chain as it stands, after a break that somebody has looked into."""
    with reading():
        fault = verify().fault
        db.session.rollback()
    service.record(
        Action.CHAIN_ACCEPTED, reason=one_line(reason), fault=fault.sentence if fault else None
    )
    number = sealing.accept()
    db.session.commit()
    click.echo(f"the chain goes on after entry {number:,}")
