"""Retros asked by a link, changed with their history and skipped; requests with a clock."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.db import UTCDateTime

revision = "a61f0c3be9d7"
down_revision = "b4f19a70c6d8"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNIQUE = "ix_content_request_retro_id"
NEW_COLUMNS = {
    "retro_id": "retro",
    "assigned_to_id": "user_account",
    "draft_id": "asset",
    "merged_into_id": "content_request",
}
# States that the version before does not know, and what they were in its words.
AS_BEFORE = {
    "production": "accepted",
    "review": "accepted",
    "waiting": "accepted",
    "merged": "declined",
}


def _reference(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), **how)


def upgrade() -> None:
    _add_retros()
    _add_requests()
    _bring_requests_over()


def _add_retros() -> None:
    op.add_column("retro", sa.Column("changed_at", UTCDateTime(), nullable=True))
    op.create_table(
        "retro_invitation",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("deal_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("close_number", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("voided_at", UTCDateTime(), nullable=True),
        _reference("retro_invitation", "deal_id", "deal.id", ondelete="CASCADE"),
        _reference("retro_invitation", "user_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retro_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_retro_invitation_token_hash")),
    )
    op.create_index("ix_retro_invitation_deal", "retro_invitation", ["deal_id"])
    op.create_index("ix_retro_invitation_user", "retro_invitation", ["user_id", "made_at"])
    op.create_table(
        "retro_revision",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("retro_id", NUMBER, nullable=False),
        sa.Column("replaced_at", UTCDateTime(), nullable=False),
        sa.Column("replaced_by_id", NUMBER, nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("outside", sa.Text(), nullable=False),
        _reference("retro_revision", "retro_id", "retro.id", ondelete="CASCADE"),
        _reference("retro_revision", "replaced_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retro_revision")),
    )
    op.create_index("ix_retro_revision_retro_id", "retro_revision", ["retro_id"])
    op.create_table(
        "retro_skip",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("deal_id", NUMBER, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("skipped_at", UTCDateTime(), nullable=False),
        sa.Column("skipped_by_id", NUMBER, nullable=True),
        sa.Column("voided_at", UTCDateTime(), nullable=True),
        _reference("retro_skip", "deal_id", "deal.id"),
        _reference("retro_skip", "skipped_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retro_skip")),
    )
    op.create_index("ix_retro_skip_deal_id", "retro_skip", ["deal_id"])
    op.create_table(
        "retro_wish_dropped",
        sa.Column("retro_id", NUMBER, nullable=False),
        sa.Column("dropped_at", UTCDateTime(), nullable=False),
        sa.Column("dropped_by_id", NUMBER, nullable=False),
        _reference("retro_wish_dropped", "retro_id", "retro.id", ondelete="CASCADE"),
        _reference("retro_wish_dropped", "dropped_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("retro_id", name=op.f("pk_retro_wish_dropped")),
    )


def _add_requests() -> None:
    for column, target in NEW_COLUMNS.items():
        _add_reference(column, target)
    op.create_index(UNIQUE, "content_request", ["retro_id"], unique=True)
    request = ("request_id", "content_request.id")
    op.create_table(
        "content_request_deal",
        sa.Column("request_id", NUMBER, nullable=False),
        sa.Column("deal_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        _reference("content_request_deal", *request, ondelete="CASCADE"),
        _reference("content_request_deal", "deal_id", "deal.id"),
        _reference("content_request_deal", "user_id", "user_account.id"),
        sa.PrimaryKeyConstraint(
            "request_id", "deal_id", "user_id", name=op.f("pk_content_request_deal")
        ),
    )
    op.create_index("ix_content_request_deal_deal_id", "content_request_deal", ["deal_id"])
    op.create_table(
        "content_request_step",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("request_id", NUMBER, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        _reference("content_request_step", *request, ondelete="CASCADE"),
        _reference("content_request_step", "by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_request_step")),
    )
    op.create_index(
        "ix_content_request_step_request", "content_request_step", ["request_id", "at", "id"]
    )
    op.create_table(
        "content_request_comment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("request_id", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _reference("content_request_comment", *request, ondelete="CASCADE"),
        _reference("content_request_comment", "by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_request_comment")),
    )
    op.create_index(
        "ix_content_request_comment_request", "content_request_comment", ["request_id", "at", "id"]
    )


def _add_reference(column: str, target: str) -> None:
    """Add a column in place: a copy of the table would take those who wait along when it goes."""
    if op.get_bind().dialect.name == "sqlite":
        references = f"INTEGER REFERENCES {target} (id)"
        op.execute(f"ALTER TABLE content_request ADD COLUMN {column} {references}")
        return
    op.add_column("content_request", sa.Column(column, sa.BigInteger(), nullable=True))
    name = op.f(f"fk_content_request_{column}")
    op.create_foreign_key(name, "content_request", target, [column], ["id"])


def _bring_requests_over() -> None:
    """Give the requests of before their deals, and the steps that are known of them."""
    op.execute(
        "INSERT INTO content_request_deal (request_id, deal_id, user_id) "
        "SELECT id, deal_id, asked_by_id FROM content_request WHERE deal_id IS NOT NULL"
    )
    op.execute(
        "INSERT INTO content_request_step (request_id, state, at, by_id) "
        "SELECT id, 'new', asked_at, asked_by_id FROM content_request ORDER BY id"
    )
    op.execute(
        "INSERT INTO content_request_step (request_id, state, at, by_id) "
        "SELECT id, state, decided_at, decided_by_id FROM content_request "
        "WHERE state <> 'new' AND decided_at IS NOT NULL ORDER BY id"
    )


def downgrade() -> None:
    for table in ("content_request_comment", "content_request_step", "content_request_deal"):
        op.drop_table(table)
    request = sa.table("content_request", sa.column("state", sa.String))
    for state, before in AS_BEFORE.items():
        op.execute(request.update().where(request.c.state == state).values(state=before))
    op.drop_index(UNIQUE, table_name="content_request")
    for column in NEW_COLUMNS:
        if op.get_bind().dialect.name != "sqlite":
            name = op.f(f"fk_content_request_{column}")
            op.drop_constraint(name, "content_request", type_="foreignkey")
        op.drop_column("content_request", column)
    for table in ("retro_wish_dropped", "retro_skip", "retro_revision", "retro_invitation"):
        op.drop_table(table)
    op.drop_column("retro", "changed_at")
