"""Leases of interactions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A click is leased to the process that carries it out, and what it said is dropped once it is done."""
    op.add_column("interactions", sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE interactions SET payload = '' WHERE done_at IS NOT NULL")
