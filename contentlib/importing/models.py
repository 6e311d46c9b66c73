"""Runs of imports, what each of their rows did, and what was found wrong or odd on the way."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice


class State(StrEnum):
    """How far a run has come; people act on the ones between checking, running and undoing."""

    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Result(StrEnum):
    """What became of one row."""

    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"
    FAILED = "failed"


class Severity(StrEnum):
    """Whether a finding kept its row out, or is only worth a look."""

    ERROR = "error"
    WARNING = "warning"


class ImportRun(Base):
    """One file on its way in: how it is read, how far it has come and what it did."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[State] = mapped_column(choice(State, 10), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    # Where the bytes are in the store; a file read from the command line is not kept.
    storage_key: Mapped[str | None] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    encoding: Mapped[str] = mapped_column(String(20))
    delimiter: Mapped[str] = mapped_column(String(1))
    header: Mapped[list[str]] = mapped_column(JSON)
    # {"byte", "line"} where the rows begin, and how far the present pass has come.
    body: Mapped[dict[str, int]] = mapped_column(JSON)
    place: Mapped[dict[str, int]] = mapped_column(JSON)
    survey: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # {"columns": {field: column}, "values": {field: {as written: key}}, "currency": code}
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    create_missing: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User | None] = relationship(foreign_keys=by_id, lazy="joined")


class ImportRow(Base):
    """What one row of a run did, with every step that an undo takes back."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_key", "run_id", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    line: Mapped[int]
    # What the other system calls the thing; the same key twice in a file is a mistake.
    key: Mapped[str] = mapped_column(String(120))
    result: Mapped[Result] = mapped_column(choice(Result, 10))
    steps: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    taken_back: Mapped[bool] = mapped_column(default=False)
    # Kept for rows that failed, so that they can be mended and sent again by themselves.
    cells: Mapped[list[str] | None] = mapped_column(JSON)


class ImportFinding(Base):
    """One thing that was wrong or odd, as a sentence with its parameters."""

    __tablename__ = "import_finding"
    __table_args__ = (Index("ix_import_finding_run", "run_id", "severity", "line"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    line: Mapped[int]
    severity: Mapped[Severity] = mapped_column(choice(Severity, 10))
    message: Mapped[str] = mapped_column(Text)
    # JSON as text, so that equal findings can be counted together.
    parameters: Mapped[str] = mapped_column(Text, default="{}")
