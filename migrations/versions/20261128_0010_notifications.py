"""What people were told, and how each wants to be told by e-mail."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "c4a91e7d20b5"
down_revision = "b81d5f3c0a72"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), **how)


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        sa.Column("mailed_at", UTCDateTime(), nullable=True),
        _reference("notification", "user_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_notification_user_id_key")),
    )
    op.create_index("ix_notification_user_told", "notification", ["user_id", "told_at"])
    op.create_table(
        "notification_choice",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        _reference("notification_choice", "user_id", "user_account.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_notification_choice")),
    )


def downgrade() -> None:
    op.drop_table("notification_choice")
    op.drop_table("notification")
