"""Commands about the stores themselves."""

import sys
from collections import Counter

import click

from contentlib.core.errors import N_, Invalid
from contentlib.storage.copying import Copied, copy_all
from contentlib.storage.keys import INCOMING
from contentlib.storage.opening import open_storage


@click.group()
def storage() -> None:
    """Move files from one store to another."""


@storage.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--deep", is_flag=True, help="Also read and compare what is there already.")
def migrate(source: str, target: str, deep: bool) -> None:
    """Copy every object of a store to another and read it back; run it again to go on.

    FROM and TO are written as in CONTENTLIB_STORAGE_URL. Nothing is removed from FROM.
    """
    if source == target:
        raise Invalid(N_("Name two different stores."))
    here, there = open_storage(source), open_storage(target)
    # What browsers are just sending is nobody's yet.
    objects = [item for item in here.find() if not item.key.startswith(INCOMING)]
    copied = copy_all(here, there, objects, deep=deep)
    failed, counts = [], Counter[str]()
    with click.progressbar(
        copied, length=len(objects), label="Copying", file=sys.stderr, show_pos=True
    ) as results:
        for result in results:
            counts[_outcome(result)] += 1
            counts["bytes"] += 0 if result.was_there or result.error else result.object.size
            if result.error:
                failed.append(result)
    for result in sorted(failed, key=lambda one: one.object.key):
        click.echo(f"{result.object.key}: {result.error}", err=True)
    click.echo(
        f"{counts['copied']} copied ({counts['bytes']:,} bytes), "
        f"{counts['there']} there already, {counts['failed']} failed"
    )
    if failed:
        sys.exit(1)


def _outcome(result: Copied) -> str:
    if result.error:
        return "failed"
    return "there" if result.was_there else "copied"
