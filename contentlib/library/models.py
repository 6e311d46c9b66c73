"""Assets and their versions, and the bytes those versions consist of."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice
from contentlib.library.care.verdicts import HANDED_OUT, ScanState
from contentlib.library.release.rules import Step
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag


class Status(StrEnum):
    """Where an asset stands: only published ones reach sellers."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Audience(StrEnum):
    """Whether an asset may leave the house."""

    INTERNAL = "internal"
    SHAREABLE = "shareable"


class VersionKind(StrEnum):
    """What a version consists of: bytes, an address elsewhere, or words written here."""

    FILE = "file"
    LINK = "link"
    SCRIPT = "script"
    OBJECTION = "objection"


class ExtractionState(StrEnum):
    """What became of reading the text out of a file; each is shown to people."""

    PENDING = "pending"
    DONE = "done"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    PASSWORD = "password"  # noqa: S105 - a state, not a secret
    UNSUPPORTED = "unsupported"
    FAILED = "failed"


def _pairs(name: str, other: str) -> Table:
    return Table(
        name,
        Base.metadata,
        Column("asset_id", ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True),
        Column(f"{other}_id", ForeignKey(f"{other}.id"), primary_key=True, index=True),
    )


asset_stage = _pairs("asset_stage", "stage")
asset_persona = _pairs("asset_persona", "persona")
asset_tag = _pairs("asset_tag", "tag")


class Asset(Base):
    """One thing that sellers can use, whatever its versions."""

    __tablename__ = "asset"
    __table_args__ = (
        Index("ix_asset_status_valid", "status", "valid_until"),
        Index("ix_asset_review", "status", "review_due"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    type_id: Mapped[int] = mapped_column(ForeignKey("asset_type.id"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    audience: Mapped[Audience] = mapped_column(choice(Audience, 10))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    # Who says yes to a version before sellers see it, where somebody is named for that.
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    status: Mapped[Status] = mapped_column(choice(Status, 10), default=Status.DRAFT)
    # Three dates, never one: gone from sellers, owner is asked, nothing deleted before.
    valid_until: Mapped[date | None]
    review_due: Mapped[date | None]
    retain_until: Mapped[date | None]
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # What sellers see, which is not always the latest version.
    published_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("asset_version.id", use_alter=True), index=True
    )
    published_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    # Counts every change that the index must follow.
    revision: Mapped[int] = mapped_column(default=1)

    type: Mapped[AssetType] = relationship(lazy="joined")
    owner: Mapped[User] = relationship(foreign_keys=owner_id, lazy="joined")
    deputy: Mapped[User | None] = relationship(foreign_keys=deputy_id)
    approver: Mapped[User | None] = relationship(foreign_keys=approver_id)
    stages: Mapped[list[Stage]] = relationship(secondary=asset_stage, order_by=Stage.position)
    personas: Mapped[list[Persona]] = relationship(
        secondary=asset_persona, order_by=Persona.position
    )
    tags: Mapped[list[Tag]] = relationship(secondary=asset_tag, order_by=Tag.key)
    versions: Mapped[list["AssetVersion"]] = relationship(
        back_populates="asset",
        foreign_keys="AssetVersion.asset_id",
        order_by="AssetVersion.number",
    )
    published_version: Mapped["AssetVersion | None"] = relationship(
        foreign_keys=published_version_id, post_update=True
    )

    @property
    def latest_version(self) -> "AssetVersion | None":
        """Return the youngest version, which sellers may not see yet."""
        return self.versions[-1] if self.versions else None

    @property
    def shown_version(self) -> "AssetVersion | None":
        """Return what people see: the published version, or the latest where none is."""
        return self.published_version or self.latest_version


class Blob(Base):
    """Bytes in the store, named by their content; shared by every version that has them."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)
    # The outcome of reading it, kept by content so that nothing is read twice.
    extraction: Mapped[ExtractionState] = mapped_column(
        choice(ExtractionState, 12), default=ExtractionState.PENDING
    )
    extraction_detail: Mapped[str | None] = mapped_column(Text)
    # What the file tells of itself, see `file_facts`.
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    page_label: Mapped[str] = mapped_column(String(10), default="page")
    page_count: Mapped[int | None]
    # How many page images are in the store under previews/<sha256>/.
    preview_count: Mapped[int] = mapped_column(default=0)
    preview_state: Mapped[ExtractionState] = mapped_column(
        choice(ExtractionState, 12), default=ExtractionState.PENDING
    )
    # The size of the PDF that was made of an Office file, kept beside its pictures.
    pdf_size: Mapped[int | None] = mapped_column(BigInteger)

    # What the virus scanner said of it, if one is named; `scan_detail` is what was found in it,
    # or why it could not be scanned.
    scan: Mapped[ScanState] = mapped_column(choice(ScanState, 12), default=ScanState.NONE)
    scan_detail: Mapped[str | None] = mapped_column(Text)
    scanned_at: Mapped[datetime | None] = mapped_column(index=True)
    scan_signatures: Mapped[str | None] = mapped_column(String(200))

    pages: Mapped[list["BlobPage"]] = relationship(order_by="BlobPage.number")

    @property
    def is_withheld(self) -> bool:
        """Tell whether nobody gets these bytes or what is in them, whoever asks."""
        return self.scan not in HANDED_OUT

    @property
    def is_working(self) -> bool:
        """Tell whether the worker has still to scan, read or paint it."""
        waits = ExtractionState.PENDING in (self.extraction, self.preview_state)
        return self.scan is ScanState.WAITING or (waits and not self.is_withheld)


class BlobPage(Base):
    """The text of one page, slide or sheet."""

    __tablename__ = "blob_page"

    sha256: Mapped[str] = mapped_column(
        ForeignKey("blob.sha256", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class AssetVersion(Base):
    """One state of an asset's content; never changed once made, but its content may be removed."""

    __tablename__ = "asset_version"
    __table_args__ = (UniqueConstraint("asset_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[VersionKind] = mapped_column(choice(VersionKind, 10))
    blob_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True)
    file_name: Mapped[str | None] = mapped_column(String(255))
    url: Mapped[str | None] = mapped_column(String(2000))
    # A script: {"channel", "subject", "text"}. An objection: {"heard_as": [...], "answer",
    # "proof_asset_id", "proof_page", "question", "avoid"}.
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    change_note: Mapped[str] = mapped_column(Text, default="")
    # A major version says something else; a minor one says the same better.
    is_major: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    # Since when its content is gone for good; who, or what setting, asked for that.
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    asset: Mapped[Asset] = relationship(back_populates="versions", foreign_keys=asset_id)
    blob: Mapped[Blob | None] = relationship(lazy="joined")
    created_by: Mapped[User | None] = relationship(foreign_keys=created_by_id)
    removed_by: Mapped[User | None] = relationship(foreign_keys=removed_by_id)


class ReleaseStep(Base):
    """One step of a version towards sellers or back; never changed, kept so by the database."""

    __tablename__ = "release_step"
    __table_args__ = (
        Index("ix_release_step_version", "asset_version_id", "id"),
        Index("ix_release_step_asset", "asset_id", "id"),
        Index("ix_release_step_step", "step", "asset_version_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    # A step that concerns the material as a whole has no version.
    asset_version_id: Mapped[int | None] = mapped_column(ForeignKey("asset_version.id"))
    step: Mapped[Step] = mapped_column(choice(Step, 12))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # The reason of a refusal or a way back, or the name of who approves from now on.
    note: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[User | None] = relationship()
    version: Mapped[AssetVersion | None] = relationship()


class Receipt(Base):
    """What was sent under the sender's key, so that sending it again changes nothing."""

    __tablename__ = "receipt"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    # The hash of what was sent: of a file's bytes, or of the fields of a form.
    sha256: Mapped[str] = mapped_column(String(64))
    asset_version_id: Mapped[int] = mapped_column(ForeignKey("asset_version.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    version: Mapped[AssetVersion] = relationship()
