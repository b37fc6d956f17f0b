"""Transactions: what reads, what writes, and what is left when something goes wrong."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from storage import roles
from storage.database import Database, DatabaseIsUnreachable, DatabaseUrlIsWrong


def fail_after_granting(database: Database) -> None:
    with database.write("test") as session:
        roles.put(session, "U1", "viewer")
        session.flush()
        raise LookupError


def grant_while_reading(database: Database) -> None:
    with database.read() as session:
        roles.put(session, "U1", "viewer")
        session.flush()


def granted(database: Database) -> list[str]:
    with database.read() as session:
        return [row.subject for row in roles.every(session)]


def test_what_a_block_wrote_is_there_after_it(database: Database) -> None:
    with database.write("test") as session:
        roles.put(session, "U1", "viewer")
    assert granted(database) == ["U1"]


def test_an_exception_leaves_no_trace(database: Database) -> None:
    with pytest.raises(LookupError):
        fail_after_granting(database)
    assert granted(database) == []


def test_nobody_sees_what_is_written_before_the_block_is_left(database: Database) -> None:
    with database.write("test") as session:
        roles.put(session, "U1", "viewer")
        session.flush()
        assert granted(database) == []


def test_a_read_refuses_to_write(database: Database) -> None:
    with pytest.raises(DBAPIError) as refusal:
        grant_while_reading(database)
    assert isinstance(refusal.value.orig, sqlite3.OperationalError | psycopg.errors.ReadOnlySqlTransaction)


def test_a_write_after_a_read_on_the_same_connection_is_allowed(database: Database) -> None:
    assert granted(database) == []
    with database.write("test") as session:
        roles.put(session, "U1", "viewer")
    assert granted(database) == ["U1"]


def test_a_read_sees_one_moment_however_long_it_lasts(database: Database) -> None:
    with database.read() as session:
        assert roles.every(session) == []
        with database.write("test") as other:
            roles.put(other, "U1", "viewer")
        session.expire_all()
        assert roles.every(session) == []


def test_every_commit_is_announced_before_and_after(migrated_url: str) -> None:
    heard: list[str] = []
    with closing(Database(migrated_url, heard.append)) as database, database.write("grant") as session:
        roles.put(session, "U1", "viewer")
        assert heard == []
    assert heard == ["grant:before-commit", "grant:after-commit"]


def test_what_the_hook_stops_before_the_commit_never_happened(migrated_url: str) -> None:
    def stop(point: str) -> None:
        if point.endswith("before-commit"):
            raise InterruptedError(point)

    with closing(Database(migrated_url, stop)) as database:
        with pytest.raises(InterruptedError), database.write("grant") as session:
            roles.put(session, "U1", "viewer")
        assert granted(database) == []


def test_what_the_hook_stops_after_the_commit_has_happened(migrated_url: str) -> None:
    def stop(point: str) -> None:
        if point.endswith("after-commit"):
            raise InterruptedError(point)

    with closing(Database(migrated_url, stop)) as database:
        with pytest.raises(InterruptedError), database.write("grant") as session:
            roles.put(session, "U1", "viewer")
        assert granted(database) == ["U1"]


def test_a_failed_block_announces_no_commit(migrated_url: str) -> None:
    heard: list[str] = []
    with closing(Database(migrated_url, heard.append)) as database, pytest.raises(LookupError):
        fail_after_granting(database)
    assert heard == []


def test_two_writers_come_one_after_the_other(database: Database) -> None:
    begun, answers = threading.Event(), []

    def second() -> None:
        begun.set()
        with database.write("second") as session:
            answers.append([row.role for row in roles.every(session)])

    thread = threading.Thread(target=second)
    with database.write("first") as session:
        roles.put(session, "U1", "viewer")
        session.flush()
        if database.is_sqlite:
            thread.start()
            begun.wait(5)
    if not database.is_sqlite:
        thread.start()
    thread.join(10)
    assert answers == [["viewer"]]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("rollcall.db", "ROLLCALL_DATABASE_URL is no database URL"),
        ("mysql://root@localhost/rollcall", "ROLLCALL_DATABASE_URL starts with mysql"),
        ("sqlite://", "ROLLCALL_DATABASE_URL names no file"),
        ("sqlite:///:memory:", "ROLLCALL_DATABASE_URL names no file"),
        ("postgresql://root@localhost/rollcall", r"starts with postgresql: expected sqlite:/// or postgresql\+psycopg"),
    ],
)
def test_another_url_is_refused_by_the_name_of_its_setting(url: str, expected: str) -> None:
    with pytest.raises(DatabaseUrlIsWrong, match=expected):
        Database(url)


def test_a_refused_url_is_not_repeated_since_it_may_hold_a_password() -> None:
    with pytest.raises(DatabaseUrlIsWrong) as refusal:
        Database("mysql://root:hunter2@localhost/rollcall")
    assert "hunter2" not in str(refusal.value)


def test_a_database_that_cannot_be_opened_fails_outside(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'missing' / 'rollcall.db'}"
    with closing(Database(url)) as database, pytest.raises(DatabaseIsUnreachable, match="doesn't answer"):
        granted(database)


def test_a_file_that_is_no_database_fails_outside(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("call Ann back\n" * 100)
    url = f"sqlite:///{tmp_path / 'notes.txt'}"
    with closing(Database(url)) as database, pytest.raises(DatabaseIsUnreachable, match="not a database"):
        granted(database)


def test_foreign_keys_are_kept(database: Database) -> None:
    with pytest.raises(DBAPIError), database.write("test") as session:
        session.connection().exec_driver_sql("INSERT INTO people (client_id) VALUES (4711)")


def test_the_error_of_a_statement_quotes_none_of_its_values(database: Database) -> None:
    with pytest.raises(DBAPIError, match="INSERT INTO roles") as refusal:
        grant_while_reading(database)
    assert "viewer" not in str(refusal.value)
