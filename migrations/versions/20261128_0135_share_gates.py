"""What gates of links keep: codes sent by e-mail, and visits that a limited link let in."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "f1a64c0e83d2"
down_revision = "f5a1c07e93d4"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to_the_link(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_link_id")
    return sa.ForeignKeyConstraint(["link_id"], ["share_link.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "share_admission",
        sa.Column("visit_key", sa.String(length=43), nullable=False),
        sa.Column("link_id", NUMBER, nullable=False),
        sa.Column("admitted_at", UTCDateTime(), nullable=False),
        _to_the_link("share_admission"),
        sa.PrimaryKeyConstraint("visit_key", name=op.f("pk_share_admission")),
    )
    op.create_table(
        "share_code",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("link_id", NUMBER, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        _to_the_link("share_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_code")),
    )
    op.create_index("ix_share_code_link", "share_code", ["link_id", "created_at"])


def downgrade() -> None:
    op.drop_table("share_code")
    op.drop_table("share_admission")
