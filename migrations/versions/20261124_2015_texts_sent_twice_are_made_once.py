"""Texts sent twice are made once: a receipt holds the hash of words as well as of bytes."""

from alembic import op

revision = "c03f9d41a6b8"
down_revision = "8c31f0a6d2b7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upload") as upload:
        upload.drop_constraint("fk_upload_sha256", type_="foreignkey")


def downgrade() -> None:
    op.execute("DELETE FROM upload WHERE sha256 NOT IN (SELECT sha256 FROM blob)")
    with op.batch_alter_table("upload") as upload:
        upload.create_foreign_key("fk_upload_sha256", "blob", ["sha256"], ["sha256"])
