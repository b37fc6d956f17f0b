"""The admin centre's own export, in the header of today and in that of some years ago."""

from pathlib import Path

import pytest

from connectors.directories import open_directory
from connectors.directories.entries import accounts_after
from connectors.directories.spool import Spool
from connectors.errors import DirectoryNotRead
from rosters.rules import Account, Wanted

TODAY = (
    "Display name,DirSyncEnabled,User principal name,Object Id,First name,Last name,When created,"
    "Soft deletion time stamp,Title,Department,Preferred data location,City,CountryOrRegion,Office,StateOrProvince,"
    "Usage location,Last dirsync time,Block credential,Licenses,Password never expires,"
    "Last password change time stamp,Mobile Phone,Phone number,Postal code,Preferred language,Street address,Fax,"
    "Proxy addresses,AgeGroup"
)
BEFORE = (
    "Block credential,City,Country/Region,Department,DirSyncEnabled,Display name,Fax,First name,Last dirsync time,"
    "Last name,Last password change time stamp,License assignment details,Licenses,Mobile Phone,Oath token meta data,"
    "Object Id,Office,Password never expires,Phone number,Postal code,Preferred data location,Preferred language,"
    "Proxy addresses,Release track,Soft deletion time stamp,State,Street address,Strong password required,Title,"
    "Usage location,User principal name,When created"
)
ANN = {
    "Display name": "Ann Ames",
    "User principal name": "ann@acme.example",
    "Object Id": "id-ann",
    "Block credential": "False",
    "Licenses": "Microsoft Power Automate Free+Microsoft 365 Business Premium",
    "Proxy addresses": "smtp:ames@acme.example+SMTP:ann.ames@acme.example+SIP:ann@acme.example",
}
BO = {
    "Display name": "Bo Beck",
    "User principal name": "bo@acme.example",
    "Object Id": "id-bo",
    "Block credential": "True",
    "Licenses": "Unlicensed",
}
GUEST = {
    "Display name": "Cy Cole",
    "User principal name": "cy_other.example#EXT#@acme.onmicrosoft.com",
    "Object Id": "id-cy",
    "Block credential": "False",
    "Licenses": "",
}
GONE = {**ANN, "Object Id": "id-gone", "Soft deletion time stamp": "2027-01-31 08:00:00Z"}


def export(header: str, *people: dict[str, str], delimiter: str = ",") -> str:
    columns = header.split(",")
    rows = [columns, *([person.get(column, "") for column in columns] for person in people)]
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


async def read(path: Path) -> dict[str, Account]:
    with Spool() as spool:
        reading = await open_directory("csv", {"path": str(path)}).read(None, spool, wanted=Wanted())
        return accounts_after((), spool, full=reading.full)


@pytest.mark.parametrize("header", [TODAY, BEFORE])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_the_export_is_taken_as_it_is(tmp_path: Path, header: str, encoding: str, delimiter: str) -> None:
    file = tmp_path / "users.csv"
    text = export(header, {**ANN, "Display name": "Änn Amès"}, BO, GUEST, GONE, delimiter=delimiter)
    file.write_bytes(text.encode(encoding))
    assert await read(file) == {
        "id-ann": Account(
            "id-ann",
            "Änn Amès",
            "ann.ames@acme.example",
            "ann@acme.example",
            licences=("Microsoft 365 Business Premium", "Microsoft Power Automate Free"),
        ),
        "id-bo": Account("id-bo", "Bo Beck", "", "bo@acme.example", enabled=False),
        "id-cy": Account("id-cy", "Cy Cole", "", "cy_other.example#EXT#@acme.onmicrosoft.com", guest=True),
    }


async def test_a_plus_between_spaces_is_part_of_a_licences_name(tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    licences = "Office 365 E3+Enterprise Mobility + Security E3+Microsoft 365 F5 Security + Compliance Add-on"
    file.write_text(export(TODAY, {**ANN, "Licenses": licences}), encoding="utf-8")
    assert (await read(file))["id-ann"].licences == (
        "Enterprise Mobility + Security E3",
        "Microsoft 365 F5 Security + Compliance Add-on",
        "Office 365 E3",
    )


async def test_a_shortened_export_says_which_file_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("Display name,User principal name,Licenses\nAnn,ann@acme.example,Unlicensed\n", encoding="utf-8")
    with pytest.raises(DirectoryNotRead, match=r"line 1: there is no column 'Object Id'.*Export users"):
        await read(file)


async def test_a_blocked_sign_in_that_is_neither_true_nor_false_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text(export(TODAY, ANN, {**BO, "Block credential": "perhaps"}), encoding="utf-8")
    with pytest.raises(DirectoryNotRead, match=r"line 3: 'perhaps' is neither true nor false"):
        await read(file)
