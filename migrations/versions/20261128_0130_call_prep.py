"""Briefs before a conversation: what stood on them, and what people did with it."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "f5a1c07e93d4"
down_revision = "f3a94c7d2b18"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), **how)


def upgrade() -> None:
    op.create_table(
        "prep_brief",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("deal_id", NUMBER, nullable=True),
        sa.Column("stage_id", NUMBER, nullable=False),
        sa.Column("situation", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(length=120), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        _reference("prep_brief", "by_id", "user_account.id"),
        _reference("prep_brief", "deal_id", "deal.id"),
        _reference("prep_brief", "stage_id", "stage.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prep_brief")),
        sa.UniqueConstraint("key", name=op.f("uq_prep_brief_key")),
    )
    op.create_index("ix_prep_brief_by_id", "prep_brief", ["by_id"])
    op.create_index("ix_prep_brief_deal", "prep_brief", ["deal_id", "opened_at"])
    op.create_table(
        "prep_impression",
        sa.Column("brief_id", NUMBER, nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=12), nullable=False),
        sa.Column("asset_id", NUMBER, nullable=False),
        sa.Column("asset_version_id", NUMBER, nullable=True),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        _reference("prep_impression", "asset_id", "asset.id"),
        _reference("prep_impression", "asset_version_id", "asset_version.id"),
        _reference("prep_impression", "brief_id", "prep_brief.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("brief_id", "slot", name=op.f("pk_prep_impression")),
    )
    op.create_index("ix_prep_impression_asset_id", "prep_impression", ["asset_id"])
    op.create_table(
        "prep_followed",
        sa.Column("brief_id", NUMBER, nullable=False),
        sa.Column("asset_id", NUMBER, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        _reference("prep_followed", "asset_id", "asset.id"),
        _reference("prep_followed", "brief_id", "prep_brief.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("brief_id", "asset_id", "how", name=op.f("pk_prep_followed")),
    )
    op.create_table(
        "prep_choice",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("deal_id", NUMBER, nullable=True),
        sa.Column("brief_id", NUMBER, nullable=True),
        sa.Column("asset_id", NUMBER, nullable=False),
        sa.Column("section", sa.String(length=12), nullable=False),
        sa.Column("chose", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        _reference("prep_choice", "asset_id", "asset.id"),
        _reference("prep_choice", "brief_id", "prep_brief.id"),
        _reference("prep_choice", "by_id", "user_account.id"),
        _reference("prep_choice", "deal_id", "deal.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prep_choice")),
    )
    op.create_index("ix_prep_choice_deal_id", "prep_choice", ["deal_id"])
    op.create_index("ix_prep_choice_place", "prep_choice", ["by_id", "place"])


def downgrade() -> None:
    op.drop_table("prep_choice")
    op.drop_table("prep_followed")
    op.drop_table("prep_impression")
    op.drop_table("prep_brief")
