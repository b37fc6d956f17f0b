"""Tax categories that change on a date."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AGREEMENTS = sa.table("agreements", sa.column("id", sa.Integer), sa.column("terms", sa.Text))
_HOUSE = sa.table("house", sa.column("id", sa.Integer), sa.column("products", sa.Text))


def upgrade() -> None:
    """Each line and product keeps its category, from ever on."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_AGREEMENTS)).all():
        terms = json.loads(row.terms)
        for line in terms["lines"]:
            line["tax"] = _always(line["tax"])
        connection.execute(_AGREEMENTS.update().where(_AGREEMENTS.c.id == row.id).values(terms=json.dumps(terms)))
    for row in connection.execute(sa.select(_HOUSE)).all():
        products = json.loads(row.products)
        for product in products:
            product["tax"] = _always(product["tax"])
        connection.execute(_HOUSE.update().where(_HOUSE.c.id == row.id).values(products=json.dumps(products)))


def _always(category: str) -> dict[str, object]:
    return {"entries": [{"value": category, "since": None, "known": None}]}
