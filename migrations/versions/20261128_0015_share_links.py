"""Links for buyers, and the uses that happened by them."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "d7b03f6a91e2"
down_revision = "c4a91e7d20b5"
branch_labels = None
depends_on = None

EVENT, INDEX = "usage_event", "ix_usage_event_share_link"
BY_A_LINK = sa.text("share_link_id IS NOT NULL")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), **how)


def upgrade() -> None:
    op.create_table(
        "share_link",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("deal_id", NUMBER, nullable=True),
        sa.Column("contact_id", NUMBER, nullable=True),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("recipient_email", sa.String(length=254), nullable=True),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("follows", sa.String(length=10), nullable=False),
        sa.Column("gate", sa.String(length=10), nullable=False),
        sa.Column("allowed", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("may_download", sa.Boolean(), nullable=False),
        sa.Column("is_watermarked", sa.Boolean(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("most_opens", sa.Integer(), nullable=True),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_by_id", NUMBER, nullable=True),
        _reference("share_link", "by_id", "user_account.id"),
        _reference("share_link", "contact_id", "contact.id"),
        _reference("share_link", "deal_id", "deal.id"),
        _reference("share_link", "revoked_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_link_token_hash")),
    )
    op.create_index("ix_share_link_by", "share_link", ["by_id", "created_at"])
    op.create_index("ix_share_link_contact_id", "share_link", ["contact_id"])
    op.create_index("ix_share_link_deal", "share_link", ["deal_id", "created_at"])
    op.create_index("ix_share_link_recipient_email", "share_link", ["recipient_email"])
    op.create_table(
        "share_item",
        sa.Column("link_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asset_id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        _reference("share_item", "asset_id", "asset.id"),
        _reference("share_item", "link_id", "share_link.id", ondelete="CASCADE"),
        _reference("share_item", "version_id", "asset_version.id"),
        sa.PrimaryKeyConstraint("link_id", "position", name=op.f("pk_share_item")),
    )
    op.create_index("ix_share_item_asset", "share_item", ["asset_id"])

    # In place: a copy of the ledger would leave behind the triggers that keep it as it is.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE usage_event ADD COLUMN share_link_id INTEGER REFERENCES share_link (id)"
        )
    else:
        op.add_column(EVENT, sa.Column("share_link_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f("fk_usage_event_share_link_id"), EVENT, "share_link", ["share_link_id"], ["id"]
        )
    op.create_index(
        INDEX, EVENT, ["share_link_id"], sqlite_where=BY_A_LINK, postgresql_where=BY_A_LINK
    )


def downgrade() -> None:
    op.drop_index(INDEX, table_name=EVENT)
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("fk_usage_event_share_link_id"), EVENT, type_="foreignkey")
    op.drop_column(EVENT, "share_link_id")
    op.drop_table("share_item")
    op.drop_table("share_link")
