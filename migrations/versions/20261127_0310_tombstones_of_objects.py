"""What is to become of objects in the store that no row speaks of."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "e2b9d41f7a06"
down_revision = "e19c4b70a5f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "object_tombstone",
        sa.Column("key", sa.String(length=512), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_object_tombstone")),
    )


def downgrade() -> None:
    op.drop_table("object_tombstone")
