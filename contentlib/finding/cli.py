"""Searching from the command line: what is live, as an admin sees it."""

import json
from dataclasses import dataclass

import click
from flask.cli import AppGroup

from contentlib.accounts.models import Role
from contentlib.finding.answering import current_library
from contentlib.finding.criteria import Criteria, read_criteria
from contentlib.finding.results import Result, load_results
from contentlib.finding.searcher import Searcher
from contentlib.library.firm_day import firm_today
from contentlib.search.cli import COMMANDS


@dataclass(frozen=True)
class Search:
    """What the command found, and whether the index answered."""

    results: list[Result]
    degraded: bool


class SearchGroup(AppGroup):
    """Commands about searching; what names none of them are the words to find."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Read words that are no command as those of `find`."""
        known = args and self.get_command(ctx, args[0]) is not None
        return super().resolve_command(ctx, args if known else ["find", *args])


search = SearchGroup(
    "search",
    help="Find materials by words (`contentlib search preço`), or keep the index in order.",
    # Options of `find` may come first.
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
for command in COMMANDS:
    search.add_command(command)


@search.command("find")
@click.argument("words")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--language", type=click.Choice(["pt", "en"]), help="Only materials in a language.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def find(words: str, limit: int, language: str | None, as_json: bool) -> None:
    """Find published materials by WORDS, the best first."""
    found = _find(read_criteria({"q": [words], "language": [language or ""]}), limit)
    if found.degraded:
        click.echo("contentlib: the index does not answer; this is a simplified search", err=True)
    rows = [_row(result) for result in found.results]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        page = f" (p. {row['page']})" if row["page"] else ""
        click.echo(f"{row['external_id'] or '-'}\t{row['title']}{page}\n\t{row['snippet']}")


def _find(criteria: Criteria, limit: int) -> Search:
    # An admin sees drafts besides; a manager sees exactly what is live.
    library = current_library(Searcher(Role.MANAGER, firm_today()))
    answer = library.ask(criteria, limit=limit, typing=False)
    return Search(load_results(answer, library.searcher), answer.degraded)


def _row(result: Result) -> dict[str, object]:
    return {
        "external_id": result.asset.external_id,
        "title": result.asset.title,
        "page": result.snippet.page or None,
        "snippet": result.snippet.html.striptags(),
        "score": round(result.score, 4),
    }
