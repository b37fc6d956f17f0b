"""Approval policies, what each item of a change came of, and the first of two approvals."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There is no policy yet; what waits counts as read, and a book that follows may ask more of it."""
    for table in ("house", "clients"):
        op.add_column(table, sa.Column("approvals", sa.Text(), nullable=False, server_default="{}"))
    for name in ("first_approval", "policy"):
        op.add_column("changes", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("change_items", sa.Column("cause", sa.String(), nullable=False, server_default="reading"))
    op.add_column("change_items", sa.Column("proposed_by", sa.String(), nullable=True))
