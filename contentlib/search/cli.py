"""Commands about the search index; `contentlib search` takes them among its own."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from contentlib.search.current import current_engine
from contentlib.search.engine import SearchError
from contentlib.search.engines import throw_away_engine
from contentlib.search.evaluate import evaluate
from contentlib.search.jobs import rebuild_index
from contentlib.search.sources import sources


@click.command()
@with_appcontext
def rebuild() -> None:
    """Build the index anew from the database; searches go on meanwhile."""
    shown = sys.stderr

    def tell(count: int) -> None:
        click.echo(f"\r{count} documents", nl=False, file=shown)

    count = rebuild_index(tell if shown.isatty() else None)
    click.echo(f"{count} documents indexed")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the differing ids as a JSON list.")
@with_appcontext
def verify(as_json: bool) -> None:
    """Compare the index with the database; exit status 1 when they differ."""
    differing = sorted(sources.differences(current_engine().revisions()))
    if as_json:
        click.echo(json.dumps(differing, indent=2))
    else:
        for document_id in differing:
            click.echo(document_id)
        click.echo(f"{len(differing)} documents differ")
    if differing:
        sys.exit(1)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@with_appcontext
def stats(as_json: bool) -> None:
    """Tell the size and version of the index."""
    figures = asdict(current_engine().stats())
    if as_json:
        click.echo(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            click.echo(f"{name:12} {value}")


@click.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--engine", "kind", type=click.Choice(["whoosh", "postgres"]), default="whoosh")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@with_appcontext
def measure(folder: Path, kind: str, as_json: bool) -> None:
    """Measure relevance on a judged collection (docs, queries and qrels as JSON lines).

    The index is made for this and thrown away; postgres makes it in the installation's database.
    """
    try:
        with throw_away_engine(kind, current_app.extensions["settings"].database_url) as engine:
            figures = evaluate(folder, engine)
    except SearchError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=2))
    else:
        for name, value in figures.items():
            click.echo(f"{name:10} {value:.4g}")


COMMANDS = (rebuild, verify, stats, measure)
