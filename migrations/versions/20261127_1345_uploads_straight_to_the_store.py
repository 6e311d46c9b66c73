"""Uploads that browsers send straight to the store: what was begun there, and the parts' sums."""

import sqlalchemy as sa
from alembic import op

revision = "a7c41d9e3b60"
down_revision = "7c1f4e90a3d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    way = sa.Column("way", sa.String(length=12), nullable=False, server_default="application")
    op.add_column("upload", way)
    op.add_column("upload", sa.Column("begun", sa.Text(), nullable=True))
    op.add_column("upload", sa.Column("checksums", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("upload") as batch:
        for column in ("checksums", "begun", "way"):
            batch.drop_column(column)
