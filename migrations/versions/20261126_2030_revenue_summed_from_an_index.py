"""Revenue is summed from an index alone, so that a year of thousands of deals stays quick."""

from alembic import op

revision = "4d7e19c2b5f0"
down_revision = "e5a94b0c7d12"
branch_labels = None
depends_on = None

TABLE = "deal"
COLUMNS = ["outcome", "closed_at", "currency", "amount_minor", "team_id", "pipeline_id"]


def upgrade() -> None:
    op.drop_index("ix_deal_outcome_closed", table_name=TABLE)
    op.create_index("ix_deal_closed", TABLE, COLUMNS)


def downgrade() -> None:
    op.drop_index("ix_deal_closed", table_name=TABLE)
    op.create_index("ix_deal_outcome_closed", TABLE, ["outcome", "closed_at"])
