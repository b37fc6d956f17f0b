"""What a draft of a run catches up with, and who abandoned a run and why."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drafts from before say what they catch up with once they are drafted again; no run was abandoned yet."""
    op.add_column("run_clients", sa.Column("late", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("abandoned_by", sa.String(), nullable=True))
    op.add_column("runs", sa.Column("abandoned_because", sa.Text(), nullable=True))
