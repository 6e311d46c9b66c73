"""What closed in each month, kept as columns for reports; and what is told otherwise since."""

import sqlalchemy as sa
from alembic import op

revision = "d0b7e2a45c19"
down_revision = "c58d20e6f4b1"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CHANGED = {
    "ix_deal_updated": ("deal", "updated_at"),
    "ix_usage_retraction_at": ("usage_retraction", "retracted_at"),
    "ix_retro_answered": ("retro", "answered_at"),
    "ix_retro_changed": ("retro", "changed_at"),
    "ix_retro_voided": ("retro", "voided_at"),
}


def upgrade() -> None:
    op.create_table(
        "closed_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=5), nullable=False),
        sa.Column("built_at", MOMENT, nullable=False),
        sa.Column("deals", sa.LargeBinary(), nullable=False),
        sa.Column("touches", sa.LargeBinary(), nullable=False),
        sa.Column("stays", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("month", "outcome", name="pk_closed_month"),
    )
    op.create_table(
        "rollup_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rollup_mark"),
    )
    op.create_table(
        "restatement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("deal_id", BIG, nullable=False),
        sa.Column("before_minor", BIG, nullable=True),
        sa.Column("after_minor", BIG, nullable=True),
        sa.Column("touches_before", sa.Integer(), nullable=False),
        sa.Column("touches_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name="fk_restatement_deal_id_deal"),
        sa.PrimaryKeyConstraint("id", name="pk_restatement"),
    )
    op.create_index("ix_restatement_month", "restatement", ["month", "id"])
    op.create_index("ix_restatement_deal_id", "restatement", ["deal_id"])
    # What has changed lately is looked for at every report.
    for name, (table, column) in CHANGED.items():
        op.create_index(name, table, [column])


def downgrade() -> None:
    for name, (table, _column) in CHANGED.items():
        op.drop_index(name, table_name=table)
    for table in ("restatement", "rollup_mark", "closed_month"):
        op.drop_table(table)
