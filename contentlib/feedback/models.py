"""What people said of a material: comments, suggested changes, ratings, flags and field wins.

Every row belongs to a material and to the version that was before the person's eyes; it is seen by
whoever may see both. Nothing here is deleted by people: what was taken back is hidden and kept.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice
from contentlib.deals.models import Deal
from contentlib.library.models import Asset, AssetVersion
from contentlib.library.taxonomy import Stage


class SuggestionState(StrEnum):
    """What became of a suggested change."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class FlagOutcome(StrEnum):
    """How a flag came to its end."""

    FIXED = "fixed"
    STILL_TRUE = "still_true"
    WITHDRAWN = "withdrawn"


class Said:
    """What every row has: who said it, when, of which version, and the key it was sent under."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # A draft that is discarded takes what was said of it along.
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(
        ForeignKey("asset_version.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime] = mapped_column(default=now)
    # Sending the same form twice says nothing twice.
    key: Mapped[str] = mapped_column(String(80))

    @declared_attr
    def asset(cls) -> Mapped[Asset]:  # noqa: N805 - a class, as SQLAlchemy calls it
        """Return the material it is about."""
        return relationship(Asset)

    @declared_attr
    def version(cls: Any) -> Mapped[AssetVersion]:  # noqa: N805
        """Return the version that the person had before them."""
        return relationship(AssetVersion, foreign_keys=f"{cls.__name__}.version_id")

    @declared_attr
    def by(cls: Any) -> Mapped[User]:  # noqa: N805
        """Return who said it."""
        return relationship(User, foreign_keys=f"{cls.__name__}.by_id", lazy="joined")


class Placed(Said):
    """What can be about one place in a material: a page of its file, or words that stand there."""

    page: Mapped[int | None]
    quote: Mapped[str] = mapped_column(Text, default="")

    @property
    def quoted(self) -> str:
        """Return the words it is about; those of content that was removed for good are gone too."""
        return "" if self.version.removed_at else self.quote


class Comment(Placed, Base):
    """What somebody said of a material, or in answer to a comment."""

    __tablename__ = "asset_comment"
    __table_args__ = (
        UniqueConstraint("by_id", "key"),
        Index("ix_asset_comment_asset", "asset_id", "said_at"),
    )

    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("asset_comment.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    resolved_by: Mapped[User | None] = relationship(foreign_keys=resolved_by_id)
    answers: Mapped[list["Comment"]] = relationship(order_by="Comment.said_at, Comment.id")
    before: Mapped[list["CommentBefore"]] = relationship(order_by="CommentBefore.id")

    @property
    def standing_answers(self) -> list["Comment"]:
        """Return the answers that were not taken back."""
        return [one for one in self.answers if one.removed_at is None]


class CommentBefore(Base):
    """What a comment said before it was changed."""

    __tablename__ = "asset_comment_before"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("asset_comment.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(default=now)


class Suggestion(Placed, Base):
    """A change that somebody suggests: other words for a text, or a note about a file."""

    __tablename__ = "asset_suggestion"
    __table_args__ = (
        UniqueConstraint("by_id", "key"),
        Index("ix_asset_suggestion_asset", "asset_id", "said_at"),
        Index(
            "ix_asset_suggestion_open",
            "asset_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    # The whole text as it should be, by part (see `words`); none where only a note tells it.
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[SuggestionState] = mapped_column(
        choice(SuggestionState, 10), default=SuggestionState.OPEN
    )
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    # The version in which it was taken up.
    taken_up_id: Mapped[int | None] = mapped_column(
        ForeignKey("asset_version.id", ondelete="SET NULL"), index=True
    )

    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    taken_up: Mapped[AssetVersion | None] = relationship(foreign_keys=taken_up_id)

    @property
    def is_open(self) -> bool:
        """Tell whether its keepers have still to decide."""
        return self.state is SuggestionState.OPEN


class Rating(Said, Base):
    """Whether a version helps one person, and why; they may change their mind."""

    __tablename__ = "asset_rating"
    __table_args__ = (
        UniqueConstraint("version_id", "by_id"),
        Index("ix_asset_rating_asset", "asset_id"),
    )

    helps: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(Text, default="")


class Flag(Placed, Base):
    """Somebody says that a material is outdated, and what shows it."""

    __tablename__ = "asset_flag"
    __table_args__ = (
        UniqueConstraint("by_id", "key"),
        Index("ix_asset_flag_asset", "asset_id", "said_at"),
        # Asked with every search.
        Index(
            "ix_asset_flag_open",
            "asset_id",
            "by_id",
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    reason: Mapped[str] = mapped_column(Text)
    proof_url: Mapped[str] = mapped_column(String(2000), default="")
    outcome: Mapped[FlagOutcome | None] = mapped_column(choice(FlagOutcome, 12))
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    fixed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("asset_version.id", ondelete="SET NULL"), index=True
    )

    resolved_by: Mapped[User | None] = relationship(foreign_keys=resolved_by_id)
    fixed_by: Mapped[AssetVersion | None] = relationship(foreign_keys=fixed_by_id)


class FieldWin(Placed, Base):
    """What a material did on a deal, told by who was there."""

    __tablename__ = "field_win"
    __table_args__ = (
        UniqueConstraint("by_id", "key"),
        Index("ix_field_win_asset", "asset_id", "said_at"),
    )

    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    # Where the deal stood before its last move, and where it stood when this was told.
    stage_before_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    stage_after_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    withdrawn_at: Mapped[datetime | None]

    deal: Mapped[Deal] = relationship()
    stage_before: Mapped[Stage | None] = relationship(foreign_keys=stage_before_id)
    stage_after: Mapped[Stage] = relationship(foreign_keys=stage_after_id)
