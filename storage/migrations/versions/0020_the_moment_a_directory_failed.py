"""The moment since which a directory can't be read, beside its local day."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what fails already, only the day is known."""
    op.add_column("directories", sa.Column("failing_at", sa.DateTime(timezone=True), nullable=True))
