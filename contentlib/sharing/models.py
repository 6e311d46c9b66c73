"""Links for buyers: one for each recipient, with one or several materials in order."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice
from contentlib.deals.models import Contact, Deal
from contentlib.library.models import Asset, AssetVersion


class Gate(StrEnum):
    """What a visitor says of themselves before the material is shown."""

    NONE = "none"
    ASK = "ask"
    CODE = "code"
    LISTED = "listed"


class Follows(StrEnum):
    """Whether a link shows what is published at the time, or what it was made with."""

    LATEST = "latest"
    PINNED = "pinned"


class ShareLink(Base):
    """A link for one recipient."""

    __tablename__ = "share_link"
    __table_args__ = (
        Index("ix_share_link_deal", "deal_id", "created_at"),
        Index("ix_share_link_by", "by_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # The token is made of this and the secret key; what is kept here opens nothing.
    seed: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    recipient_name: Mapped[str] = mapped_column(String(200), default="")
    recipient_email: Mapped[str | None] = mapped_column(String(254), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    # When its seller took it along or had it sent: only from then on is it a use.
    sent_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(2))
    note: Mapped[str] = mapped_column(Text, default="")
    follows: Mapped[Follows] = mapped_column(choice(Follows, 10), default=Follows.LATEST)
    gate: Mapped[Gate] = mapped_column(choice(Gate, 10), default=Gate.NONE)
    # Addresses and domains that a listed gate lets in.
    allowed: Mapped[list[str]] = mapped_column(JSON, default=list)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    may_download: Mapped[bool] = mapped_column(default=False)
    is_watermarked: Mapped[bool] = mapped_column(default=False)
    # Its recipient objects to being told apart as a reader.
    is_unrecorded: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime | None]
    # How many people may open it, and how many have.
    most_opens: Mapped[int | None]
    opens: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    deal: Mapped[Deal | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    by: Mapped[User] = relationship(foreign_keys=by_id)
    items: Mapped[list["ShareItem"]] = relationship(
        cascade="all, delete-orphan", order_by="ShareItem.position"
    )


class ShareItem(Base):
    """One material of a link, at its place in the order."""

    __tablename__ = "share_item"
    __table_args__ = (Index("ix_share_item_asset", "asset_id"),)

    link_id: Mapped[int] = mapped_column(
        ForeignKey("share_link.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    # The version published when the link was made; shown where the link is pinned.
    version_id: Mapped[int] = mapped_column(ForeignKey("asset_version.id"))

    asset: Mapped[Asset] = relationship()
    version: Mapped[AssetVersion] = relationship()


class ShareAdmission(Base):
    """One visit that a link limited in number has let in."""

    __tablename__ = "share_admission"

    # The visit by its key: the rows of visits stand upon these.
    visit_key: Mapped[str] = mapped_column(String(43), primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("share_link.id", ondelete="CASCADE"))
    admitted_at: Mapped[datetime] = mapped_column(default=now)


class ShareCode(Base):
    """A code sent to an address that wants to pass a gate; what is kept of it opens nothing."""

    __tablename__ = "share_code"
    __table_args__ = (Index("ix_share_code_link", "link_id", "created_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("share_link.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
