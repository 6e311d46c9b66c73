"""Uses are counted by material, grade and time from an index alone, so that reports stay quick."""

from alembic import op

revision = "8c31f0a6d2b7"
down_revision = "b81f6e20c4d7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_usage_event_asset_grade",
        "usage_event",
        ["asset_id", "grade", "occurred_at", "actor_id", "deal_id"],
    )


def downgrade() -> None:
    op.drop_index("ix_usage_event_asset_grade", table_name="usage_event")
