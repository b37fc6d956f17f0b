"""Licences bought and the numbers approved of them, accounts that are one human's, and what the safety catch holds."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing of it is known of what is stored: the next reading brings it."""
    op.create_table(
        "bought",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directory_id", sa.Integer(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["directory_id"], ["directories.id"], name=op.f("fk_bought_directory_id_directories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bought")),
        sa.UniqueConstraint("directory_id", "licence", name=op.f("uq_bought_directory_id_licence")),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_links_client_id_clients")),
        sa.ForeignKeyConstraint(["one_id"], ["accounts.id"], name=op.f("fk_links_one_id_accounts")),
        sa.ForeignKeyConstraint(["other_id"], ["accounts.id"], name=op.f("fk_links_other_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_links_one_id_other_id")),
    )
    op.create_index(op.f("ix_links_client_id"), "links", ["client_id"])
    op.create_table(
        "credentials",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_credentials")),
    )
    op.add_column("directories", sa.Column("failure_cause", sa.String(), nullable=True))
    op.add_column("accounts", sa.Column("born_as", sa.Integer(), nullable=True))
    op.add_column("people", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.add_column("people", sa.Column("merged_on", sa.Date(), nullable=True))
    op.add_column("directories", sa.Column("counts_licences", sa.Boolean(), nullable=True))
    op.add_column("directories", sa.Column("held_moves", sa.Text(), nullable=True))
    op.add_column("directories", sa.Column("held_seal", sa.String(), nullable=True))
    op.add_column("directories", sa.Column("let_through", sa.Text(), nullable=True))
    op.add_column("quantities", sa.Column("change_id", sa.Integer(), nullable=True))
    for name in ("measure_kind", "measure_name", "after"):
        op.add_column("rejections", sa.Column(name, sa.String(), nullable=True))
