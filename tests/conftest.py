"""Fixtures for every tier, and the two profiles of hypothesis."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from storage.database import Database
from tests.support.databases import copy_sqlite, empty, make_sqlite_template, migrated_postgres
from tests.support.postgres import PostgresServer, running_postgres

pytest_plugins = ["pytester", "tests.support.left_out"]

# `make test` gives the same answer twice; `make properties` looks for new ones. Neither has a deadline, since a busy
# machine is no defect.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=3000)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database on PostgreSQL, dropped after the test."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on SQLite and then on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rollcall.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database in a file, to copy."""
    return make_sqlite_template(tmp_path_factory.mktemp("template") / "rollcall.db")


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a migrated database on PostgreSQL that every test leaves empty."""
    with migrated_postgres(postgres_server) as url:
        yield url


@pytest.fixture
def migrated_postgres_url(shared_postgres_url: str) -> Iterator[str]:
    """The URL of a migrated database on PostgreSQL, emptied after the test."""
    yield shared_postgres_url
    empty(shared_postgres_url)


@pytest.fixture(params=["sqlite", "postgres"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that holds Rollcall's tables and nothing in them, on SQLite and then on PostgreSQL."""
    if request.param == "sqlite":
        return copy_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
    url: str = request.getfixturevalue("migrated_postgres_url")
    return url


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """A database that holds Rollcall's tables and nothing in them, on SQLite and then on PostgreSQL."""
    with closing(Database(migrated_url)) as opened:
        yield opened
