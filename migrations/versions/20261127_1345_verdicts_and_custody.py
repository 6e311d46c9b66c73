"""What a virus scanner said of files, and the history of what became of them in safekeeping."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.append_only import allow_changes, forbid_changes
from contentlib.core.db import UTCDateTime

revision = "c7a40e9d1f58"
down_revision = "a7c41d9e3b60"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STEP = "custody_step"
INDEXES = {
    "ix_custody_step_asset": ["asset_id", "id"],
    "ix_custody_step_sha256": ["sha256", "id"],
    "ix_custody_step_act": ["act", "id"],
    "ix_custody_step_about": ["about_id"],
}
REFERENCES = {
    "asset_id": "asset.id",
    "asset_version_id": "asset_version.id",
    "about_id": "custody_step.id",
    "by_id": "user_account.id",
}


def upgrade() -> None:
    op.add_column(
        "blob", sa.Column("scan", sa.String(length=12), nullable=False, server_default="none")
    )
    op.add_column("blob", sa.Column("scan_detail", sa.Text(), nullable=True))
    op.add_column("blob", sa.Column("scanned_at", UTCDateTime(), nullable=True))
    op.add_column("blob", sa.Column("scan_signatures", sa.String(length=200), nullable=True))
    op.create_index(op.f("ix_blob_scanned_at"), "blob", ["scanned_at"])
    op.create_table(
        STEP,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        *(sa.Column(name, NUMBER, nullable=True) for name in REFERENCES),
        sa.Column("note", sa.Text(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{STEP}_{name}"))
            for name, target in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{STEP}")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, STEP, columns)
    for statement in forbid_changes(op.get_bind().dialect.name, STEP):
        op.execute(statement)


def downgrade() -> None:
    for statement in allow_changes(op.get_bind().dialect.name, STEP):
        op.execute(statement)
    op.drop_table(STEP)
    op.drop_index(op.f("ix_blob_scanned_at"), "blob")
    for name in ("scan_signatures", "scanned_at", "scan_detail", "scan"):
        op.drop_column("blob", name)
