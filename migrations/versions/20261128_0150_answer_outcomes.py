"""Whether answers and scripts worked, as those tell who said them."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "b4f19a70c6d8"
down_revision = "b41f7c20d9ae"
branch_labels = None
depends_on = None

TABLE = "answer_outcome"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{TABLE}_{column}"))


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("asset_id", NUMBER, nullable=False),
        sa.Column("asset_version_id", NUMBER, nullable=True),
        sa.Column("deal_id", NUMBER, nullable=True),
        sa.Column("stage_id", NUMBER, nullable=True),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        _reference("asset_id", "asset.id"),
        _reference("asset_version_id", "asset_version.id"),
        _reference("by_id", "user_account.id"),
        _reference("deal_id", "deal.id"),
        _reference("stage_id", "stage.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index("ix_answer_outcome_asset", TABLE, ["asset_id", "at"])
    op.create_index("ix_answer_outcome_by", TABLE, ["by_id", "asset_id", "at"])
    op.create_index("ix_answer_outcome_deal_id", TABLE, ["deal_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
