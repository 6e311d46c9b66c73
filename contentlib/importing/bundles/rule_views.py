"""The page of rules: folders and patterns of names, and what they say of the files they match."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from contentlib.accounts.permissions import requires
from contentlib.core.db import db
from contentlib.core.errors import Invalid
from contentlib.core.i18n import explain, language
from contentlib.core.lines import one_line
from contentlib.importing.bundles import queries, rules, service
from contentlib.importing.bundles.cells import Lookup
from contentlib.importing.bundles.jobs import describer_of
from contentlib.importing.bundles.rules import Rule
from contentlib.importing.models import ImportRun
from contentlib.importing.views import bp

EMPTY_ROWS = 3
MOST_SUGGESTED = 12


@bp.route("/imports/files/<int:run_id>/rules", methods=["GET", "POST"])
@requires("asset.edit")
def bundle_rules(run_id: int) -> ResponseReturnValue:
    """Say what folders and patterns mean; what was typed by hand into the grid stays."""
    run, lookup = queries.get_run(run_id), Lookup(language())
    wrong: dict[str, Invalid] = {}
    rows = _kept(run, lookup)
    if request.method == "POST":
        service.refuse_settled(run)
        rows = _typed()
        wanted = _read(rows, lookup, wrong)
        if not wrong:
            number = service.set_rules(run, wanted, describer_of)
            db.session.commit()
            flash(
                ngettext("Applied to %(num)s file.", "Applied to %(num)s files.", number), "success"
            )
            return redirect(url_for("importing.bundle", run_id=run.id), 303)
        db.session.rollback()
    page = render_template(
        "importing/bundle_rules.html",
        run=queries.get_run(run_id),
        rows=[*rows, *({} for _number in range(EMPTY_ROWS))],
        folders=queries.folders(run),
        lookup=lookup,
        wrong=wrong,
        error=explain,
    )
    return page, 422 if wrong else 200


def _kept(run: ImportRun, lookup: Lookup) -> list[dict[str, str]]:
    """Return the rules of a run as cells, then a row for each folder whose name says nothing."""
    known = rules.read(run.mapping.get("rules", []))
    rows = [
        {"pattern": rule.pattern}
        | {name: lookup.shown(name, value) for name, value in rule.says.items()}
        for rule in known
    ]
    describer = describer_of(run)
    silent = [
        name for name, count in queries.folders(run) if count > 1 and not describer.understood(name)
    ]
    return rows + [{"pattern": name} for name in silent[:MOST_SUGGESTED]]


def _typed() -> list[dict[str, str]]:
    """Return the rows of the form as they were typed."""
    columns = {name: request.form.getlist(name) for name in ("pattern", *rules.AXES)}
    patterns = columns["pattern"][: rules.MOST_RULES]
    return [
        {name: texts[place].strip() for name, texts in columns.items() if place < len(texts)}
        for place, _pattern in enumerate(patterns)
    ]


def _read(rows: list[dict[str, str]], lookup: Lookup, wrong: dict[str, Invalid]) -> list[Rule]:
    """Read the rows that say something; what is wrong is noted by row and name."""
    found = []
    for place, row in enumerate(rows):
        pattern = one_line(row.get("pattern", ""))[: rules.LONGEST_PATTERN]
        says: dict[str, Any] = {}
        for name in rules.AXES:
            text = row.get(name, "")
            try:
                value = lookup.read(name, text) if text else None
            except Invalid as error:
                wrong[f"{place}-{name}"] = error
                continue
            if value:
                says[name] = value
        if pattern and says:
            found.append(Rule(pattern, says))
    return found
