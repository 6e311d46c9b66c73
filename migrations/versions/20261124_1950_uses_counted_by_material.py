"""Uses are counted by material and by deal from an index alone, so that reports stay quick."""

from alembic import op

revision = "8c31f0a6d2b7"
down_revision = "b81f6e20c4d7"
branch_labels = None
depends_on = None

TABLE = "usage_event"


def upgrade() -> None:
    op.drop_index("ix_usage_event_asset_time", table_name=TABLE)
    op.create_index(
        "ix_usage_event_asset_grade",
        TABLE,
        ["asset_id", "grade", "occurred_at", "actor_id", "deal_id", "late"],
    )
    op.drop_index("ix_usage_event_deal", table_name=TABLE)
    op.create_index(
        "ix_usage_event_deal", TABLE, ["deal_id", "grade", "asset_id", "occurred_at", "late"]
    )


def downgrade() -> None:
    op.drop_index("ix_usage_event_deal", table_name=TABLE)
    op.create_index("ix_usage_event_deal", TABLE, ["deal_id", "asset_id", "grade"])
    op.drop_index("ix_usage_event_asset_grade", table_name=TABLE)
    op.create_index("ix_usage_event_asset_time", TABLE, ["asset_id", "occurred_at"])
