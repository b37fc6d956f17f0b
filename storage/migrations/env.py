"""Runs the migrations on the connection that `storage.schema` hands over, inside its transaction."""

from alembic import context

from storage.tables.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=False,
)
context.run_migrations()
