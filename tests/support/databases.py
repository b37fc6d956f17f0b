"""Databases that are migrated once in a run, emptied after each test, and filled again with what was in them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable, select, text

from storage.database import Database
from storage.schema import prepare
from storage.tables.base import metadata

_TABLES = metadata.sorted_tables
_NUMBER_ANEW = text("SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public'")
_NUMBERS = text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value > 0")
_NUMBER_ON = text("SELECT setval(CAST(:sequencename AS regclass), :last_value)")

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows of every table that has any, by its name, and on PostgreSQL the last number of every sequence."""

    rows: Mapping[str, Rows]
    numbers: Rows


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
        for table in reversed(_TABLES):
            connection.execute(table.delete())
        if not database.is_sqlite:
            connection.execute(_NUMBER_ANEW)


def contents(database: Database) -> Contents:
    """Everything that is in a database."""
    with database.read() as session:
        connection = session.connection()
        found = {table.name: _rows(connection, select(table).order_by(*table.primary_key)) for table in _TABLES}
        numbers = () if database.is_sqlite else _rows(connection, _NUMBERS)
    return Contents({name: rows for name, rows in found.items() if rows}, numbers)


def fill(database: Database, given: Contents) -> None:
    """Puts into a database what another one of its kind had in it, in place of what is there."""
    empty(database)
    with database.write("fill") as session:
        connection = session.connection()
        for table in _TABLES:
            if table.name in given.rows:
                connection.execute(table.insert(), given.rows[table.name])
        if given.numbers:
            connection.execute(_NUMBER_ON, given.numbers)


def _rows(connection: Connection, query: Executable) -> Rows:
    return [dict(row) for row in connection.execute(query).mappings()]
