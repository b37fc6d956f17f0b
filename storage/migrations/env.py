"""Runs the migrations on the connection that `storage.schema` hands over, inside its transaction."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from storage.tables.base import metadata


def _plain_types(kind: str, value: object, _: AutogenContext) -> str | Literal[False]:
    """SQLModel's own types as SQLAlchemy's, so that an old migration doesn't depend on a version of SQLModel."""
    if kind == "type" and isinstance(value, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(value, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=False,
    render_item=_plain_types,
)
context.run_migrations()
