"""Who approves a material, how much a version changes, and every step of its release."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.append_only import allow_changes, forbid_changes
from contentlib.core.db import UTCDateTime

revision = "d52b7f0c8e14"
down_revision = "e2b9d41f7a06"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STEP = "release_step"
INDEXES = {
    "ix_release_step_version": ["asset_version_id", "id"],
    "ix_release_step_asset": ["asset_id", "id"],
    "ix_release_step_step": ["step", "asset_version_id", "id"],
}


def _reference(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{STEP}_{column}"))


def upgrade() -> None:
    op.create_table(
        STEP,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("asset_id", NUMBER, nullable=False),
        sa.Column("asset_version_id", NUMBER, nullable=True),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        _reference("asset_id", "asset.id"),
        _reference("asset_version_id", "asset_version.id"),
        _reference("by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{STEP}")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, STEP, columns)
    dialect = op.get_bind().dialect.name
    _add_approver(dialect)
    op.add_column(
        "asset_version",
        sa.Column("is_major", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for statement in forbid_changes(dialect, STEP):
        op.execute(statement)


def _add_approver(dialect: str) -> None:
    """Add the column in place: a copy of the table would take along whatever refers to it."""
    if dialect == "sqlite":
        op.execute("ALTER TABLE asset ADD COLUMN approver_id INTEGER REFERENCES user_account (id)")
    else:
        op.add_column("asset", sa.Column("approver_id", NUMBER, nullable=True))
        op.create_foreign_key(
            op.f("fk_asset_approver_id"), "asset", "user_account", ["approver_id"], ["id"]
        )
    op.create_index(op.f("ix_asset_approver_id"), "asset", ["approver_id"])


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in allow_changes(dialect, STEP):
        op.execute(statement)
    op.drop_table(STEP)
    op.drop_column("asset_version", "is_major")
    if dialect != "sqlite":
        op.drop_constraint(op.f("fk_asset_approver_id"), "asset", type_="foreignkey")
    op.drop_index(op.f("ix_asset_approver_id"), "asset")
    op.drop_column("asset", "approver_id")
