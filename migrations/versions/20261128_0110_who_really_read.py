"""Visits judged by what they did, reports refused, and marketing touches beside what was read."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "f3a94c7d2b18"
down_revision = "e2c85d1b7f40"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "share_visit", sa.Column("reports", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("share_visit", sa.Column("judge_at", UTCDateTime(), nullable=True))
    op.add_column("share_visit", sa.Column("judged_at", UTCDateTime(), nullable=True))
    op.create_table(
        "share_refusal",
        sa.Column("visit_id", NUMBER, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["share_visit.id"],
            name=op.f("fk_share_refusal_visit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visit_id", "reason", name=op.f("pk_share_refusal")),
    )
    op.create_table(
        "marketing_touch",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("person", sa.String(length=120), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketing_touch")),
        sa.UniqueConstraint(
            "source", "external_id", name=op.f("uq_marketing_touch_source_external_id")
        ),
    )
    op.create_index("ix_marketing_touch_email", "marketing_touch", ["email"])
    op.create_index("ix_marketing_touch_person", "marketing_touch", ["source", "person"])
    op.create_table(
        "touch_split",
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("identity", sa.String(length=260), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_touch_split_contact_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_touch_split_by_id")),
        sa.PrimaryKeyConstraint("contact_id", "identity", name=op.f("pk_touch_split")),
    )


def downgrade() -> None:
    op.drop_table("touch_split")
    op.drop_table("marketing_touch")
    op.drop_table("share_refusal")
    for column in ("judged_at", "judge_at", "reports"):
        op.drop_column("share_visit", column)
