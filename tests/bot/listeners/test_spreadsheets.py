"""What takes xlsx sends a spreadsheet to whoever asked, and to nobody else, over real HTTP."""

import io
from datetime import datetime

from openpyxl import load_workbook

from commands.imports import apply_import
from connectors.books.values import Book
from tests.support.office import ACME, BILLER, HOUSE, SHELL, VIEWER, Office

MAY = "2027-05-01"
Rows = list[tuple[object, ...]]


async def sent(office: Office, command: str, words: str) -> tuple[str, str, dict[str, Rows]]:
    """The file's name, what was said of it in the direct message, and its rows by sheet."""
    before = await office.slack.messages(ACME)
    answer = await office.ask(VIEWER, command, words)
    (file,) = await office.slack.files()
    (message,) = await office.slack.messages("direct-viewer")
    assert f"I sent {file.name} to you in a direct message." in answer.said
    assert "Share" not in str(answer.blocks)
    assert await office.slack.messages(ACME) == before
    book = load_workbook(io.BytesIO(await office.slack.file_content(file.id)))
    return file.name, message.said, {each.title: list(each.iter_rows(values_only=True)) for each in book}


async def test_an_issued_invoice(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    for step in ("start", "approve", "issue"):
        await office.ask(BILLER, "/run", f"{MAY} {step}", HOUSE)
    name, said, sheets = await sent(office, "/invoice", "acme xlsx")
    assert (name, said) == ("NW-000001.xlsx", "Acme Corp: invoice NW-000001 of 1 May 2027, $129.90")
    assert [(row[1], row[6], row[7]) for row in sheets["Lines"][1:]] == [
        ("recurring", 120, "USD"),
        ("tax", 9.9, "USD"),
        ("total", 129.9, "USD"),
    ]
    assert [row[1] for row in sheets["People"][1:]] == ["Ann", "Bo", "Cy"]


async def test_a_preview_which_says_that_it_is_none_yet(office: Office) -> None:
    await office.first_count("Ann")
    name, said, sheets = await sent(office, "/invoice", "acme preview xlsx")
    assert name == "preview-acme-2027-05-01.xlsx"
    assert said == "Acme Corp: invoice (preview) of 1 May 2027, $43.30"
    assert sheets["Lines"][-1][2] == "Total (preview: not issued yet, nothing to pay)"


async def test_an_invoice_that_is_not_there_is_told_and_nothing_is_sent(office: Office) -> None:
    answer = await office.ask(VIEWER, "/invoice", "acme xlsx NW-9")
    assert answer.said == "No invoice was issued to Acme Corp yet; /invoice acme preview shows it as it stands."
    assert await office.slack.files() == []


async def test_everybody_on_the_rosters(office: Office) -> None:
    await office.first_count("Ann", "=Bo")
    name, said, sheets = await sent(office, "/users", "acme xlsx")
    assert (name, said) == ("users-acme-2027-04-11.xlsx", "Acme Corp on 11 Apr 2027: 2 on full")
    assert sheets["People"][0] == ("Roster", "Name", "Person", "Accounts", "From", "Until")
    assert [(row[0], row[1], row[5]) for row in sheets["People"][1:]] == [("full", "=Bo", None), ("full", "Ann", None)]
    assert all(row[3] and isinstance(row[4], datetime) for row in sheets["People"][1:])


async def test_what_waits_of_one_client_and_of_all(office: Office) -> None:
    await office.first_count("Ann")
    office.hire("Bo")
    await office.sync()
    name, said, sheets = await sent(office, "/changes", "acme xlsx")
    assert (name, said) == ("changes-acme.xlsx", "1 change waits for approval")
    heading, change = sheets["Changes"]
    assert heading == ("Change", "Client", "Revision", "Proposed on", "A month", "Next invoice", "Currency")
    assert (change[1], change[4], change[6]) == ("acme", 40, "USD")
    assert [(row[3], row[4], row[5]) for row in sheets["Items"][1:]] == [("join", "full", "Bo")]
    answer = await office.ask(VIEWER, "/changes", "xlsx")
    assert "I sent changes.xlsx to you in a direct message." in answer.said


async def test_what_waits_has_no_amounts_for_whom_may_not_see_them(office: Office) -> None:
    office.hire("Ann")
    await office.sync()
    apply_import(office.rollcall.database, SHELL, Book(money_from="approver"), office.rollcall.clock)
    _, _, sheets = await sent(office, "/changes", "acme xlsx")
    assert sheets["Changes"][0] == ("Change", "Client", "Revision", "Proposed on")
    assert len(sheets["Changes"][1]) == 4


async def test_what_does_not_agree(office: Office) -> None:
    name, said, sheets = await sent(office, "/reconcile", "acme xlsx")
    assert name == "mismatches-acme.xlsx"
    assert said.endswith("holding an invoice")
    assert ("acme", "R01", "hold") in [row[:3] for row in sheets["Mismatches"]]


async def test_where_nothing_waits_no_file_is_sent(office: Office) -> None:
    assert (await office.ask(VIEWER, "/changes", "xlsx")).said == "No change is waiting for approval."
    assert await office.slack.files() == []


async def test_a_run_with_what_holds_whom(office: Office) -> None:
    await office.ask(BILLER, "/run", f"{MAY} start", HOUSE)
    name, said, sheets = await sent(office, "/run", f"{MAY} xlsx")
    assert (name, said) == ("run-2027-05-01.xlsx", "Billing run of 1 May 2027: 1 drafted, 1 held")
    heading, acme, globex = sheets["Clients"]
    assert heading[:4] == ("Client", "Name", "State", "Total")
    assert (acme[:3], acme[6]) == (("acme", "Acme Corp", "held"), "R01")
    assert (globex[0], globex[2], globex[3], globex[4]) == ("globex", "drafted", 100, "USD")
