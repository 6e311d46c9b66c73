"""The history of what became of files and materials in safekeeping; rows are only ever added.

What was begun (a hold, a removal that was asked for) is over once a later row is `about` it, so
that what stands is read from the history and cannot disagree with it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice, db
from contentlib.library.models import Asset, AssetVersion


class Act(StrEnum):
    """What was done."""

    QUARANTINED = "quarantined"
    RELEASED = "released"
    HELD = "held"
    FREED = "freed"
    REMOVAL_ASKED = "removal_asked"
    REMOVAL_UNDONE = "removal_undone"
    REMOVED = "removed"


class CustodyStep(Base):
    """One thing that was done; never changed, kept so by the database."""

    __tablename__ = "custody_step"
    __table_args__ = (
        Index("ix_custody_step_asset", "asset_id", "id"),
        Index("ix_custody_step_sha256", "sha256", "id"),
        Index("ix_custody_step_act", "act", "id"),
        Index("ix_custody_step_about", "about_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    act: Mapped[Act] = mapped_column(choice(Act, 20))
    # Of which it was done: bytes, a material, or one version of it.
    sha256: Mapped[str | None] = mapped_column(String(64))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    asset_version_id: Mapped[int | None] = mapped_column(ForeignKey("asset_version.id"))
    # The earlier step that this one ends.
    about_id: Mapped[int | None] = mapped_column(ForeignKey("custody_step.id"))
    # Nobody: the scanner, or the worker once the time was up.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # The reason, or the name of what was found.
    note: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[User | None] = relationship()
    asset: Mapped[Asset | None] = relationship()
    version: Mapped[AssetVersion | None] = relationship()


def record(
    act: Act,
    *,
    by: User | None,
    note: str = "",
    sha256: str | None = None,
    asset: Asset | None = None,
    version: AssetVersion | None = None,
    about: CustodyStep | None = None,
) -> CustodyStep:
    """Write down what was done, in the transaction that does it: the one place that writes here."""
    step = CustodyStep(
        act=act,
        by=by,
        note=note,
        sha256=sha256,
        asset_id=asset.id if asset else None,
        asset_version_id=version.id if version else None,
        about_id=about.id if about else None,
    )
    db.session.add(step)
    db.session.flush()
    told: dict[str, object] = {"version": version.number} if version else {}
    told |= {"sha256": sha256} if sha256 else {}
    audit.record(_WRITTEN[act], subject=asset, by=by, step=step.id, note=note, **told)
    return step


_WRITTEN = {
    Act.QUARANTINED: Action.FILE_QUARANTINED,
    Act.RELEASED: Action.FILE_RELEASED,
    Act.HELD: Action.ASSET_HELD,
    Act.FREED: Action.ASSET_FREED,
    Act.REMOVAL_ASKED: Action.REMOVAL_ASKED,
    Act.REMOVAL_UNDONE: Action.REMOVAL_UNDONE,
    Act.REMOVED: Action.ASSET_REMOVED,
}


def last_of(sha256: str, act: Act) -> CustodyStep | None:
    """Return when something was last done with some bytes, and by whom."""
    done = select(CustodyStep).where(CustodyStep.sha256 == sha256, CustodyStep.act == act)
    return db.session.scalars(done.order_by(CustodyStep.id.desc()).limit(1)).first()


def stands() -> ColumnElement[bool]:
    """Return the condition for a step that no later one has ended."""
    later = aliased(CustodyStep)
    return ~select(later.id).where(later.about_id == CustodyStep.id).exists()


def standing(act: Act, asset: Asset) -> Sequence[CustodyStep]:
    """Return what was begun on a material and has not ended, the oldest first."""
    mine = select(CustodyStep).where(CustodyStep.asset_id == asset.id, CustodyStep.act == act)
    return db.session.scalars(mine.where(stands()).order_by(CustodyStep.id)).all()


def is_to_be_removed(version: AssetVersion) -> bool:
    """Tell whether the removal of a version, or of its whole material, has been asked for."""
    asked = standing(Act.REMOVAL_ASKED, version.asset)
    return any(step.asset_version_id in (None, version.id) for step in asked)


def steps_of(asset: Asset) -> Sequence[CustodyStep]:
    """Return what was done with a material and with the bytes of its versions, in order."""
    hashes = {version.blob_sha256 for version in asset.versions if version.blob_sha256}
    gone = select(CustodyStep.sha256).where(
        CustodyStep.asset_id == asset.id, CustodyStep.act == Act.REMOVED
    )
    of_bytes = CustodyStep.asset_id.is_(None) & (
        CustodyStep.sha256.in_(hashes) | CustodyStep.sha256.in_(gone)
    )
    mine = (CustodyStep.asset_id == asset.id) | of_bytes
    return db.session.scalars(select(CustodyStep).where(mine).order_by(CustodyStep.id)).all()
