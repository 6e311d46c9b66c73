"""Pages of imports: the file, its columns, the check, the run, its result and the way back."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from contentlib.accounts.permissions import me, requires
from contentlib.core import csv_out
from contentlib.core.db import db
from contentlib.core.errors import ContentlibError
from contentlib.core.i18n import explain, language
from contentlib.core.ids import new_id
from contentlib.core.paging import page_number, paginate
from contentlib.importing import queries, service, undoing
from contentlib.importing.forms import MappingForm, UploadForm
from contentlib.importing.kinds import KINDS
from contentlib.importing.models import ImportRun, Severity, State
from contentlib.storage import receive
from contentlib.storage.current import current_storage

bp = Blueprint("importing", __name__)
# A table of deals has about a hundred bytes a row.
LARGEST_FILE = 50 * 2**20


@bp.get("/imports")
@requires("deal.import")
def imports() -> ResponseReturnValue:
    """Show what was imported, and take the next file."""
    return _imports(UploadForm())


def _imports(form: UploadForm) -> str:
    page = paginate(queries.runs(), number=page_number(request.args.get("page")), size=20)
    return render_template("importing/imports.html", form=form, page=page, kinds=KINDS)


@bp.post("/imports")
@requires("deal.import")
def upload() -> ResponseReturnValue:
    """Keep a file and look it over."""
    form = UploadForm()
    if not form.validate():
        return _imports(form), 422
    try:
        run = _begin(form.kind.data, form.file.data)
    except ContentlibError as error:
        db.session.rollback()
        form.file.errors = (explain(error),)
        return _imports(form), error.status
    db.session.commit()
    return redirect(url_for("importing.columns", run_id=run.id))


def _begin(kind: str, file: FileStorage) -> ImportRun:
    """Receive the file before any row is written, since bytes may take their time."""
    by_id = me().id
    db.session.rollback()
    storage = current_storage()
    received = receive(storage, file.stream, limit=LARGEST_FILE)
    key = f"imports/{new_id()}"
    try:
        with received.path.open("rb") as stream:
            run = service.begin(
                KINDS[kind],
                stream,
                file_name=file.filename or "",
                size=received.size,
                storage_key=key,
                by_id=by_id,
            )
        storage.put(key, received.path)
    finally:
        received.discard()
    return run


@bp.route("/imports/<int:run_id>/columns", methods=["GET", "POST"])
@requires("deal.import")
def columns(run_id: int) -> ResponseReturnValue:
    """Say which column gives which fact and what its values mean, then have every row tried."""
    run = queries.get_run(run_id)
    if run.state not in (State.MAPPING, State.CHECKED):
        return redirect(_at(run))
    mapping = _mapping(run, request.form or None)
    form = mapping.form
    if form.validate_on_submit() and not mapping.unseen and _settle(run, mapping):
        db.session.commit()
        return redirect(_at(run))
    status = 422 if form.errors else 200
    return render_template("importing/columns.html", run=run, mapping=mapping, form=form), status


def _settle(run: ImportRun, mapping: MappingForm) -> bool:
    """Keep the mapping and ask for the check; what is wrong is said in the form."""
    try:
        service.map_columns(
            run,
            mapping.kind,
            columns=mapping.columns,
            values=mapping.translations(),
            currency=mapping.form.currency.data,
            create_missing=mapping.form.create_missing.data,
        )
        service.check(run)
    except ContentlibError as error:
        db.session.rollback()
        mapping.form.form_errors.append(explain(error))
        return False
    return True


def _mapping(run: ImportRun, formdata: Any) -> MappingForm:
    currency = current_app.extensions["settings"].currency
    return MappingForm(run, language(), currency, formdata)


@bp.get("/imports/<int:run_id>/values")
@requires("deal.import")
def values(run_id: int) -> ResponseReturnValue:
    """Show what the values of the chosen columns may mean, while the columns are being chosen."""
    run = queries.get_run(run_id)
    mapping = _mapping(run, request.args)
    return render_template("importing/_values.html", mapping=mapping, form=mapping.form, fresh=True)


@bp.get("/imports/<int:run_id>")
@requires("deal.import")
def run(run_id: int) -> ResponseReturnValue:
    """Show how far an import is and what it found."""
    row = queries.get_run(run_id)
    if row.state is State.MAPPING:
        return redirect(url_for("importing.columns", run_id=row.id))
    errors, warnings = (queries.groups(row, kind) for kind in (Severity.ERROR, Severity.WARNING))
    return render_template(
        "importing/run.html",
        run=row,
        kind=KINDS[row.kind],
        errors=errors,
        warnings=warnings,
        lacks_people=queries.lacks_people(row, errors),
        leftovers=any(group.message in undoing.LEFT for group in warnings),
        explain=_sentence,
        gave_up=queries.gave_up(row),
        **_progress(row),
    )


def _progress(row: ImportRun) -> dict[str, Any]:
    undoing = row.state is State.UNDOING
    done, whole = queries.taken_back(row) if undoing else (row.place["byte"], row.size)
    return {"done": done, "whole": max(whole, 1)}


def _sentence(message: str, parameters: dict[str, Any]) -> str:
    return _(message, **parameters)


@bp.get("/imports/<int:run_id>/progress")
@requires("deal.import")
def progress(run_id: int) -> ResponseReturnValue:
    """Show how far the worker is; once it has finished, the whole page is drawn anew."""
    row = queries.get_run(run_id)
    gave_up = queries.gave_up(row)
    if row.state not in (State.CHECKING, State.RUNNING, State.UNDOING) or gave_up:
        return "", 200, {"HX-Refresh": "true"}
    return render_template("importing/_progress.html", run=row, **_progress(row))


@bp.post("/imports/<int:run_id>/run")
@requires("deal.import")
def start(run_id: int) -> ResponseReturnValue:
    """Take the rows in."""
    row = queries.get_run(run_id)
    service.start(row)
    db.session.commit()
    return redirect(_at(row))


@bp.post("/imports/<int:run_id>/undo")
@requires("deal.import")
def undo(run_id: int) -> ResponseReturnValue:
    """Take back what an import did."""
    row = queries.get_run(run_id)
    service.undo(row, by_id=me().id)
    db.session.commit()
    return redirect(_at(row))


@bp.post("/imports/<int:run_id>/discard")
@requires("deal.import")
def discard(run_id: int) -> ResponseReturnValue:
    """Forget an import that took nothing in, and its file."""
    row = queries.get_run(run_id)
    key = row.storage_key
    service.forget(row)
    db.session.commit()
    if key:
        current_storage().delete(key)
    return redirect(url_for("importing.imports"))


@bp.post("/imports/<int:run_id>/resume")
@requires("deal.import")
def resume(run_id: int) -> ResponseReturnValue:
    """Let the worker go on where it gave up."""
    row = queries.get_run(run_id)
    if queries.gave_up(row):
        service.go_on(row)
    db.session.commit()
    return redirect(_at(row))


@bp.get("/imports/<int:run_id>/errors")
@requires("deal.import")
def errors(run_id: int) -> ResponseReturnValue:
    """List every row that was kept out, with its sentence."""
    row = queries.get_run(run_id)
    page = paginate(queries.errors(row), number=page_number(request.args.get("page")))
    return render_template(
        "importing/errors.html",
        run=row,
        page=page,
        explain=lambda finding: _(finding.message, **queries.parameters_of(finding)),
    )


@bp.get("/imports/<int:run_id>/errors.csv")
@requires("deal.import")
def errors_csv(run_id: int) -> ResponseReturnValue:
    """Give the rows that were kept out as a table to mend and import again."""
    row = queries.get_run(run_id)
    header = [*row.header, _("Line"), _("What is wrong")]
    rows = [
        [
            *_filled(failed.cells or [], len(row.header)),
            failed.line,
            _(finding.message, **json.loads(finding.parameters)),
        ]
        for failed, finding in queries.failed_rows(row)
    ]
    return Response(
        csv_out.lines(header, rows, bom=True),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="import-{row.id}-errors.csv"'},
    )


def _filled(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]


def _at(row: ImportRun) -> str:
    return url_for("importing.run", run_id=row.id)
