"""What came out of a search is found by the search."""

import sqlalchemy as sa
from alembic import op

revision = "c5e27f81d964"
down_revision = "a90b3f5d7e18"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_usage_event_search", "usage_event"
FROM_A_SEARCH = sa.text("search_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        NAME,
        TABLE,
        ["search_id", "grade"],
        sqlite_where=FROM_A_SEARCH,
        postgresql_where=FROM_A_SEARCH,
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
