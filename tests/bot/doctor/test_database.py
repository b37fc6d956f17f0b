import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from commands.examinations.database import disk
from storage.database import Database
from storage.examination import look
from tests.bot.doctor.conftest import Clinic


def executed(file: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement, values)


async def test_a_database_that_is_not_there_is_told_and_not_made(clinic: Clinic) -> None:
    report = await clinic.doctor()
    assert "isn't there yet" in report.line("database")
    assert report.line("database").endswith("→ The first command makes it: rollcall import BOOK --apply")
    assert report.line("directories") == "- directories there is no database that could name them"
    assert [file.name for file in clinic.folder.iterdir()] == []
    assert report.code == 0


async def test_a_file_without_anything_in_it_stays_so(clinic: Clinic) -> None:
    file = clinic.folder / "rollcall.db"
    file.touch()
    assert "is empty" in (await clinic.doctor()).line("database")
    assert file.stat().st_size == 0


async def test_a_folder_that_is_not_there(clinic: Clinic) -> None:
    clinic.settings["database_url"] = f"sqlite:///{clinic.folder}/none/rollcall.db"
    report = await clinic.doctor()
    assert "can't be made: there is no folder" in report.line("database")
    assert "→ Make the folder, or name another file" in report.line("database")
    assert report.code == 2


async def test_a_url_that_is_none(clinic: Clinic) -> None:
    clinic.settings["database_url"] = "mysql://nowhere"
    report = await clinic.doctor()
    assert "expected sqlite:/// or postgresql+psycopg://" in report.line("database")
    assert report.code == 2


async def test_a_database_of_this_version_is_told_with_its_version(clinic: Clinic) -> None:
    await clinic.opens()
    report = await clinic.doctor()
    assert "rollcall.db, SQLite 3" in report.line("database")
    assert report.line("writing") == "ok writing can be written to"


@pytest.mark.parametrize(
    ("version", "said"), [("9999", "→ update Rollcall."), ("0001", "→ run rollcall migrate.")], ids=["newer", "older"]
)
async def test_a_database_of_another_version_is_told_and_left_as_it_is(clinic: Clinic, version: str, said: str) -> None:
    await clinic.opens()
    executed(clinic.folder / "rollcall.db", "UPDATE alembic_version SET version_num = ?", version)
    report = await clinic.doctor()
    assert report.line("version").startswith(f"FAIL version The database is at version {version}")
    assert report.line("version").endswith(said)
    assert report.code == 1


async def test_a_database_of_somebody_else(clinic: Clinic) -> None:
    executed(clinic.folder / "rollcall.db", "CREATE TABLE recipes (name TEXT)")
    report = await clinic.doctor()
    assert report.line("version").endswith("→ give Rollcall a database of its own.")
    assert report.code == 1


async def test_a_file_that_is_no_database(clinic: Clinic) -> None:
    (clinic.folder / "rollcall.db").write_text("Dear diary, today I was no database." * 100)
    report = await clinic.doctor()
    assert report.line("database").endswith("file is not a database → Check ROLLCALL_DATABASE_URL.")
    assert report.code == 3


async def test_a_lock_that_another_program_holds(clinic: Clinic) -> None:
    await clinic.opens()
    with closing(sqlite3.connect(clinic.folder / "rollcall.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        report = await clinic.doctor()
    assert report.line("writing").startswith("warn writing another program holds the lock for writing → If it stays")


async def test_a_journal_in_which_readers_wait(clinic: Clinic) -> None:
    await clinic.opens()
    executed(clinic.folder / "rollcall.db", "PRAGMA journal_mode = DELETE")
    report = await clinic.doctor()
    assert report.line("journal").startswith("warn journal the journal is kept as 'delete'")


def test_a_network_file_system_is_seen_by_the_longest_mount_above_the_file(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/export {tmp_path} nfs4 rw 0 0\n")
    assert look(f"sqlite:///{tmp_path}/rollcall.db", mounts).network == "nfs4"
    mounts.write_text("server:/export /elsewhere nfs4 rw 0 0\n/dev/sda1 / ext4 rw 0 0\n")
    assert look(f"sqlite:///{tmp_path}/rollcall.db", mounts).network is None


@pytest.mark.parametrize(("megabytes", "word"), [(50, "fail"), (500, "warn"), (5_000, "ok")])
def test_a_disk_that_fills_up_is_told_in_time(megabytes: int, word: str) -> None:
    assert disk(megabytes * 1024 * 1024).state == word


async def test_postgresql_is_told_with_its_version_and_without_its_password(clinic: Clinic, postgres_url: str) -> None:
    clinic.settings["database_url"] = postgres_url
    assert "is empty (PostgreSQL 1" in (await clinic.doctor()).line("database")
    await clinic.opens()
    report = await clinic.doctor()
    assert ", PostgreSQL 1" in report.line("database")
    assert report.line("writing").startswith("ok")
    assert report.line("acme/m365").startswith("ok")


async def test_a_postgresql_that_only_lets_us_read(clinic: Clinic, postgres_url: str) -> None:
    clinic.settings["database_url"] = postgres_url
    await clinic.opens()
    with closing(Database(postgres_url)) as database, database.write("test") as session:
        name = database.engine.url.database
        session.connection().execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    report = await clinic.doctor()
    assert report.line("writing").startswith(
        "FAIL writing nothing can be written: the server lets this user only read → Give the user that runs Rollcall"
    )
    assert report.code == 3


async def test_a_postgresql_that_is_not_there(clinic: Clinic) -> None:
    clinic.settings["database_url"] = "postgresql+psycopg://rollcall:hidden@127.0.0.1:1/rollcall"
    report = await clinic.doctor()
    assert report.line("database").startswith("FAIL database The database doesn't answer")
    assert "hidden" not in report.out
    assert report.code == 3
