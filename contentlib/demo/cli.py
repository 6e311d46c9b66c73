"""The command that fills an empty installation with the demo firm."""

from random import Random
from time import perf_counter

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from contentlib.core.clock import now, today
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.core.paths import resource
from contentlib.demo import queries
from contentlib.storage import open_storage


@click.command()
@click.option(
    "--scale",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="So many times 60 assets, 240 deals and 8,000 events.",
)
@click.option("--seed", default=11, show_default=True, help="Another number, another story.")
@with_appcontext
def demo(scale: int, seed: int) -> None:
    """Fill an empty database with a fictional firm; a filled one keeps what it has."""
    upgrade(directory=str(resource("migrations")))
    settings: Settings = current_app.extensions["settings"]
    if queries.is_loaded():
        click.echo("The demo data is here already; nothing was changed.")
    else:
        _load(settings, scale, seed)
    if settings.demo:
        click.echo(f"Enter as any of its people with one button: {settings.base_url}/sign-in")


def _load(settings: Settings, scale: int, seed: int) -> None:
    # The office libraries are slow to load, and no other command needs them.
    from contentlib.demo import consents, links, readings, service  # noqa: PLC0415

    started = perf_counter()
    storage = open_storage(settings.storage_url)
    loaded = service.load(scale=scale, seed=seed, storage=storage)
    moment, key = now(), current_app.config["SECRET_KEY"]
    links.add_links(key=key, today=today(settings.timezone), now=moment)
    readings.add_readings(Random(seed), now=moment)  # noqa: S311 - for a story, not for a secret
    consents.add_consents(today=today(settings.timezone))
    db.session.commit()
    click.echo(
        f"Demo data loaded in {perf_counter() - started:.1f} s: {loaded.people} people, "
        f"{loaded.assets:,} assets, {loaded.deals:,} deals, {loaded.events:,} usage events, "
        f"{loaded.searches:,} searches."
    )
