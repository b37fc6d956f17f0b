"""What a run left out, or billed twice."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has looked for that in the runs before."""
    op.add_column("run_clients", sa.Column("findings", sa.Text(), nullable=True))
