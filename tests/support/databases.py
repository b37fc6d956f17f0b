"""Databases that are migrated once in a run and emptied after each test."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import text

from storage.database import Database
from storage.schema import prepare
from storage.tables.base import metadata

_NUMBER_ANEW = text("SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public'")


@contextmanager
def migrated(url: str) -> Iterator[Database]:
    """The database at the URL with Rollcall's tables, open for as long as the block lasts."""
    with closing(Database(url)) as database:
        prepare(database)
        yield database


def empty(database: Database) -> None:
    """Empties every table, which takes 10 ms where a new database on PostgreSQL takes 300."""
    with database.write("empty") as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        if not database.is_sqlite:
            connection.execute(_NUMBER_ANEW)
