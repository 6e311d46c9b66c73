"""News that nobody has seen yet, counted from an index on every page."""

import sqlalchemy as sa
from alembic import op

revision = "f4d19a6c82b7"
down_revision = "f1a64c0e83d2"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_notification_unseen", "notification"
UNSEEN = sa.text("seen_at IS NULL")


def upgrade() -> None:
    op.create_index(INDEX, TABLE, ["user_id"], sqlite_where=UNSEEN, postgresql_where=UNSEEN)


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
