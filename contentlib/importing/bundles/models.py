"""The files of a folder or an archive, each with what is to become of it and what became of it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.core.db import Base, BigId, choice
from contentlib.importing.models import ImportRun, Result
from contentlib.library.models import Asset


class Look(StrEnum):
    """What a look at a file found."""

    WAITING = "waiting"
    NEW = "new"
    # The bytes are in the library already, or stand in this import before.
    SAME = "same"
    # A material, or a file before it, has nearly this name.
    NEAR = "near"
    UNREADABLE = "unreadable"
    # What a computer puts beside files for itself.
    LEFT_OUT = "left_out"


class Action(StrEnum):
    """What is to become of a file."""

    CREATE = "create"
    VERSION = "version"
    SKIP = "skip"


class ImportFile(Base):
    """One file of a bundle: found, looked at, described, taken in."""

    __tablename__ = "import_file"
    __table_args__ = (
        Index("ix_import_file_run", "run_id", "look", "number"),
        Index("ix_import_file_sha256", "run_id", "sha256"),
        Index("ix_import_file_result", "run_id", "result"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    # The order of the bundle, from one; findings and steps of an undo name it as their line.
    number: Mapped[int]
    path: Mapped[str] = mapped_column(String(1000))
    # Where its source has the bytes: an entry's number, a key of the store; none while they come.
    place: Mapped[str | None] = mapped_column(String(1000))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str | None] = mapped_column(String(10))
    look: Mapped[Look] = mapped_column(choice(Look, 10), default=Look.WAITING)
    # Why it cannot be read or is not taken: a sentence with its parameters.
    problem: Mapped[str | None] = mapped_column(Text)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    like_asset_id: Mapped[int | None] = mapped_column(
        ForeignKey("asset.id", ondelete="SET NULL"), index=True
    )
    # The file of this bundle that it is the same as, or looks like.
    like_path: Mapped[str | None] = mapped_column(String(1000))
    action: Mapped[Action] = mapped_column(choice(Action, 10), default=Action.CREATE)
    # What is said of it now, by the names of facts: keys of words, numbers of people.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # What a table beside it says, what its own first words tell, and what people typed.
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    heard: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_hand: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Whether sellers could see it with these facts.
    complete: Mapped[bool] = mapped_column(default=False)
    result: Mapped[Result | None] = mapped_column(choice(Result, 10))
    asset_id: Mapped[int | None] = mapped_column(
        ForeignKey("asset.id", ondelete="SET NULL"), index=True
    )

    run: Mapped[ImportRun] = relationship()
    like: Mapped[Asset | None] = relationship(foreign_keys=like_asset_id)
    asset: Mapped[Asset | None] = relationship(foreign_keys=asset_id)
