"""Pages of a bundle: its files as a grid to mend, the rules, the run, its report, the way back."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from contentlib.accounts.permissions import me, requires
from contentlib.core import csv_out
from contentlib.core.db import db
from contentlib.core.i18n import explain, language
from contentlib.core.paging import page_number, paginate
from contentlib.importing import undoing
from contentlib.importing.bundles import cells, queries, service
from contentlib.importing.bundles.cells import Lookup, Typed
from contentlib.importing.bundles.jobs import describer_of
from contentlib.importing.bundles.models import ImportFile
from contentlib.importing.bundles.sending_views import settings
from contentlib.importing.models import ImportRun, Severity, State
from contentlib.importing.queries import groups
from contentlib.importing.views import bp

AT_WORK = (State.CHECKING, State.RUNNING, State.UNDOING)


@bp.get("/imports/files")
@requires("asset.edit")
def bundles() -> ResponseReturnValue:
    """Show which folders and archives were brought in, and take the next one."""
    page = paginate(queries.runs(), number=page_number(request.args.get("page")), size=20)
    return render_template(
        "importing/bundles.html",
        page=page,
        most=settings().max_bundle_mb,
        largest=settings().max_upload_mb,
    )


@bp.get("/imports/files/<int:run_id>")
@requires("asset.edit")
def bundle(run_id: int) -> ResponseReturnValue:
    """Show the files of an import: what was found, what is to become of each, what became of it."""
    return _page(queries.get_run(run_id), {})


def _page(run: ImportRun, typed: dict[int, Typed], bulk: Typed | None = None) -> str:
    show = request.args.get("show", "all")
    known = queries.filters_of(run)
    show = show if show in known else "all"
    page = paginate(queries.files(run, show), number=page_number(request.args.get("page")))
    warnings = groups(run, Severity.WARNING) if run.state is State.UNDONE else []
    take, drafts = queries.to_take(run)
    return render_template(
        "importing/bundle.html",
        run=run,
        page=page,
        show=show,
        counts=queries.counts(run),
        lookup=Lookup(language()),
        typed=typed,
        bulk=bulk,
        take=take,
        drafts=drafts,
        editable=run.state in (State.CHECKED, State.STOPPED),
        gave_up=queries.gave_up(run),
        warnings=warnings,
        leftovers=any(group.message in undoing.LEFT for group in warnings),
        explain=lambda message, parameters: _(message, **parameters),
        error=explain,
        **_progress(run),
    )


def _progress(run: ImportRun) -> dict[str, int]:
    done, whole = queries.progress(run)
    return {"done": done, "whole": max(whole, 1)}


@bp.get("/imports/files/<int:run_id>/progress")
@requires("asset.edit")
def bundle_progress(run_id: int) -> ResponseReturnValue:
    """Show how far the worker is; once it has finished, the whole page is drawn anew."""
    run = queries.get_run(run_id)
    if run.state not in AT_WORK or queries.gave_up(run):
        return "", 200, {"HX-Refresh": "true"}
    return render_template("importing/_bundle_progress.html", run=run, **_progress(run))


@bp.post("/imports/files/<int:run_id>/rows")
@requires("asset.edit")
def save_rows(run_id: int) -> ResponseReturnValue:
    """Keep what was typed into a page of rows; cells that cannot be read keep what was typed."""
    run = queries.get_run(run_id)
    service.refuse_settled(run)
    lookup, describer = Lookup(language()), describer_of(run)
    wrong: dict[int, Typed] = {}
    for number in request.form.getlist("row", type=int)[: 4 * 50]:
        file = queries.get_file(run, number)
        typed = cells.read_row(file, _given(number), lookup)
        service.mend([file], typed.facts, describer, action=typed.action)
        if typed.wrong:
            wrong[number] = typed
    db.session.commit()
    if wrong:
        return _page(run, wrong), 422
    flash(_("Saved."), "success")
    return redirect(_at(run, **_place()), 303)


def _given(number: int) -> dict[str, str]:
    """Return the cells of one row by their names."""
    start = f"{number}-"
    return {
        name.removeprefix(start): text
        for name, text in request.form.items()
        if name.startswith(start)
    }


@bp.post("/imports/files/<int:run_id>/rows/<int:file_id>")
@requires("asset.edit")
def save_row(run_id: int, file_id: int) -> ResponseReturnValue:
    """Keep what was typed into one row, and show how it stands now."""
    run = queries.get_run(run_id)
    service.refuse_settled(run)
    file, lookup = queries.get_file(run, file_id), Lookup(language())
    typed = cells.read_row(file, _given(file_id), lookup)
    service.mend([file], typed.facts, describer_of(run), action=typed.action)
    db.session.commit()
    return _row(run, file, lookup, typed)


def _row(run: ImportRun, file: ImportFile, lookup: Lookup, typed: Typed) -> str:
    return render_template(
        "importing/_bundle_row.html",
        run=run,
        file=file,
        lookup=lookup,
        editable=True,
        typed={file.id: typed} if typed.wrong else {},
        explain=lambda message, parameters: _(message, **parameters),
        error=explain,
    )


@bp.post("/imports/files/<int:run_id>/all")
@requires("asset.edit")
def save_all(run_id: int) -> ResponseReturnValue:
    """Say the same of every file that the filter shows, on whatever page it stands."""
    run = queries.get_run(run_id)
    service.refuse_settled(run)
    lookup = Lookup(language())
    typed = cells.read_for_all(request.form, lookup)
    if typed.wrong:
        return _page(run, {}, typed), 422
    shown = db.session.scalars(queries.files(run, request.args.get("show", "all"))).all()
    service.mend(shown, typed.facts, describer_of(run), action=typed.action)
    db.session.commit()
    number = len(shown)
    flash(ngettext("%(num)s file changed.", "%(num)s files changed.", number), "success")
    return redirect(_at(run, **_place()), 303)


@bp.post("/imports/files/<int:run_id>/run")
@requires("asset.edit")
def start_bundle(run_id: int) -> ResponseReturnValue:
    """Take the files in, or go on with it."""
    run = queries.get_run(run_id)
    service.start(run)
    db.session.commit()
    return redirect(_at(run), 303)


@bp.post("/imports/files/<int:run_id>/stop")
@requires("asset.edit")
def stop_bundle(run_id: int) -> ResponseReturnValue:
    """Let the worker stop; it can go on later."""
    run = queries.get_run(run_id)
    service.stop(run)
    db.session.commit()
    return redirect(_at(run), 303)


@bp.post("/imports/files/<int:run_id>/undo")
@requires("asset.edit")
def undo_bundle(run_id: int) -> ResponseReturnValue:
    """Take back what an import did."""
    run = queries.get_run(run_id)
    service.undo(run, by_id=me().id)
    db.session.commit()
    return redirect(_at(run), 303)


@bp.post("/imports/files/<int:run_id>/discard")
@requires("asset.edit")
def discard_bundle(run_id: int) -> ResponseReturnValue:
    """Forget an import that took nothing in, and what was sent for it."""
    service.forget(queries.get_run(run_id))
    db.session.commit()
    return redirect(url_for("importing.bundles"), 303)


@bp.post("/imports/files/<int:run_id>/resume")
@requires("asset.edit")
def resume_bundle(run_id: int) -> ResponseReturnValue:
    """Let the worker go on where it gave up."""
    run = queries.get_run(run_id)
    if queries.gave_up(run) and run.state in AT_WORK:
        service.go_on(run)
    db.session.commit()
    return redirect(_at(run), 303)


@bp.get("/imports/files/<int:run_id>/errors.csv")
@requires("asset.edit")
def bundle_errors(run_id: int) -> ResponseReturnValue:
    """Give what was kept out, or came in otherwise than wanted, as a table with the reasons."""
    run = queries.get_run(run_id)
    rows = [
        [file.path, file.size, _(str(file.problem), **file.parameters)]
        for file in queries.kept_out(run)
    ]
    header = [_("File"), _("Bytes"), _("What is wrong")]
    name = f'attachment; filename="import-{run.id}-errors.csv"'
    return Response(
        csv_out.lines(header, rows, bom=True),
        mimetype="text/csv",
        headers={"Content-Disposition": name},
    )


def _place() -> dict[str, Any]:
    """Return which rows of the grid are shown, to come back to them."""
    return {name: request.args[name] for name in ("show", "page") if name in request.args}


def _at(run: ImportRun, **more: Any) -> str:
    return url_for("importing.bundle", run_id=run.id, **more)
