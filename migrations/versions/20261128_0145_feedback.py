"""What people say of materials: comments, suggested changes, ratings, flags and field wins."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "b41f7c20d9ae"
down_revision = "f4d19a6c82b7"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OPEN, UNRESOLVED = sa.text("state = 'open'"), sa.text("resolved_at IS NULL")


def _reference(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), **how)


def _said(table: str, *columns: sa.schema.SchemaItem, placed: bool = True) -> None:
    """Make a table of what people say, with what all of them have."""
    place = (
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
    )
    op.create_table(
        table,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("asset_id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        *(place if placed else ()),
        *columns,
        _reference(table, "asset_id", "asset.id", ondelete="CASCADE"),
        _reference(table, "version_id", "asset_version.id", ondelete="CASCADE"),
        _reference(table, "by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_version_id", table, ["version_id"])


def _sent_once(table: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("by_id", "key", name=op.f(f"uq_{table}_by_id_key"))


def upgrade() -> None:
    _comments()
    _suggestions()
    _said(
        "asset_rating",
        sa.Column("helps", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.UniqueConstraint("version_id", "by_id", name=op.f("uq_asset_rating_version_id_by_id")),
        placed=False,
    )
    op.create_index("ix_asset_rating_asset", "asset_rating", ["asset_id"])
    _flags()
    _said(
        "field_win",
        sa.Column("deal_id", NUMBER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stage_before_id", NUMBER, nullable=True),
        sa.Column("stage_after_id", NUMBER, nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        _reference("field_win", "deal_id", "deal.id"),
        _reference("field_win", "stage_before_id", "stage.id"),
        _reference("field_win", "stage_after_id", "stage.id"),
        _sent_once("field_win"),
    )
    op.create_index("ix_field_win_asset", "field_win", ["asset_id", "said_at"])
    op.create_index("ix_field_win_deal_id", "field_win", ["deal_id"])


def _comments() -> None:
    table = "asset_comment"
    _said(
        table,
        sa.Column("parent_id", NUMBER, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_at", UTCDateTime(), nullable=True),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.Column("resolved_by_id", NUMBER, nullable=True),
        _reference(table, "parent_id", "asset_comment.id", ondelete="CASCADE"),
        _reference(table, "resolved_by_id", "user_account.id"),
        _sent_once(table),
    )
    op.create_index("ix_asset_comment_asset", table, ["asset_id", "said_at"])
    op.create_index("ix_asset_comment_parent_id", table, ["parent_id"])
    op.create_table(
        "asset_comment_before",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("comment_id", NUMBER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        _reference("asset_comment_before", "comment_id", "asset_comment.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_comment_before")),
    )
    op.create_index("ix_asset_comment_before_comment_id", "asset_comment_before", ["comment_id"])


def _suggestions() -> None:
    table = "asset_suggestion"
    _said(
        table,
        sa.Column("words", sa.JSON(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by_id", NUMBER, nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("taken_up_id", NUMBER, nullable=True),
        _reference(table, "decided_by_id", "user_account.id"),
        _reference(table, "taken_up_id", "asset_version.id", ondelete="SET NULL"),
        _sent_once(table),
    )
    op.create_index("ix_asset_suggestion_asset", table, ["asset_id", "said_at"])
    op.create_index(
        "ix_asset_suggestion_open",
        table,
        ["asset_id"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index("ix_asset_suggestion_taken_up_id", table, ["taken_up_id"])


def _flags() -> None:
    table = "asset_flag"
    _said(
        table,
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proof_url", sa.String(length=2000), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.Column("resolved_by_id", NUMBER, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("fixed_by_id", NUMBER, nullable=True),
        _reference(table, "resolved_by_id", "user_account.id"),
        _reference(table, "fixed_by_id", "asset_version.id", ondelete="SET NULL"),
        _sent_once(table),
    )
    op.create_index("ix_asset_flag_asset", table, ["asset_id", "said_at"])
    op.create_index("ix_asset_flag_fixed_by_id", table, ["fixed_by_id"])
    op.create_index(
        "ix_asset_flag_open",
        table,
        ["asset_id", "by_id"],
        sqlite_where=UNRESOLVED,
        postgresql_where=UNRESOLVED,
    )


def downgrade() -> None:
    for table in (
        "field_win",
        "asset_flag",
        "asset_rating",
        "asset_suggestion",
        "asset_comment_before",
        "asset_comment",
    ):
        op.drop_table(table)
