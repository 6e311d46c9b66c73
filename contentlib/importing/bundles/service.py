"""A bundle from its beginning to its end: written down, looked at, mended, taken in, taken back."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, select

from contentlib import audit, jobs
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict
from contentlib.core.lines import one_line
from contentlib.importing.bundles import rules
from contentlib.importing.bundles.describing import Describer
from contentlib.importing.bundles.models import Action, ImportFile, Look
from contentlib.importing.bundles.rules import Rule
from contentlib.importing.models import ImportFinding, ImportRow, ImportRun, State

KIND = "files"
LOCAL = "local"
"""The source of a run whose files lie beside the command that takes them in."""

UNDER_WAY = N_("This import is under way; what is to become of its files is settled.")
_NOWHERE = {"byte": 0, "line": 0}


def begin(*, name: str, size: int, by_id: int | None, source: dict[str, Any]) -> ImportRun:
    """Begin a run for a bundle whose files are still to come, under the rules of the last one."""
    run = ImportRun(
        kind=KIND,
        state=State.MAPPING,
        file_name=one_line(name)[:255],
        size=size,
        encoding="",
        delimiter="",
        header=[],
        body=_NOWHERE,
        place=_NOWHERE,
        survey=source,
        mapping={"rules": last_rules()},
        by_id=by_id,
    )
    db.session.add(run)
    db.session.flush()
    return run


def last_rules() -> list[dict[str, Any]]:
    """Return the rules of the last import of files, which are offered for the next."""
    last = select(ImportRun.mapping).where(ImportRun.kind == KIND).order_by(ImportRun.id.desc())
    mapping = db.session.scalars(last.limit(1)).first() or {}
    found: list[dict[str, Any]] = mapping.get("rules", [])
    return found


def look_over(run: ImportRun) -> None:
    """Ask the worker to look at every file, once all of them are here."""
    if run.state is not State.MAPPING:
        raise Conflict(N_("This import is under way."))
    run.state = State.CHECKING
    db.session.flush()
    go_on(run)


def looked(run: ImportRun) -> None:
    """Say that every file has been looked at, so that people can mend what was found."""
    run.state, run.finished_at = State.CHECKED, now()
    db.session.flush()


def go_on(run: ImportRun) -> None:
    """Ask the worker for the next portion; also after it gave one up."""
    kind = {
        State.CHECKING: "importing.look",
        State.RUNNING: "importing.files",
        State.UNDOING: "importing.undo",
    }[run.state]
    jobs.enqueue(kind, f"run:{run.id}", {"run": run.id})


def set_rules(run: ImportRun, wanted: Sequence[Rule], describer_of: Any) -> int:
    """Keep rules and let them speak of every file; what was typed by hand stays. Counts files."""
    refuse_settled(run)
    run.mapping = {**run.mapping, "rules": rules.kept(wanted)}
    db.session.flush()
    describer: Describer = describer_of(run)
    files = files_of(run)
    for file in filter(_is_open, files):
        describer.describe(file)
    db.session.flush()
    return len(files)


def files_of(run: ImportRun) -> Sequence[ImportFile]:
    """Return all files of a run, in their order."""
    statement = select(ImportFile).where(ImportFile.run_id == run.id)
    return db.session.scalars(statement.order_by(ImportFile.number)).all()


def mend(
    files: Iterable[ImportFile],
    said: dict[str, Any],
    describer: Describer,
    *,
    action: Action | None = None,
) -> None:
    """Say something of files by hand; it holds against every rule."""
    for file in filter(_is_open, files):
        if said:
            file.by_hand = {**file.by_hand, **said}
            describer.describe(file)
        if action is not None and (action is not Action.VERSION or file.like_asset_id):
            file.action = action
    db.session.flush()


def _is_open(file: ImportFile) -> bool:
    """Tell whether it is still to be decided what becomes of a file."""
    return file.result is None and file.look not in (Look.LEFT_OUT, Look.UNREADABLE)


def refuse_settled(run: ImportRun) -> None:
    """Refuse a change of what is to become of files once that is under way."""
    if run.state not in (State.CHECKED, State.STOPPED):
        raise Conflict(UNDER_WAY)


def start(run: ImportRun) -> None:
    """Ask the worker to take the files in, or to go on with it."""
    if run.state not in (State.CHECKED, State.STOPPED):
        raise Conflict(N_("This import is under way."))
    if run.state is State.CHECKED:
        _write_down(audit.Action.IMPORT_STARTED, run)
    run.state, run.finished_at = State.RUNNING, None
    db.session.flush()
    go_on(run)


def stop(run: ImportRun) -> None:
    """Let the worker end with the portion at hand; what came in stays."""
    if run.state is not State.RUNNING:
        raise Conflict(N_("This import is not running."))
    run.state = State.STOPPED
    db.session.flush()


def end(run: ImportRun) -> None:
    """Say that every file has been taken in, or kept out with its reason."""
    run.state, run.finished_at = State.DONE, now()
    _write_down(audit.Action.IMPORT_FINISHED, run, rows=run.counts)
    db.session.flush()
    clear_up(run)


def _write_down(action: audit.Action, run: ImportRun, **told: Any) -> None:
    facts: dict[str, Any] = {"kind": run.kind, "name": run.file_name, "bytes": run.size}
    audit.record(action, subject=run, **facts, **told)


def clear_up(run: ImportRun) -> None:
    """Ask the worker to remove what was sent: its files are materials now, or wanted by nobody."""
    keys = [key for key in (run.storage_key,) if key]
    keys += sent_keys(run)
    if keys:
        jobs.enqueue("importing.clear", f"run:{run.id}", {"run": run.id, "keys": keys})
    run.storage_key = None


def sent_keys(run: ImportRun) -> list[str]:
    """Return under which keys of the store the files of a browser wait."""
    if run.survey.get("source") != "sent":
        return []
    places = select(ImportFile.place).where(ImportFile.run_id == run.id)
    return list(filter(None, db.session.scalars(places)))


def undo(run: ImportRun, *, by_id: int | None) -> None:
    """Ask the worker to take back what a run did, in the name of who asks."""
    # A command that was killed leaves its run as it was; nobody but an undo goes on with it.
    killed = run.state is State.RUNNING and run.survey.get("source") == LOCAL
    if run.state not in (State.DONE, State.STOPPED) and not killed:
        raise Conflict(N_("Only an import that has run can be undone."))
    clear_up(run)
    run.state, run.undone_by_id = State.UNDOING, by_id
    _write_down(audit.Action.IMPORT_UNDONE, run)
    db.session.flush()
    go_on(run)


def forget(run: ImportRun) -> None:
    """Remove every trace of a run that took nothing in."""
    taken = select(func.count(ImportRow.id)).where(ImportRow.run_id == run.id)
    if run.state not in (State.MAPPING, State.CHECKED) or db.session.scalar(taken):
        raise Conflict(N_("This import is under way or has run; it can only be undone."))
    clear_up(run)
    for kind in (ImportFile, ImportFinding):
        db.session.execute(delete(kind).where(kind.run_id == run.id))
    db.session.delete(run)
    db.session.flush()
