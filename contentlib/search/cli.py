"""Commands about the search index."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from contentlib.search.current import current_engine
from contentlib.search.engine import SearchError
from contentlib.search.engines import throw_away_engine
from contentlib.search.evaluate import evaluate
from contentlib.search.jobs import rebuild_index
from contentlib.search.sources import sources

search_index = AppGroup("search-index", help="Rebuild the search index, compare it, measure it.")


@search_index.command()
def rebuild() -> None:
    """Build the index anew from the database; searches go on meanwhile."""
    click.echo(f"{rebuild_index()} documents indexed")


@search_index.command()
@click.option("--json", "as_json", is_flag=True, help="Print the differing ids as a JSON list.")
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


@search_index.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def stats(as_json: bool) -> None:
    """Tell the size and version of the index."""
    figures = asdict(current_engine().stats())
    if as_json:
        click.echo(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            click.echo(f"{name:12} {value}")


@search_index.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--engine", "kind", type=click.Choice(["whoosh", "postgres"]), default="whoosh")
def measure(folder: Path, kind: str) -> None:
    """Measure relevance on a judged collection (docs, queries and qrels as JSON lines).

    The index is made for this and thrown away; postgres makes it in the installation's database.
    """
    try:
        with throw_away_engine(kind, current_app.extensions["settings"].database_url) as engine:
            figures = evaluate(folder, engine)
    except SearchError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=2))
