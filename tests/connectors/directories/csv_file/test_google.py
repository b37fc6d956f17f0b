"""The Admin console's own download, as it is: its address is the key, and a doubt says what that means."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from connectors.directories import open_directory
from connectors.directories.entries import accounts_after
from connectors.directories.spool import Spool
from connectors.errors import DirectoryNotRead
from rosters.rules import Account, Wanted
from tests.support.files import workbook

HEADER = (
    "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],"
    "Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],New Primary Email [UPLOAD ONLY],Status [READ ONLY],"
    "Last Sign In [READ ONLY],Recovery Email,Home Secondary Email,Work Secondary Email,"
    "Recovery Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Home Phone,Mobile Phone,Work Address,Home Address,"
    "Employee ID,Employee Type,Employee Title,Manager Email,Department,Cost Center,2sv Enrolled [READ ONLY],"
    "2sv Enforced [READ ONLY],Building ID,Floor Name,Floor Section,Email Usage [READ ONLY],Drive Usage [READ ONLY],"
    "Total Storage [READ ONLY],Change Password at Next Sign-In,New Status [UPLOAD ONLY]"
).split(",")
ANN = {
    "First Name [Required]": "Ann",
    "Last Name [Required]": "Ames",
    "Email Address [Required]": "Ann.Ames@acme.example",
    "Password [Required]": "****",
    "Org Unit Path [Required]": "/",
    "Status [READ ONLY]": "Active",
    "Last Sign In [READ ONLY]": "2027/01/05 08:15:00",
    "Employee ID": "7",
    "Department": "Sales",
}
BO = {
    "First Name [Required]": "Bo",
    "Email Address [Required]": "bo@acme.example",
    "Status [READ ONLY]": "Suspended",
    "Last Sign In [READ ONLY]": "Never logged in",
}
BOTH = {
    "ann.ames@acme.example": Account(
        "ann.ames@acme.example",
        "Ann Ames",
        "Ann.Ames@acme.example",
        "Ann.Ames@acme.example",
        licences=None,
        employee_id="7",
        department="Sales",
        last_sign_in=date(2027, 1, 5),
    ),
    "bo@acme.example": Account(
        "bo@acme.example", "Bo", "bo@acme.example", "bo@acme.example", enabled=False, licences=None
    ),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "User_Download.csv"


def save(file: Path, *people: dict[str, str], header: list[str] = HEADER) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(header)
        writer.writerows([person.get(column, "") for column in header] for person in people)


async def read(file: Path) -> dict[str, Account]:
    with Spool() as spool:
        await open_directory("csv", {"path": str(file)}).read(None, spool, wanted=Wanted())
        return accounts_after((), spool, full=True)


async def test_the_download_is_taken_as_it_is(file: Path) -> None:
    save(file, ANN, BO)
    assert await read(file) == BOTH


async def test_the_download_as_a_google_sheet_is_taken_as_well(tmp_path: Path) -> None:
    file = tmp_path / "users.xlsx"
    moment = datetime(2027, 1, 5, 8, 15)  # noqa: DTZ001 - a sheet has no zones
    ann = [moment if name.startswith("Last Sign") else ANN.get(name) for name in HEADER]
    file.write_bytes(workbook(HEADER, ann, [BO.get(name) for name in HEADER]))
    assert await read(file) == BOTH


async def test_licences_are_taken_where_the_download_has_them(file: Path) -> None:
    licensed = {**ANN, "Licenses [READ ONLY]": "Google Workspace Business Plus, Google Vault"}
    save(file, licensed, header=[*HEADER, "Licenses [READ ONLY]"])
    accounts = await read(file)
    assert accounts["ann.ames@acme.example"].licences == ("Google Vault", "Google Workspace Business Plus")


async def test_an_archived_account_is_not_enabled(file: Path) -> None:
    save(file, {**ANN, "Status [READ ONLY]": "Archived"})
    assert [account.enabled for account in (await read(file)).values()] == [False]


async def test_a_status_that_nobody_knows_is_refused(file: Path) -> None:
    save(file, ANN, {**BO, "Status [READ ONLY]": "Dormant"})
    with pytest.raises(DirectoryNotRead, match="line 3: 'Dormant' is no status; expected one of active, suspended"):
        await read(file)


async def test_the_same_address_in_other_letters_is_the_same_account_twice(file: Path) -> None:
    save(file, ANN, {**BO, "Email Address [Required]": "ANN.AMES@acme.example"})
    with pytest.raises(DirectoryNotRead, match="line 3: its id is already on line 2"):
        await read(file)


async def test_a_download_with_fewer_columns_says_which_one_is_meant(file: Path) -> None:
    save(file, ANN, header=HEADER[:3])
    with pytest.raises(
        DirectoryNotRead, match=r"no column 'Status \[READ ONLY\]'; expected all columns that Directory"
    ):
        await read(file)


async def test_a_look_says_what_an_address_as_a_key_means(file: Path) -> None:
    save(file, ANN, BO)
    examined = await open_directory("csv", {"path": str(file)}).examine(
        wanted=Wanted(licences=True), now=lambda: datetime.now(UTC)
    )
    seen = {one.what: one for one in examined.observations}
    assert seen["key"].state == "doubtful"
    assert "a rename looks like a leave and a join" in seen["key"].text
    assert seen["licences"].text == "no column says them, and a rule counts by them"
    assert seen["columns"].text.startswith(
        "2 rows, google: id, mail and upn from Email Address [Required], "
        "name from First Name [Required] and Last Name [Required], enabled from Status [READ ONLY], "
    )
