"""Templates: what several clients' agreements have in common."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There were none."""
    op.add_column("house", sa.Column("templates", sa.Text(), nullable=False, server_default="[]"))
