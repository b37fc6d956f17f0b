"""A workbook in place of a CSV file: cells are taken as they are shown; what became something else is refused."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.directories import open_directory
from connectors.directories.entries import accounts_after
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Account, Wanted
from tests.support.files import workbook

HEADER = ["id", "name", "enabled", "licences", "last_sign_in"]
MOMENT = datetime(2027, 1, 5, 8, 15)  # noqa: DTZ001 - a sheet has no zones


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.xlsx"


def save(path: Path, data: bytes) -> None:
    path.write_bytes(data)


async def read(path: Path, **settings: Any) -> dict[str, Account]:
    with Spool() as spool:
        await open_directory("csv", {"path": str(path), **settings}).read(None, spool, wanted=Wanted())
        return accounts_after((), spool, full=True)


async def test_numbers_truths_and_days_are_taken_as_they_are_shown(file: Path) -> None:
    save(
        file,
        workbook(
            HEADER,
            [4711, "Ann", True, "SPB", date(2027, 1, 5)],
            ["0815", "Bo", False, None, MOMENT],
            ["x", "Cy", 1, "SPB", "2027-01-05"],
        ),
    )
    day = date(2027, 1, 5)
    assert await read(file) == {
        "4711": Account("4711", "Ann", licences=("SPB",), last_sign_in=day),
        "0815": Account("0815", "Bo", enabled=False, last_sign_in=day),
        "x": Account("x", "Cy", licences=("SPB",), last_sign_in=day),
    }


async def test_blank_rows_and_blank_cells_at_the_end_say_nothing(file: Path) -> None:
    save(file, workbook([], [*HEADER, None], [None], [1, "Ann"], ["", ""], [2, "Bo", None, None, None, " "]))
    assert set(await read(file)) == {"1", "2"}


async def test_the_first_sheet_is_read_and_no_other(file: Path) -> None:
    save(file, workbook(HEADER, [1, "Ann"], Notes=["id", "nobody"]))
    assert set(await read(file)) == {"1"}


async def test_an_export_of_microsoft_saved_as_a_workbook_is_recognised(file: Path) -> None:
    header = ["Object Id", "Display name", "User principal name", "Licenses", "Block credential", "When created"]
    gone = [*header, "Soft deletion time stamp"]
    save(
        file,
        workbook(
            gone,
            ["id-ann", "Ann", "ann@acme.example", "SPB", False, MOMENT],
            ["id-bo", "Bo", "bo@acme.example", "SPB", False, MOMENT, MOMENT],
        ),
    )
    assert set(await read(file)) == {"id-ann"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([MOMENT, "Ann"], "row 2: found the date 2027-01-05; expected text, so format the column as text"),
        ([1, True], "row 2: found the truth TRUE; expected text"),
        ([1, "Ann", "yes", "SPB", 46027], "row 2: '46027' is no date; expected one such as 2027-01-31"),
        ([1, "Ann", MOMENT], "row 2: found the date 2027-01-05; expected text"),
        (["=A1+1", "Ann"], "row 2: A2 is a formula; expected its value"),
        ([1, "#REF!"], "row 2: B2 is an error; expected a value"),
        ([1, "Ann", "", "", "", "more"], "row 2: 6 cells under a header of 5; expected one cell for each column"),
        ([None, "Ann"], "row 2: the account has no id"),
    ],
    ids=["id", "name", "day", "flag", "formula", "error", "too wide", "no id"],
)
async def test_a_cell_that_is_something_else_is_refused_with_its_row(file: Path, row: list[Any], words: str) -> None:
    save(file, workbook(HEADER, row))
    with pytest.raises(DirectoryNotRead) as failed:
        await read(file)
    assert failed.value.cause == Cause.MALFORMED
    assert f"{file}, {words}" in str(failed.value)


async def test_what_stands_in_a_column_that_is_not_taken_does_not_matter(file: Path) -> None:
    save(file, workbook(["id", "Joined", "Pay"], [1, MOMENT, "=2*3"]))
    assert set(await read(file)) == {"1"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 no workbook", "as a workbook: this is no workbook that can be read; expected a sound .xlsx file"),
        (workbook(), "row 1: the file is empty; expected a header row"),
        (workbook(["id", "name", "Name "], [1, "a", "b"]), "row 1: the column 'name' appears twice"),
        (workbook(["id"], [1], [1]), "row 3: its id is already on row 2"),
        (workbook(["name"], ["Ann"]), "row 1: there is no column 'id'"),
    ],
    ids=["broken", "empty", "a column twice", "an id twice", "no id"],
)
async def test_a_workbook_in_doubt_is_refused(file: Path, data: bytes, words: str) -> None:
    save(file, data)
    with pytest.raises(DirectoryNotRead) as failed:
        await read(file)
    assert words in str(failed.value)
