"""By which rules the accounts of a directory were judged."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody wrote it down so far; the next reading judges everybody once more."""
    op.add_column("directories", sa.Column("judged_by", sa.String(), nullable=False, server_default=""))
