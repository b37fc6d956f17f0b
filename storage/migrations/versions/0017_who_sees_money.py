"""From which role on amounts are shown in Slack."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Everybody with a role goes on seeing them."""
    op.add_column("house", sa.Column("money_from", sa.String(), nullable=False, server_default="viewer"))
