"""The database's version: made by the first command, refused when it doesn't fit."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from storage import clients, tables
from storage.database import Database
from storage.schema import DatabaseIsForeign, DatabaseIsNewer, DatabaseIsOlder, alembic_config, migrate, prepare
from storage.tables.base import metadata


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database with nothing in it."""
    with closing(Database(database_url)) as opened:
        yield opened


@pytest.fixture
def own(empty: Database) -> Database:
    """A database of this version that the test may spoil."""
    prepare(empty)
    return empty


def names(database: Database) -> set[str]:
    with database.read() as session:
        return set(inspect(session.connection()).get_table_names())


def pretend_version(database: Database, version: str) -> None:
    with database.write("test") as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_the_migrations_make_exactly_the_models(database: Database) -> None:
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_comparison_of_models_and_migrations_finds_a_difference(own: Database) -> None:
    with own.write("test") as session:
        session.connection().exec_driver_sql("DROP TABLE slots")
    with own.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        found = compare_metadata(context, metadata)
    assert [(step[0], step[1].name) for step in found] == [("add_table", "slots")]


def test_every_model_is_exported(database: Database) -> None:
    exported = {getattr(tables, name).__tablename__ for name in tables.__all__}
    assert exported == set(metadata.tables)


def test_an_empty_database_is_made(empty: Database) -> None:
    prepare(empty)
    assert names(empty) == {*metadata.tables, "alembic_version"}


def test_a_database_of_this_version_is_taken_as_it_is(database: Database) -> None:
    before = names(database)
    prepare(database)
    assert names(database) == before


def test_an_older_database_is_refused_with_the_remedy(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    # The first migration has no older one yet: the newest known is made another, which is what a newer Rollcall has.
    monkeypatch.setattr("alembic.script.ScriptDirectory.get_current_head", lambda _: "9999_newest")
    with pytest.raises(DatabaseIsOlder, match=r"at version .*, this is Rollcall for 9999_newest: run rollcall migrate"):
        prepare(database)


def test_a_newer_database_is_refused_and_named(own: Database) -> None:
    pretend_version(own, "9999_from_the_future")
    with pytest.raises(DatabaseIsNewer, match="at version 9999_from_the_future, newer than this Rollcall"):
        prepare(own)


def test_a_database_of_somebody_else_is_refused(empty: Database) -> None:
    with empty.write("test") as session:
        session.connection().exec_driver_sql("CREATE TABLE wordpress_posts (id integer)")
    with pytest.raises(DatabaseIsForeign, match="give Rollcall a database of its own"):
        prepare(empty)
    assert names(empty) == {"wordpress_posts"}


def test_migrating_refuses_what_no_migration_fits(empty: Database) -> None:
    with empty.write("test") as session:
        session.connection().exec_driver_sql("CREATE TABLE wordpress_posts (id integer)")
    with pytest.raises(DatabaseIsForeign):
        migrate(empty)
    assert names(empty) == {"wordpress_posts"}


def test_migrating_refuses_a_newer_database(own: Database) -> None:
    pretend_version(own, "9999_from_the_future")
    with pytest.raises(DatabaseIsNewer):
        migrate(own)


def test_migrating_again_changes_nothing_and_says_the_version(database: Database) -> None:
    before = names(database)
    version = migrate(database)
    assert (names(database), migrate(database)) == (before, version)


def test_two_processes_may_make_it_at_the_same_time(database_url: str) -> None:
    def one(_: int) -> set[str]:
        with closing(Database(database_url)) as opened:
            prepare(opened)
            return names(opened)

    with ThreadPoolExecutor(4) as processes:
        seen = list(processes.map(one, range(4)))
    assert seen == [{*metadata.tables, "alembic_version"}] * 4


def test_a_broken_migration_leaves_an_empty_database(empty: Database) -> None:
    def stop(point: str) -> None:
        raise InterruptedError(point)

    url = empty.engine.url.render_as_string(hide_password=False)
    with closing(Database(url, stop)) as interrupted, pytest.raises(InterruptedError):
        prepare(interrupted)
    assert names(empty) == set()


def test_clients_of_the_first_version_are_read_at_half_past_two(empty: Database) -> None:
    with empty.write("test") as session:
        config = alembic_config()
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0001")
        insert = "INSERT INTO clients (slug, name, currency, timezone, locale, buyer, taxes, costs, terms_days) VALUES "
        session.connection().exec_driver_sql(f"{insert} ('acme', 'Acme', 'USD', 'UTC', 'en_US', '', '', '', 30)")
    migrate(empty)
    with empty.read() as session:
        assert [row.sync_at for row in clients.every(session)] == ["02:30"]
