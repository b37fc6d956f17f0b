"""What complete terms need: a client's bill day, readings of meters, and the tax shares of charges."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Clients are billed on their cycles' boundaries, and every charge bears one tax, as it was for all."""
    op.add_column("clients", sa.Column("bill_day", sa.Integer(), nullable=True))
    op.add_column("charges", sa.Column("shares", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("meter", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("amount", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_readings_client_id_clients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("client_id", "meter", "key", name=op.f("uq_readings_client_id_meter_key")),
    )
    op.create_index(op.f("ix_readings_client_id"), "readings", ["client_id"], unique=False)
