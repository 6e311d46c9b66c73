"""What people said of being told apart as readers; links and visits that keep nothing of them."""

import sqlalchemy as sa
from alembic import op

revision = "c58d20e6f4b1"
down_revision = "a61f0c3be9d7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "contact",
        sa.Column("consent", sa.String(length=10), nullable=False, server_default="unknown"),
    )
    op.add_column("contact", sa.Column("consent_on", sa.Date(), nullable=True))
    op.add_column(
        "contact",
        sa.Column("consent_source", sa.String(length=200), nullable=False, server_default=""),
    )
    op.create_index("ix_contact_consent", "contact", ["consent", "email"])
    # Which industries there are is asked for whenever deals are compared.
    op.create_index("ix_company_industry", "company", ["industry"])
    op.add_column(
        "share_link",
        sa.Column("is_unrecorded", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "share_visit",
        sa.Column("is_bare", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("share_visit", "is_bare")
    op.drop_column("share_link", "is_unrecorded")
    op.drop_index("ix_company_industry", "company")
    op.drop_index("ix_contact_consent", "contact")
    op.drop_column("contact", "consent_source")
    op.drop_column("contact", "consent_on")
    op.drop_column("contact", "consent")
