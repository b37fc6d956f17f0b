"""For which verdict somebody's leave was refused, so that another one asks again."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was refused before, it isn't known; that stands until the account counts otherwise."""
    op.add_column("rejections", sa.Column("verdict", sa.String(), nullable=True))
