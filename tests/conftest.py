"""Fixtures for every tier, and the profiles of hypothesis."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from hypothesis import Phase, settings

from storage.database import Database
from tests.support.databases import empty, migrated
from tests.support.postgres import PostgresServer, running_postgres

pytest_plugins = ["pytester", "tests.support.left_out", "tests.support.longest_first"]

# `make test` gives the same answer twice; `make properties` looks for new ones. Neither has a deadline, since a busy
# machine is no defect. `make mutate` asks only whether a broken rule is noticed: few examples, and none made smaller.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=3000)
settings.register_profile(
    "mutants", deadline=None, derandomize=True, max_examples=25, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def few_authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One authority in place of the system's hundred and more, whose list would be read a thousand times in a run."""
    file = tmp_path_factory.mktemp("authorities") / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(file))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(file))
        yield


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
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database on SQLite with Rollcall's tables, for the whole run."""
    with migrated(f"sqlite:///{tmp_path_factory.mktemp('database') / 'rollcall.db'}") as database:
        yield database


@pytest.fixture(scope="session")
def postgres_database(postgres_server: PostgresServer) -> Iterator[Database]:
    """A database on PostgreSQL with Rollcall's tables, for the whole run."""
    with postgres_server.database() as url, migrated(url) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with Rollcall's tables and nothing in them, on SQLite and then on PostgreSQL; emptied afterwards."""
    opened: Database = request.getfixturevalue(f"{request.param}_database")
    yield opened
    empty(opened)


@pytest.fixture
def migrated_url(database: Database) -> str:
    """The URL of such a database, for a test that opens it in its own way."""
    return database.engine.url.render_as_string(hide_password=False)
