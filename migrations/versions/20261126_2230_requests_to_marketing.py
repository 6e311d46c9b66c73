"""What people ask marketing for, and who waits for it."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "c71e0a92b6d3"
down_revision = "a3c84f5e1d90"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REQUEST, JOINED = "content_request", "content_request_joined"


def _reference(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), **how)


def upgrade() -> None:
    op.create_table(
        REQUEST,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=256), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("deal_id", NUMBER, nullable=True),
        sa.Column("asked_by_id", NUMBER, nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("asset_id", NUMBER, nullable=True),
        sa.Column("decided_by_id", NUMBER, nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        _reference(REQUEST, "deal_id", "deal.id"),
        _reference(REQUEST, "asked_by_id", "user_account.id"),
        _reference(REQUEST, "asset_id", "asset.id"),
        _reference(REQUEST, "decided_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{REQUEST}")),
    )
    op.create_index("ix_content_request_state_asked", REQUEST, ["state", "asked_at"])
    op.create_index(op.f("ix_content_request_deal_id"), REQUEST, ["deal_id"])
    op.create_index(op.f("ix_content_request_asset_id"), REQUEST, ["asset_id"])
    op.create_table(
        JOINED,
        sa.Column("request_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        _reference(JOINED, "request_id", "content_request.id", ondelete="CASCADE"),
        _reference(JOINED, "user_id", "user_account.id"),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f(f"pk_{JOINED}")),
    )
    op.create_index(op.f("ix_content_request_joined_user_id"), JOINED, ["user_id"])


def downgrade() -> None:
    op.drop_table(JOINED)
    op.drop_table(REQUEST)
