"""Why each item was left out."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was left out until now has the reason of its change."""
    op.add_column("change_items", sa.Column("reason", sa.Text(), nullable=True))
