"""What rules may look at beside names and licences."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was read of it so far; the next reading brings it."""
    op.add_column("accounts", sa.Column("groups", sa.Text(), nullable=False, server_default="null"))
    op.add_column("accounts", sa.Column("department", sa.String(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("last_sign_in", sa.Date(), nullable=True))
    op.add_column("identities", sa.Column("employee_id", sa.String(), nullable=False, server_default=""))
