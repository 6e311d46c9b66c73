"""What came by the links: hits, visits, what pages tell of themselves."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "e2c85d1b7f40"
down_revision = "d7b03f6a91e2"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), **how)


def upgrade() -> None:
    op.create_table(
        "share_visit",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("link_id", NUMBER, nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("visit_class", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("active_ms", sa.BigInteger(), nullable=False),
        sa.Column("pages_read", sa.Integer(), nullable=False),
        sa.Column("furthest_page", sa.Integer(), nullable=False),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.Column("notified_at", UTCDateTime(), nullable=True),
        _reference("share_visit", "link_id", "share_link.id"),
        _reference("share_visit", "user_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_visit")),
        sa.UniqueConstraint("key", name=op.f("uq_share_visit_key")),
    )
    op.create_index("ix_share_visit_link", "share_visit", ["link_id", "started_at"])
    op.create_table(
        "share_beacon",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("visit_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        _reference("share_beacon", "visit_id", "share_visit.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_beacon")),
        sa.UniqueConstraint("visit_id", "number", name=op.f("uq_share_beacon_visit_id_number")),
    )
    op.create_table(
        "share_hit",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("link_id", NUMBER, nullable=False),
        sa.Column("visit_id", NUMBER, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        _reference("share_hit", "link_id", "share_link.id"),
        _reference("share_hit", "visit_id", "share_visit.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_hit")),
    )
    op.create_index("ix_share_hit_link", "share_hit", ["link_id", "at"])
    op.create_index("ix_share_hit_visit", "share_hit", ["visit_id", "at"])
    op.create_table(
        "share_page_time",
        sa.Column("visit_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("active_ms", sa.BigInteger(), nullable=False),
        _reference("share_page_time", "visit_id", "share_visit.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("visit_id", "position", "page", name=op.f("pk_share_page_time")),
    )


def downgrade() -> None:
    op.drop_table("share_page_time")
    op.drop_table("share_hit")
    op.drop_table("share_beacon")
    op.drop_table("share_visit")
