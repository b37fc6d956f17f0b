"""The versions of the rules of who counts, and the part of a directory that is a client's."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The rules that are in force get their first version with the next import; the verdicts so far know none."""
    op.create_table(
        "rule_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_rule_versions_client_id_clients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_versions")),
        sa.UniqueConstraint("client_id", "version", name=op.f("uq_rule_versions_client_id_version")),
    )
    op.create_index(op.f("ix_rule_versions_client_id"), "rule_versions", ["client_id"])
    op.add_column("accounts", sa.Column("rule_version", sa.Integer(), nullable=True))
    op.add_column("clients", sa.Column("inactive_days", sa.Integer(), nullable=False, server_default="60"))
    op.add_column("directories", sa.Column("scope", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("directories", sa.Column("groups_read", sa.Text(), nullable=True))
