"""What a file tells of itself: its size in pixels, how long it plays, which slides are hidden."""

import sqlalchemy as sa
from alembic import op

revision = "e19c4b70a5f2"
down_revision = "d4b7f0c3a915"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("blob", sa.Column("facts", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("blob") as batch:
        batch.drop_column("facts")
