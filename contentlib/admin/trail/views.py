"""The pages of the audit: everything for admins, and one material's for who keeps it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Response, current_app, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib import audit
from contentlib.accounts.permissions import me, requires
from contentlib.accounts.queries import all_users
from contentlib.admin.trail import queries
from contentlib.admin.trail.address import Wanted, place_of
from contentlib.admin.trail.labels import LABELS
from contentlib.admin.trail.telling import Line, Teller
from contentlib.admin.trail.words import AREAS, actions_of
from contentlib.admin.views import bp
from contentlib.audit.verifying import SENTENCES
from contentlib.core import csv_out
from contentlib.core.clock import today
from contentlib.core.db import begin_read_only, db
from contentlib.library.queries import get_asset

PAGE = 50
CSV_PORTION = 500


@bp.get("/admin/audit")
@requires("audit.view")
def audit_page() -> ResponseReturnValue:
    """Show who decided what, the youngest first, and how the chain stands."""
    wanted = Wanted.of(request.args)
    lines, older = _lines(wanted)
    end = queries.chain_end()
    return render_template(
        "admin/audit.html",
        wanted=wanted,
        lines=lines,
        older=older,
        people=all_users(),
        areas=AREAS,
        labels={area: [(a.value, LABELS[a]) for a in actions_of(area)] for area in AREAS},
        end=end,
        fault=_(SENTENCES[end.fault], number=end.fault_at) if end.fault else None,
    )


@bp.get("/assets/<int:asset_id>/audit")
@requires("asset.edit")
def asset_audit(asset_id: int) -> ResponseReturnValue:
    """Show what was decided of one material."""
    asset = get_asset(me(), asset_id, today(_zone()))
    place = Wanted.of(request.args).before
    lines, older = _lines(Wanted(kind="asset", number=asset.id, before=place))
    return render_template("admin/asset_audit.html", asset=asset, lines=lines, older=older)


@bp.post("/admin/audit.csv")
@requires("audit.view")
def audit_csv() -> ResponseReturnValue:
    """Give the chosen entries as a table; that they were taken along is an entry itself."""
    wanted = Wanted.of(request.args)
    chosen = {name: value for name, value in wanted.values().items() if value is not None}
    audit.record(audit.Action.AUDIT_EXPORTED, form="csv", **_prefixed(chosen))
    db.session.commit()
    # From here on the table is only read, at the pace of whoever takes it.
    begin_read_only(True)
    rows = stream_with_context(csv_out.lines(_header(), _rows(wanted), bom=True))
    name = f"audit-{today(_zone()).isoformat()}.csv"
    return Response(
        rows,
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _header() -> list[str]:
    return [
        _("Number in the chain"),
        _("When (UTC)"),
        _("Who"),
        _("What was done"),
        _("Details"),
        _("Where"),
        _("Request id"),
    ]


def _prefixed(chosen: dict[str, Any]) -> dict[str, Any]:
    return {"chosen": chosen} if chosen else {}


def _lines(wanted: Wanted) -> tuple[list[Line], str | None]:
    """Return a page of lines, and the place from which the older ones follow."""
    rows = queries.entries(wanted, _zone(), PAGE + 1)
    shown = rows[:PAGE]
    last = shown[-1][0] if len(rows) > PAGE else None
    return Teller(shown, me()).lines(), place_of(last.at, last.id) if last else None


def _rows(wanted: Wanted) -> Iterator[list[object]]:
    """Give every chosen entry, some at a time."""
    reader = me()
    while True:
        found = queries.entries(wanted, _zone(), CSV_PORTION)
        for line in Teller(found, reader).lines():
            yield _row(line)
        if len(found) < CSV_PORTION:
            return
        last = found[-1][0]
        wanted = replace(wanted, before=(last.at, last.id))
        db.session.expunge_all()
        db.session.add(reader)


def _row(line: Line) -> list[object]:
    changes = [f"{label}: {before} → {after}" for label, before, after in line.changes]
    facts = [f"{label}: {value}" for label, value in line.facts]
    return [
        line.number,
        line.at.isoformat(timespec="microseconds"),
        line.who,
        line.text,
        "; ".join([*changes, *facts]),
        line.surface,
        line.entry.request_id,
    ]


def _zone() -> str:
    return str(current_app.extensions["settings"].timezone)
