"""Imports: runs, what each row did, what was found; arrivals at a stage can be taken back."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "b81f6e20c4d7"
down_revision = "5d2c0b7a91e4"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "deal_stage_retraction",
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("retracted_at", UTCDateTime(), nullable=False),
        sa.Column("retracted_by_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["deal_stage_event.id"], name=op.f("fk_deal_stage_retraction_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["retracted_by_id"],
            ["user_account.id"],
            name=op.f("fk_deal_stage_retraction_retracted_by_id"),
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_deal_stage_retraction")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("delimiter", sa.String(length=1), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("survey", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("create_missing", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_import_run_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_state"), "import_run", ["state"])
    op.create_table(
        "import_row",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_row_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_key", "import_row", ["run_id", "key"])
    op.create_table(
        "import_finding",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_run.id"],
            name=op.f("fk_import_finding_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_finding")),
    )
    op.create_index("ix_import_finding_run", "import_finding", ["run_id", "severity", "line"])


def downgrade() -> None:
    for table in ("import_finding", "import_row", "import_run", "deal_stage_retraction"):
        op.drop_table(table)
