"""A plain CSV file: columns by our names or by the book's, and every doubt refused with its line."""

from pathlib import Path
from typing import Any

import pytest

from billing.accounts import Account
from connectors.directories import open_directory
from connectors.directories.entries import Sighting, accounts_after
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead


async def read(path: Path, **settings: Any) -> list[Any]:
    with Spool() as spool:
        reading = await open_directory("csv", {"path": str(path), **settings}, app=None).read(
            "ignored", spool, licences=True
        )
        assert (reading.full, reading.cursor) == (True, None)
        return list(spool)


def save(path: Path, content: str | bytes) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


async def test_all_columns_under_our_own_names(file: Path) -> None:
    save(
        file,
        "ID,Name,Mail,UPN,Enabled,Guest,Licences,Mailbox\n"
        "1, Ann ,ann@a.example,ann@a.example,yes,no,SPB; FLOW_FREE,user\n"
        "2,Room 5,room5@a.example,,,,,Room\n",
    )
    assert accounts_after((), await read(file), full=True) == {
        "1": Account("1", "Ann", "ann@a.example", "ann@a.example", licences=("FLOW_FREE", "SPB")),
        "2": Account("2", "Room 5", "room5@a.example", mailbox="room"),
    }


async def test_a_column_that_the_file_lacks_is_absent(file: Path) -> None:
    save(file, "id,name\n1,Ann\n")
    assert await read(file) == [Sighting("1", {"name": "Ann"})]


async def test_columns_that_the_book_names(file: Path) -> None:
    save(file, "Staff no,Full name\n7,Ann\n")
    assert await read(file, id="staff no", columns={"name": "Full name"}) == [Sighting("7", {"name": "Ann"})]


async def test_a_record_of_several_lines_and_blank_lines_keep_the_count(file: Path) -> None:
    save(file, 'id,name\n\n1,"Ann\nAmes"\n\n1,Again\n')
    with pytest.raises(DirectoryNotRead, match="line 6: its id is already on line 3"):
        await read(file)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the file is empty; expected a header row"),
        ("\n\n", "line 1: the file is empty"),
        ("name,mail\nAnn,a@a.example\n", "line 1: there is no column 'id'; the header has name, mail"),
        ("id,name,name\n1,a,b\n", "line 1: the column 'name' appears twice"),
        ("id,name\n1,Ann,more\n", "line 2: 3 cells under a header of 2"),
        ("id,name\n1,Ann\n2\n", "line 3: 1 cells under a header of 2"),
        ("id,name\n,Ann\n", "line 2: the account has no id"),
        ('id,name\n1,"Ann\n', "line 2: the quotation marks don't match"),
        ("id,enabled\n1,perhaps\n", "line 2: 'perhaps' is neither true nor false"),
        ("id,mailbox\n1,broken\n", "line 2: 'broken' is no kind of mailbox; expected one of user, shared"),
    ],
)
async def test_a_file_in_doubt_is_refused_with_file_line_and_expectation(file: Path, text: str, words: str) -> None:
    save(file, text)
    with pytest.raises(DirectoryNotRead) as failed:
        await read(file)
    assert failed.value.cause == Cause.MALFORMED
    assert f"{file}, {words}" in str(failed.value)


@pytest.mark.parametrize("data", [b"id,name\n1,\x81\x8d\n", b"i\x00d\x00", b"PK\x03\x04\x00\x00"])
async def test_a_file_that_is_no_text_is_refused(file: Path, data: bytes) -> None:
    save(file, data)
    with pytest.raises(DirectoryNotRead, match="is not readable text"):
        await read(file)


async def test_a_column_that_the_book_names_must_be_there(file: Path) -> None:
    save(file, "id,name\n1,Ann\n")
    with pytest.raises(DirectoryNotRead, match="there is no column 'e-mail'"):
        await read(file, columns={"mail": "E-Mail"})


async def test_a_file_that_is_not_there_says_so(file: Path) -> None:
    with pytest.raises(DirectoryNotRead, match="There is no file") as failed:
        await read(file)
    assert failed.value.cause == Cause.NOT_FOUND


async def test_a_folder_in_place_of_a_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DirectoryNotRead, match="can't be read") as failed:
        await read(tmp_path)
    assert failed.value.cause == Cause.FORBIDDEN


async def test_the_format_can_be_forced(file: Path) -> None:
    save(file, "id,User principal name,Licenses\n1,ann,SPB\n")
    assert await read(file, format="plain") == [Sighting("1", {})]
    with pytest.raises(DirectoryNotRead, match="no column 'Object Id'"):
        await read(file, format="microsoft365")
