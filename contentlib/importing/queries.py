"""Questions about imports: which there were, how far they are, what was found."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.importing.context import NOBODY
from contentlib.importing.kinds import KINDS
from contentlib.importing.models import ImportFinding, ImportRow, ImportRun, Result, Severity
from contentlib.jobs.models import Job, JobState

# More different sentences than anybody reads on a page; the table of errors has all of them.
MOST_GROUPS = 500


@dataclass(frozen=True)
class Finding:
    """Equal findings together: a sentence's parameters, how many rows, the first of them."""

    parameters: dict[str, Any]
    count: int
    line: int


@dataclass(frozen=True)
class Group:
    """Findings of one sentence, the most frequent parameters first."""

    message: str
    findings: list[Finding]

    @property
    def count(self) -> int:
        """Return how many rows it was found in."""
        return sum(finding.count for finding in self.findings)

    @property
    def line(self) -> int:
        """Return the first line it was found in."""
        return min(finding.line for finding in self.findings)


def get_run(run_id: int) -> ImportRun:
    """Return an import of a table, or say that there is none."""
    run = db.session.get(ImportRun, run_id)
    if run is None or run.kind not in KINDS:
        raise Absent
    return run


def runs() -> Select[ImportRun]:
    """Select all imports of tables, youngest first."""
    return select(ImportRun).where(ImportRun.kind.in_(KINDS)).order_by(ImportRun.id.desc())


def groups(run: ImportRun, severity: Severity) -> list[Group]:
    """Return what was found, by sentence, the most frequent first."""
    number = func.count(ImportFinding.id)
    rows = db.session.execute(
        select(
            ImportFinding.message,
            ImportFinding.parameters,
            number,
            func.min(ImportFinding.line),
        )
        .where(ImportFinding.run_id == run.id, ImportFinding.severity == severity)
        .group_by(ImportFinding.message, ImportFinding.parameters)
        .order_by(number.desc(), func.min(ImportFinding.line))
        .limit(MOST_GROUPS)
    )
    found: dict[str, list[Finding]] = {}
    for message, parameters, count, line in rows:
        found.setdefault(message, []).append(Finding(json.loads(parameters), count, line))
    groups = [Group(message, findings) for message, findings in found.items()]
    return sorted(groups, key=lambda group: -group.count)


def lacks_people(run: ImportRun, errors: list[Group]) -> bool:
    """Tell whether rows are kept out for people whom the import could add and was not told to."""
    return not run.create_missing and any(
        "@" not in finding.parameters["text"]
        for group in errors
        if group.message == NOBODY
        for finding in group.findings
    )


def errors(run: ImportRun) -> Select[ImportFinding]:
    """Select the errors of an import, by line."""
    return (
        select(ImportFinding)
        .where(ImportFinding.run_id == run.id, ImportFinding.severity == Severity.ERROR)
        .order_by(ImportFinding.line, ImportFinding.id)
    )


def findings_on(run: ImportRun, lines: Sequence[int]) -> Sequence[ImportFinding]:
    """Return what was found on some lines."""
    if not lines:
        return []
    return db.session.scalars(
        select(ImportFinding)
        .where(
            ImportFinding.run_id == run.id,
            ImportFinding.line.between(min(lines), max(lines)),
        )
        .order_by(ImportFinding.line, ImportFinding.id)
    ).all()


def parameters_of(finding: ImportFinding) -> dict[str, Any]:
    """Return the parameters of a finding's sentence."""
    found: dict[str, Any] = json.loads(finding.parameters)
    return found


def sentence_of(finding: ImportFinding) -> str:
    """Return a finding as an English sentence."""
    parameters = parameters_of(finding)
    return finding.message % parameters if parameters else finding.message


def failed_rows(run: ImportRun) -> Iterable[tuple[ImportRow, ImportFinding]]:
    """Return the rows that were kept out, each with its error."""
    return db.session.execute(
        select(ImportRow, ImportFinding)
        .join(
            ImportFinding,
            (ImportFinding.run_id == ImportRow.run_id) & (ImportFinding.line == ImportRow.line),
        )
        .where(
            ImportRow.run_id == run.id,
            ImportRow.result == Result.FAILED,
            ImportFinding.severity == Severity.ERROR,
        )
        .order_by(ImportRow.id)
        .execution_options(yield_per=200)
    )


def taken_back(run: ImportRun) -> tuple[int, int]:
    """Return how many rows of a run are taken back, of how many."""
    done = func.count().filter(ImportRow.taken_back.is_(True))
    row = db.session.execute(select(done, func.count()).where(ImportRow.run_id == run.id)).one()
    return row[0], row[1]


def gave_up(run: ImportRun) -> bool:
    """Tell whether the worker laid this import aside after several attempts."""
    last = select(Job.state).where(
        Job.kind.in_(("importing.portion", "importing.undo")), Job.key == f"run:{run.id}"
    )
    return db.session.scalars(last.order_by(Job.id.desc())).first() is JobState.DEAD
