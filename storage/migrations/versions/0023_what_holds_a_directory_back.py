"""Whether what is held back of a directory is what a book's rules would move alone."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what is held back now it isn't known, so that only the next reading lets go of it."""
    op.add_column("directories", _no("held_by_rules"))


def _no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
