"""The files of folders and archives that are imported, each a row that people can mend."""

import sqlalchemy as sa
from alembic import op

revision = "b71e4c9a2d60"
down_revision = "c7a40e9d1f58"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FILE = "import_file"
INDEXES = {
    "ix_import_file_run": ["run_id", "look", "number"],
    "ix_import_file_sha256": ["run_id", "sha256"],
    "ix_import_file_result": ["run_id", "result"],
    "ix_import_file_like_asset_id": ["like_asset_id"],
    "ix_import_file_asset_id": ["asset_id"],
}


def _reference(column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=op.f(f"fk_{FILE}_{column}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        FILE,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("place", sa.String(length=1000), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=True),
        sa.Column("look", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("like_asset_id", NUMBER, nullable=True),
        sa.Column("like_path", sa.String(length=1000), nullable=True),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("heard", sa.JSON(), nullable=False),
        sa.Column("by_hand", sa.JSON(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=True),
        sa.Column("asset_id", NUMBER, nullable=True),
        _reference("run_id", "import_run.id", "CASCADE"),
        _reference("like_asset_id", "asset.id", "SET NULL"),
        _reference("asset_id", "asset.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{FILE}")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, FILE, columns)


def downgrade() -> None:
    op.drop_table(FILE)
    runs = "SELECT id FROM import_run WHERE kind = 'files'"
    for table, column in (("finding", "run_id"), ("row", "run_id"), ("run", "id")):
        op.execute(f"DELETE FROM import_{table} WHERE {column} IN ({runs})")  # noqa: S608
