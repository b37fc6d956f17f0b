"""Every test that asks for a database gets an empty one of its own."""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.support.postgres import PostgresServer


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(urlsplit(url)._replace(scheme="postgresql").geturl())


def test_a_database_begins_empty(postgres_url: str) -> None:
    with _connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_a_database_is_a_copy_of_its_template(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as template_url:
        with _connect(template_url) as connection:
            connection.execute("CREATE TABLE seats (person integer)")
        template = urlsplit(template_url).path.removeprefix("/")
        with postgres_server.database(template) as url, _connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM seats").fetchone() == (0,)


def test_a_database_is_gone_after_its_test(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        pass
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        _connect(url)


def test_storage_is_tested_on_both_databases(database_url: str, tmp_path: Path) -> None:
    on_disk = f"sqlite:///{tmp_path / 'rollcall.db'}"
    assert database_url == on_disk or database_url.startswith("postgresql+psycopg://")
