"""A plain CSV file: columns by our names or by the book's, and every doubt refused with its line."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.directories import open_directory
from connectors.directories.entries import Sighting, accounts_after
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Account, Wanted


async def read(path: Path, groups: tuple[str, ...] = (), **settings: Any) -> list[Any]:
    with Spool() as spool:
        reading = await open_directory("csv", {"path": str(path), **settings}).read(
            "ignored", spool, wanted=Wanted(groups=groups)
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


async def test_a_column_that_the_file_lacks_is_absent_and_licences_are_unknown(file: Path) -> None:
    save(file, "id,name\n1,Ann\n")
    assert await read(file) == [Sighting("1", {"name": "Ann", "licences": None})]


async def test_columns_that_the_book_names(file: Path) -> None:
    save(file, "Staff no,Full name\n7,Ann\n")
    found = await read(file, id="staff no", columns={"name": "Full name"})
    assert found == [Sighting("7", {"name": "Ann", "licences": None})]


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
        ("id,name\n1,Ann\nID,Name\n2,Bo\n", "line 3: the header stands here again; expected it once"),
        ("id,last_sign_in\n1,yesterday\n", "line 2: 'yesterday' is no date; expected one such as 2027-01-31"),
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


@pytest.mark.parametrize("data", [b"id,name\n1,\x81\x8d\n", b"i\x00d\x00", b"id,name\n1,A\x00nn\n"])
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
    assert await read(file, format="plain") == [Sighting("1", {"licences": None})]
    with pytest.raises(DirectoryNotRead, match="no column 'Object Id'"):
        await read(file, format="microsoft365")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_a_file_is_read_whatever_program_wrote_it(file: Path, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in (("id", "name"), ("1", "Änn")))
    save(file, text.encode(encoding))
    assert await read(file) == [Sighting("1", {"name": "Änn", "licences": None})]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;", "\r\nsep=;"])
async def test_a_first_line_for_excel_says_the_delimiter_and_counts_as_a_line(file: Path, first: str) -> None:
    header = "id;name, mail and more, and more;licences"
    save(file, f"{first}\r\n{header}\r\n1;Ann;SPB\r\n1;Again;\r\n")
    lines = len(first.splitlines())
    with pytest.raises(DirectoryNotRead, match=rf"line {lines + 3}: its id is already on line {lines + 2}"):
        await read(file)
    save(file, f"{first}\r\n{header}\r\n1;Ann;SPB\r\n".encode("utf-16"))
    assert await read(file) == [Sighting("1", {"licences": ("SPB",)})]


async def test_a_first_line_for_excel_with_another_delimiter_is_refused_with_what_is_possible(file: Path) -> None:
    save(file, "sep=|\nid|name\n1|Ann\n")
    with pytest.raises(DirectoryNotRead, match=r"line 1: 'sep=\|' says how .*; expected sep=, or sep=; or a tab\."):
        await read(file)


async def test_a_mark_that_was_written_twice_is_no_part_of_the_first_column(file: Path) -> None:
    save(file, "\ufeff\ufeffid,name\n1,Ann\n")
    assert await read(file) == [Sighting("1", {"name": "Ann", "licences": None})]


async def test_what_microsoft_writes_for_no_licence_is_none_where_it_is_all_that_stands_there(file: Path) -> None:
    save(file, "id,licences\n1,Unlicensed\n2,unlicensed \n3,Unlicensed Extra\n4,SPB+Unlicensed\n")
    found = [entry.fields["licences"] for entry in await read(file)]
    assert found == [(), (), ("Unlicensed Extra",), ("SPB", "Unlicensed")]


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(file: Path) -> None:
    save(file, "id\n")
    os.truncate(file, 100 * 1024 * 1024 + 1)
    with pytest.raises(DirectoryNotRead, match=r"is larger than 100 MB\. Expected a list of accounts"):
        await read(file)


async def test_what_else_a_rule_may_look_at(file: Path) -> None:
    save(file, "id,employee_id,department,last_sign_in\n1,007,Sales,2027-01-05\n2,,,\n3,,,2027-01-05T08:15:00Z\n")
    accounts = accounts_after((), await read(file), full=True)
    assert accounts == {
        "1": Account("1", licences=None, employee_id="007", department="Sales", last_sign_in=date(2027, 1, 5)),
        "2": Account("2", licences=None),
        "3": Account("3", licences=None, last_sign_in=date(2027, 1, 5)),
    }


async def test_groups_are_marked_as_the_rules_call_them_and_the_others_left_out(file: Path) -> None:
    save(file, "id,groups\n1,field staff+Drivers;Office\n2,\n")
    assert await read(file, groups=("Field Staff", "drivers")) == [
        Sighting("1", {"groups": ("Field Staff", "drivers"), "licences": None}),
        Sighting("2", {"groups": (), "licences": None}),
    ]


async def test_groups_that_no_rule_asks_for_are_not_read(file: Path) -> None:
    save(file, "id,groups\n1,Office\n")
    assert await read(file) == [Sighting("1", {"licences": None})]


async def test_a_rule_that_asks_for_groups_needs_a_column_of_them(file: Path) -> None:
    save(file, "id,name\n1,Ann\n")
    with pytest.raises(
        DirectoryNotRead, match=r"no column of groups, .* the directory's `only` names Drivers\. Add a column"
    ):
        await read(file, groups=("Drivers",))


async def test_a_group_in_which_nobody_is_is_no_empty_group_but_a_doubt(file: Path) -> None:
    save(file, "id,groups\n1,Office\n")
    with pytest.raises(DirectoryNotRead, match=r"nobody is in the group Drivers, .* the file has Office") as failed:
        await read(file, groups=("Office", "Drivers"))
    assert failed.value.cause == Cause.NOT_FOUND


@pytest.mark.parametrize(("or_without", "state"), [(False, "broken"), (True, "doubtful")])
async def test_a_look_says_that_the_licences_are_missing(file: Path, state: str, *, or_without: bool) -> None:
    save(file, "id,name\n1,Ann\n")
    wanted = Wanted(licences=True, or_without_licences=or_without)
    examined = await open_directory("csv", {"path": str(file)}).examine(wanted=wanted, now=lambda: datetime.now(UTC))
    assert [one.state for one in examined.observations if one.what == "licences"] == [state]


async def test_without_a_column_of_licences_it_is_read_only_where_another_source_may_know_them(file: Path) -> None:
    save(file, "id,name\n1,Ann\n")
    directory = open_directory("csv", {"path": str(file)})
    with Spool() as spool:
        reading = await directory.read(None, spool, wanted=Wanted(licences=True, or_without_licences=True))
        assert (reading.licences, list(spool)) == (False, [Sighting("1", {"name": "Ann", "licences": None})])
        with pytest.raises(DirectoryNotRead, match=r"has no column of licences, and a rule counts by them\. Add"):
            await directory.read(None, spool, wanted=Wanted(licences=True))


async def test_a_look_says_what_each_column_was_taken_for(file: Path) -> None:
    save(file, "Staff no,Full name,Licences,Pay\n1,Ann,SPB,9\n")
    directory = open_directory("csv", {"path": str(file), "id": "staff no", "columns": {"name": "full name"}})
    examined = await directory.examine(wanted=Wanted(licences=True), now=lambda: datetime.now(UTC))
    assert [one.text for one in examined.observations if one.what == "columns"] == [
        "1 row, plain: id from Staff no, name from Full name, licences from Licences; ignored: Pay"
    ]
    assert not examined.broken


ENTRA = (
    "userPrincipalName,displayName,mail,id,userType,department,accountEnabled\r\n"
    "ann@a.example,Ann,ann@a.example,1,Member,IT,True\r\n"
    "bo@a.example,Bo,,2,Guest,,True\r\n"
    "cy@a.example,Cy,,3,,,False\r\n"
)


async def test_entras_own_download_is_read_with_its_columns_named(file: Path) -> None:
    save(file, ENTRA)
    columns = {"name": "displayName", "upn": "userPrincipalName", "enabled": "accountEnabled", "guest": "userType"}
    found = accounts_after((), await read(file, columns=columns), full=True)
    assert [(one.name, one.enabled, one.guest) for one in found.values()] == [
        ("Ann", True, False),
        ("Bo", True, True),
        ("Cy", False, False),
    ]
    seen = await open_directory("csv", {"path": str(file), "columns": columns}).examine(
        wanted=Wanted(), now=lambda: datetime.now(UTC)
    )
    assert [one.state for one in seen.observations] == ["well", "well"]


async def test_a_look_warns_of_entras_columns_that_say_who_counts_and_are_not_taken(file: Path) -> None:
    save(file, ENTRA)
    seen = await open_directory("csv", {"path": str(file)}).examine(wanted=Wanted(), now=lambda: datetime.now(UTC))
    warned = {one.what: (one.text, one.remedy) for one in seen.observations if one.state == "doubtful"}
    assert warned == {
        "column accountEnabled": (
            "is not taken: everybody in the file is taken to be enabled",
            "Name it in the book, in the directory's `columns`: {enabled: accountEnabled}",
        ),
        "column userType": (
            "is not taken: nobody in the file is taken to be a guest",
            "Name it in the book, in the directory's `columns`: {guest: userType}",
        ),
    }


async def test_of_what_is_no_table_only_the_beginning_is_told(file: Path) -> None:
    save(file, ",".join(f"{'x' * 500}{number}" for number in range(500)))
    with pytest.raises(DirectoryNotRead, match="and more") as refused:
        await read(file)
    assert len(str(refused.value)) < 2000
