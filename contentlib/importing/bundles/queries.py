"""Questions about bundles: which files there are, what was found, how far a run is."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.importing.bundles.models import Action, ImportFile, Look
from contentlib.importing.bundles.paths import folders_of
from contentlib.importing.bundles.service import KIND
from contentlib.importing.models import ImportRun, Result, State
from contentlib.jobs.models import Job, JobState

_JOBS = ("importing.look", "importing.files", "importing.undo")
_REAL = (Look.NEW, Look.NEAR, Look.SAME)
MOST_FOLDERS = 40


def _lacking() -> ColumnElement[bool]:
    return and_(
        ImportFile.complete.is_(False),
        ImportFile.look.in_(_REAL),
        ImportFile.action == Action.CREATE,
    )


# What a page of files may be narrowed to, in the order of its tabs.
FILTERS: dict[str, ColumnElement[bool]] = {
    "all": ImportFile.look != Look.LEFT_OUT,
    "new": ImportFile.look == Look.NEW,
    "near": ImportFile.look == Look.NEAR,
    "same": ImportFile.look == Look.SAME,
    "lacks": _lacking(),
    "unreadable": ImportFile.look == Look.UNREADABLE,
    "left_out": ImportFile.look == Look.LEFT_OUT,
}
RESULTS: dict[str, ColumnElement[bool]] = {
    "all": ImportFile.look != Look.LEFT_OUT,
    "created": ImportFile.result == Result.CREATED,
    "drafts": and_(ImportFile.result == Result.CREATED, ImportFile.problem.is_not(None)),
    "changed": ImportFile.result == Result.CHANGED,
    "same": or_(
        ImportFile.result == Result.SAME,
        and_(ImportFile.result.is_(None), ImportFile.look == Look.SAME),
    ),
    "skipped": and_(
        ImportFile.result.is_(None),
        ImportFile.action == Action.SKIP,
        ImportFile.look.in_((Look.NEW, Look.NEAR)),
    ),
    "failed": or_(ImportFile.result == Result.FAILED, ImportFile.look == Look.UNREADABLE),
}


def get_run(run_id: int) -> ImportRun:
    """Return an import of files, or say that there is none."""
    run = db.session.get(ImportRun, run_id)
    if run is None or run.kind != KIND:
        raise Absent
    return run


def get_file(run: ImportRun, file_id: int) -> ImportFile:
    """Return a file of a run, or say that it has none such."""
    file = db.session.get(ImportFile, file_id)
    if file is None or file.run_id != run.id:
        raise Absent
    return file


def runs() -> Select[ImportRun]:
    """Select all imports of files, youngest first."""
    return select(ImportRun).where(ImportRun.kind == KIND).order_by(ImportRun.id.desc())


def is_settled(run: ImportRun) -> bool:
    """Tell whether a run's files show what became of them, not what is to."""
    return run.state in (State.RUNNING, State.DONE, State.UNDOING, State.UNDONE)


def filters_of(run: ImportRun) -> dict[str, ColumnElement[bool]]:
    """Return what the files of a run can be narrowed to."""
    return RESULTS if is_settled(run) else FILTERS


def files(run: ImportRun, show: str) -> Select[ImportFile]:
    """Select the files of a run that a filter shows, in their order."""
    known = filters_of(run)
    return (
        select(ImportFile)
        .where(ImportFile.run_id == run.id, known.get(show, known["all"]))
        .options(joinedload(ImportFile.like), joinedload(ImportFile.asset))
        .order_by(ImportFile.number)
    )


def counts(run: ImportRun) -> dict[str, int]:
    """Return how many files each filter shows."""
    known = filters_of(run)
    sums = [func.count().filter(condition) for condition in known.values()]
    row = db.session.execute(select(*sums).where(ImportFile.run_id == run.id)).one()
    return dict(zip(known, row, strict=True))


def to_take(run: ImportRun) -> tuple[int, int]:
    """Return how many files are taken in when the run starts, and how many of them as drafts."""
    wanted = and_(
        ImportFile.run_id == run.id,
        ImportFile.result.is_(None),
        ImportFile.action != Action.SKIP,
        ImportFile.look.in_(_REAL),
    )
    drafts = func.count().filter(_lacking())
    row = db.session.execute(select(func.count(), drafts).where(wanted)).one()
    return row[0], row[1]


def progress(run: ImportRun) -> tuple[int, int]:
    """Return how many files the present pass of a run has done, of how many."""
    here = [ImportFile.run_id == run.id]
    if run.state is State.MAPPING:
        here.append(or_(ImportFile.look == Look.WAITING, ImportFile.place.is_not(None)))
        done: Any = func.count().filter(ImportFile.place.is_not(None))
    elif run.state is State.CHECKING:
        done = func.count().filter(ImportFile.look != Look.WAITING)
    else:
        here.append(or_(ImportFile.action != Action.SKIP, ImportFile.result.is_not(None)))
        done = func.count().filter(ImportFile.result.is_not(None))
    row = db.session.execute(select(done, func.count()).where(*here)).one()
    return row[0], row[1]


def gave_up(run: ImportRun) -> bool:
    """Tell whether the worker laid this import aside after several attempts."""
    last = select(Job.state).where(Job.kind.in_(_JOBS), Job.key == f"run:{run.id}")
    return db.session.scalars(last.order_by(Job.id.desc())).first() is JobState.DEAD


def folders(run: ImportRun) -> list[tuple[str, int]]:
    """Return the names of a run's folders with how many files lie below, the fullest first."""
    rows = db.session.scalars(
        select(ImportFile.path).where(ImportFile.run_id == run.id, ImportFile.look.in_(_REAL))
    )
    number = Counter(folder for path in rows for folder in set(folders_of(path)))
    return number.most_common(MOST_FOLDERS)


def kept_out(run: ImportRun) -> Sequence[ImportFile]:
    """Return the files that did not come in, or came in otherwise than was wanted."""
    return db.session.scalars(
        select(ImportFile)
        .where(ImportFile.run_id == run.id, ImportFile.problem.is_not(None))
        .where(ImportFile.look != Look.LEFT_OUT)
        .order_by(ImportFile.number)
    ).all()


def unfinished_of(user_id: int, digest: str) -> ImportRun | None:
    """Return a person's import of the very same bundle whose files have not all arrived."""
    waiting = runs().where(ImportRun.by_id == user_id, ImportRun.state == State.MAPPING)
    found = db.session.scalars(waiting.limit(50))
    return next((run for run in found if run.survey.get("digest") == digest), None)
