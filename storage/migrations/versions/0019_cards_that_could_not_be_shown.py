"""Since when a card can't be shown, which channel refuses it, and when it was given up."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What fails today has failed since its next attempt: nothing is given up for having waited before this version."""
    op.add_column("notices", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notices", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notices", sa.Column("refused_by", sa.String(), nullable=True))
