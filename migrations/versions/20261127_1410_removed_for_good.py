"""Since when the content of a version is removed for good, and who asked for it."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "b81d5f3c0a72"
down_revision = "a7c3e5d90b42"
branch_labels = None
depends_on = None

VERSION = "asset_version"


def upgrade() -> None:
    op.add_column(VERSION, sa.Column("removed_at", UTCDateTime(), nullable=True))
    # In place: a copy of the table would take along whatever refers to it.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE asset_version ADD COLUMN removed_by_id INTEGER"
            " REFERENCES user_account (id)"
        )
        return
    op.add_column(VERSION, sa.Column("removed_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_asset_version_removed_by_id"), VERSION, "user_account", ["removed_by_id"], ["id"]
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("fk_asset_version_removed_by_id"), VERSION, type_="foreignkey")
    op.drop_column(VERSION, "removed_by_id")
    op.drop_column(VERSION, "removed_at")
