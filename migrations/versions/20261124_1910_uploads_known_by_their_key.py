"""Uploads are known by their key, so that sending a file twice makes one material."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "5d2c0b7a91e4"
down_revision = "ae5ec311b7c6"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("asset_version_id", NUMBER, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_version_id"],
            ["asset_version.id"],
            name=op.f("fk_upload_asset_version_id"),
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_upload_sha256")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_upload_user_id")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_upload")),
    )


def downgrade() -> None:
    op.drop_table("upload")
