"""Uploads that arrive in parts; what was a table of receipts is called so."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "d4b7f0c3a915"
down_revision = "f2b6d80a4c19"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _receipts("receipt")
    _copy("upload", "receipt")
    op.drop_table("upload")
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("aim", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("media_type", sa.String(length=120), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("moved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_upload_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_upload_user_id")),
    )
    op.create_index("ix_upload_state_moved", "upload", ["state", "moved_at"])
    op.create_index("ix_upload_sha256", "upload", ["sha256"])


def downgrade() -> None:
    op.drop_table("upload")
    _receipts("upload")
    _copy("receipt", "upload")
    op.drop_table("receipt")


def _receipts(name: str) -> None:
    op.create_table(
        name,
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("asset_version_id", NUMBER, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk_{name}_user_id")),
        sa.ForeignKeyConstraint(
            ["asset_version_id"], ["asset_version.id"], name=op.f(f"fk_{name}_asset_version_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f(f"pk_{name}")),
    )


def _copy(source: str, target: str) -> None:
    columns = "user_id, key, sha256, asset_version_id, created_at"
    op.execute(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM {source}")  # noqa: S608
