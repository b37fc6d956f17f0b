"""Whether mailboxes were read, and whether what is held back is what a book's rules would move alone."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What it was until now isn't known: of both, the next reading says it."""
    op.add_column("directories", _no("mailboxes_read"))
    op.add_column("directories", _no("held_by_rules"))


def _no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
