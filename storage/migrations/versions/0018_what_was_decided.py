"""Why each item was left out, what an approval meant as it was given, who undid it, and replies below cards."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was left out or approved until now has nothing but what its change says."""
    op.add_column("change_items", sa.Column("reason", sa.Text(), nullable=True))
    for name in ("decision", "left_to_people", "undone"):
        op.add_column("changes", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("changes", sa.Column("undo_open", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("changes", sa.Column("undoes", sa.Integer(), nullable=True))
    with op.batch_alter_table("notices") as notices:
        notices.add_column(sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True))
        notices.add_column(sa.Column("thread_of", sa.Integer(), nullable=True))
        notices.create_foreign_key(op.f("fk_notices_thread_of_notices"), "notices", ["thread_of"], ["id"])
