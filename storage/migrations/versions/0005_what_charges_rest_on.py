"""What charges rest on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was billed before says nothing of it: an adjustment of it tells the two amounts."""
    op.add_column("charges", sa.Column("basis", sa.Text(), nullable=False, server_default="[]"))
