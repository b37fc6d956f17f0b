"""The files of a book's directories, looked at before the import: what they hold, and who would count."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from commands.import_files import FileLook, look_at_files
from connectors.books.values import BookClient, BookDirectory
from connectors.directories import open_directory
from connectors.directories.port import Directory
from rosters.rules import Roster, Rule
from tests.support.books import EVERYBODY, book, client


def from_file(path: Path, *rosters: Roster) -> BookClient:
    directories = (BookDirectory("staff", "csv", {"path": str(path)}), BookDirectory("hr", "memory", {}))
    return replace(client(rosters=rosters or (EVERYBODY,)), directories=directories)


def looked(*clients: BookClient) -> tuple[FileLook, ...]:
    def source(kind: str, settings: Mapping[str, object], _: str, __: str) -> Directory:
        return open_directory(kind, settings)

    return asyncio.run(look_at_files(book(*clients), source, lambda: datetime.now(UTC)))


def test_a_file_is_read_by_the_rules_of_the_book_that_is_not_imported_yet(tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("id,name,enabled,licences\n1,Ann,yes,SPB\n2,Bo,no,SPB\n3,Cy,yes,\n")
    licensed = Roster("full", Rule(basis="licensed"))
    (look,) = looked(from_file(file))
    (stricter,) = looked(from_file(file, licensed))
    assert (look.directory, look.text, stricter.text) == (
        "acme/staff",
        "3 accounts, 2 would count",
        "3 accounts, 1 would count",
    )
    assert [one.what for one in look.seen] == ["file", "columns"]


def test_a_file_that_cannot_be_read_says_why_and_the_others_are_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("id\n1\n")
    there, gone = from_file(file), replace(from_file(tmp_path / "none.csv"), slug="globex")
    assert [look.text.partition(" /")[0] for look in looked(gone, there)] == [
        "There is no file",
        "1 account, 1 would count",
    ]


def test_what_can_be_seen_of_a_file_with_a_doubtful_row_is_left_to_the_reading(tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("id\n1\n1\n")
    (look,) = looked(from_file(file))
    assert "line 3: its id is already on line 2" in look.text
    assert look.seen == ()
