"""What was decided, by whom: entries, the chain that joins them, and its end."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.append_only import (
    allow_changes,
    allow_emptying,
    forbid_changes,
    forbid_emptying,
)
from contentlib.core.db import UTCDateTime

revision = "7c1f4e90a3d8"
down_revision = "d52b7f0c8e14"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENTRY, LINK, END = "audit_entry", "audit_link", "audit_end"
INDEXES = {
    "ix_audit_entry_time": ["at", "id"],
    "ix_audit_entry_actor": ["actor_id", "at"],
    "ix_audit_entry_subject": ["subject_kind", "subject_id", "at"],
    "ix_audit_entry_action": ["action", "at"],
}


def upgrade() -> None:
    _create_entry()
    _create_link()
    _create_end()
    dialect = op.get_bind().dialect.name
    for table in (ENTRY, LINK):
        for statement in (*forbid_changes(dialect, table), *forbid_emptying(dialect, table)):
            op.execute(statement)


def _create_entry() -> None:
    op.create_table(
        ENTRY,
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", NUMBER, nullable=True),
        sa.Column("surface", sa.String(length=10), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f(f"fk_{ENTRY}_actor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ENTRY}")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, ENTRY, columns)


def _create_link() -> None:
    op.create_table(
        LINK,
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f(f"fk_{LINK}_entry_id")),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{LINK}")),
        sa.UniqueConstraint("entry_id", name=op.f(f"uq_{LINK}_entry_id")),
    )


def _create_end() -> None:
    end = op.create_table(
        END,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("key_name", sa.String(length=16), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("verified_at", UTCDateTime(), nullable=True),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.Column("fault_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{END}")),
    )
    nothing = {"id": 1, "number": 0, "hash": "0" * 64, "key_name": "", "seal": ""}
    op.bulk_insert(end, [nothing])


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in (LINK, ENTRY):
        for statement in (*allow_emptying(dialect, table), *allow_changes(dialect, table)):
            op.execute(statement)
    for table in (END, LINK, ENTRY):
        op.drop_table(table)
