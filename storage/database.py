"""Transactions. One says at opening whether it reads (one snapshot) or writes; leaving its block commits it.

This is the only place where `commit` stands. A read never turns into a write: SQLite would refuse it at once with
"database is locked", whatever the busy timeout.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from billing.errors import OutsideFailed, WrongInput

# What a command hands on to the queries; commands know it by this name and not the library behind it.
__all__ = ["CommitHook", "Database", "DatabaseIsUnreachable", "DatabaseUrlIsWrong", "Session"]

CommitHook = Callable[[str], None]
"""Hears of every commit before and after it, so that a test can end the process there."""

_BUSY_TIMEOUT_MS = 30_000
_WRITES = {"rollcall_writes": True}


class DatabaseUrlIsWrong(WrongInput):
    """The database can't be addressed by that URL."""


class DatabaseIsUnreachable(OutsideFailed):
    """The database doesn't answer."""


class Database:
    """One database, SQLite or PostgreSQL, with the two kinds of transactions that Rollcall knows."""

    def __init__(self, url: str, hook: CommitHook = lambda _point: None) -> None:
        """`hook` is called with "NAME:before-commit" and "NAME:after-commit" around every commit."""
        self.engine = _engine(url)
        self._hook = hook
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writer = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One read-only snapshot."""
        with self._connection(writes=False) as connection, Session(bind=connection, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self, name: str) -> Iterator[Session]:
        """One writing transaction, committed by leaving the block, rolled back by an exception."""
        with (
            self._in_line(),
            self._connection(writes=True) as connection,
            Session(bind=connection, expire_on_commit=False) as session,
        ):
            yield session
            session.flush()
            self._hook(f"{name}:before-commit")
            session.commit()
            connection.commit()
            self._hook(f"{name}:after-commit")

    @contextmanager
    def rehearse(self) -> Iterator[Session]:
        """A writing transaction that is always rolled back: what would happen, done for real and undone."""
        with (
            self._in_line(),
            self._connection(writes=True) as connection,
            Session(bind=connection, expire_on_commit=False) as session,
        ):
            yield session
            session.rollback()

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        # SQLite lets whoever asks at the right moment go first, so among many threads one could wait in vain until its
        # timeout; inside one process they stand in line here.
        if not self.is_sqlite:
            yield
            return
        with self._writer:
            yield

    @contextmanager
    def _connection(self, *, writes: bool) -> Iterator[Connection]:
        options: dict[str, object] = dict(_WRITES) if writes else {}
        if not self.is_sqlite and not writes:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        try:
            connection = self.engine.connect().execution_options(**options)
        except DatabaseError as error:
            raise unreachable(error) from error
        try:
            yield connection
        finally:
            connection.close()


def parsed_url(url: str) -> URL:
    """The URL of a database that Rollcall can use; raises `DatabaseUrlIsWrong`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUrlIsWrong(
            "ROLLCALL_DATABASE_URL is no database URL: expected sqlite:///FILE or postgresql+psycopg://USER:…@HOST/NAME."
        ) from None
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise DatabaseUrlIsWrong(
            f"ROLLCALL_DATABASE_URL starts with {parsed.drivername}: expected sqlite:/// or postgresql+psycopg://."
        )
    if parsed.drivername == "sqlite" and parsed.database in {None, "", ":memory:"}:
        # Kept in memory, everything would be gone when the command ends.
        raise DatabaseUrlIsWrong("ROLLCALL_DATABASE_URL names no file: expected sqlite:///FILE.")
    return parsed


def _engine(url: str) -> Engine:
    # The values of a statement that fails are names and mails, and its error is written to the log.
    engine = create_engine(parsed_url(url), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # Python's own transaction handling begins too late and commits on its own; SQLAlchemy's "begin" event does it.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("rollcall_writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def unreachable(error: DatabaseError) -> DatabaseIsUnreachable:
    """What it means that no connection could be opened."""
    return DatabaseIsUnreachable(f"The database doesn't answer: {_first_line(error)}. Check ROLLCALL_DATABASE_URL.")


def _first_line(error: DatabaseError) -> str:
    return str(error.orig).strip().splitlines()[0].rstrip(".") if error.orig else "unknown reason"
