"""The PDF made of an Office file is kept, so that it can be read page by page."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.clock import now
from contentlib.core.db import UTCDateTime

revision = "a7c3e5d90b42"
down_revision = "b71e4c9a2d60"
branch_labels = None
depends_on = None

BLOB = sa.table(
    "blob",
    sa.column("sha256", sa.String),
    sa.column("media_type", sa.String),
    sa.column("preview_count", sa.Integer),
)
JOB = sa.table(
    "job",
    sa.column("kind", sa.String),
    sa.column("key", sa.String),
    sa.column("payload", sa.JSON),
    sa.column("state", sa.String),
    sa.column("attempts", sa.Integer),
    sa.column("run_after", UTCDateTime),
    sa.column("created_at", UTCDateTime),
)
OFFICE = ("application/vnd.openxmlformats-officedocument.%", "application/vnd.oasis.%")


def upgrade() -> None:
    op.add_column("blob", sa.Column("pdf_size", sa.BigInteger(), nullable=True))
    moment, connection = now(), op.get_bind()
    # What was painted before threw its PDF away: it is painted once more.
    office = sa.or_(*(BLOB.c.media_type.like(pattern) for pattern in OFFICE))
    painted = sa.select(BLOB.c.sha256).where(office, BLOB.c.preview_count > 0)
    for sha256 in connection.scalars(painted).all():
        connection.execute(
            JOB.insert().values(
                kind="library.preview",
                key=sha256,
                payload={"sha256": sha256},
                state="queued",
                attempts=0,
                run_after=moment,
                created_at=moment,
            )
        )


def downgrade() -> None:
    op.drop_column("blob", "pdf_size")
