"""Which directories know the licences of their accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now none was read that was asked for licences and had none, so the next reading says it of each."""
    op.add_column("directories", sa.Column("knows_licences", sa.Boolean(), nullable=True))
