"""An import remembers who undid it, and what it takes back is noted in their name."""

import sqlalchemy as sa
from alembic import op

revision = "e5a94b0c7d12"
down_revision = "c03f9d41a6b8"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFERENCE = "fk_import_run_undone_by_id"


def upgrade() -> None:
    with op.batch_alter_table("import_run") as batch_op:
        batch_op.add_column(sa.Column("undone_by_id", NUMBER, nullable=True))
        batch_op.create_foreign_key(REFERENCE, "user_account", ["undone_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("import_run") as batch_op:
        batch_op.drop_constraint(REFERENCE, type_="foreignkey")
        batch_op.drop_column("undone_by_id")
