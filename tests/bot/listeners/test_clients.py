"""/client: one client at a glance, and a new one by a form, over real HTTP."""

import pytest

from commands.imports import apply_import
from connectors.books.values import Book, BookTemplate
from rosters.rules import Account
from tests.support.office import ACME, ADMIN, APPROVER, HOUSE, SHELL, VIEWER, Office

LINE = {
    "name": "mu",
    "text": "Managed user",
    "count": {"roster": "full"},
    "price": {"model": "per_unit", "unit": "40.00"},
}
STANDARD = BookTemplate("Standard", {"cycle": {"months": 1, "anchor": "2027-01-01"}, "lines": [LINE]})
FILLED = {
    "Name, as on its invoices": "Initech",
    "Currency": "USD",
    "Time zone": "UTC",
    "Directory": "csv",
    "Who counts": "enabled",
}


async def test_a_client_is_shown_at_a_glance(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Cy")
    await office.sync()
    said = (await office.ask(VIEWER, "/client", "acme")).said
    for told in (
        "Acme Corp: 2 users",
        "acme · USD · America/New_York · due in 30 days",
        "A change waits\nAcme Corp: +1 user (2 → 3). /changes acme has the buttons.",
        "full: 2 (3 count in the directories)",
        "Since 1 Jan 2027, monthly in advance\n• Managed user",
        "m365 (csv): 3 accounts, read on 11 Apr 2027",
        "$80.00 a month, before tax\nNext invoice on 1 May 2027: $80.00 as it stands",
    ):
        assert told in said


async def test_without_the_role_that_sees_amounts_it_has_none(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    apply_import(office.rollcall.database, SHELL, Book(money_from="approver"), office.rollcall.clock)
    assert "$" not in (await office.ask(VIEWER, "/client", "acme")).said
    assert "$80.00" in (await office.ask(APPROVER, "/client", "acme")).said


async def test_a_held_client_is_told(office: Office) -> None:
    await office.ask(ADMIN, "/run", "2027-05-01 start", HOUSE)
    assert "Held in the billing run: R01" in (await office.ask(VIEWER, "/client", "acme")).said


@pytest.fixture
async def template(office: Office) -> Office:
    """An office whose book has a template."""
    apply_import(office.rollcall.database, SHELL, Book(templates=(STANDARD,)), office.rollcall.clock)
    return office


async def _open(office: Office, words: str = "add", channel: str = ACME) -> None:
    done = await office.slack.command(ADMIN, channel, "/client", words)
    assert done.error is None
    await office.edge.work.drain(5)


async def test_a_client_is_added_by_a_form_that_counts_before_anything_is_kept(template: Office) -> None:
    office = template
    office.directory.put(Account(object_id="ann", name="Ann", upn="ann@initech.example"))
    office.directory.put(Account(object_id="bo", name="Bo", upn="bo@initech.example", enabled=False))
    await _open(office, "add Initech")
    (form,) = await office.slack.views(ADMIN)
    assert form.title == "Add a client"
    await office.slack.click_in_view(ADMIN, "Directory", "csv")
    await office.edge.work.drain(5)
    (form,) = await office.slack.views(ADMIN)
    assert "Path" in form.fields
    settings = {**FILLED, "Path": "/srv/users.csv"}
    await office.slack.fill(ADMIN, settings)
    await office.slack.click_in_view(ADMIN, "Test directory")
    await office.edge.work.drain(5)
    (form,) = await office.slack.views(ADMIN)
    assert "2 accounts, 1 would count." in form.said
    done = await office.slack.submit(
        ADMIN, {**settings, "Agreement": "Standard", "It starts on": "2027-05-01", "Tax": "Sales tax 8.25"}
    )
    assert (done.outcome, done.complaints) == ("closed", {})
    await office.edge.work.drain(5)
    assert "Initech is a client now: /client initech shows it." in (await office.answer(ADMIN)).said
    await office.delivery.send_owed()
    assert "Initech: first count, +1 user (0 → 1)" in (await office.card(HOUSE)).said
    assert "• Managed user" in (await office.ask(VIEWER, "/client", "initech")).said


@pytest.mark.parametrize(("channel", "proposed"), [(ACME, None), (HOUSE, HOUSE)])
async def test_the_channel_is_proposed_unless_it_is_another_clients(
    office: Office, channel: str, proposed: str | None
) -> None:
    await _open(office, channel=channel)
    (form,) = await office.slack.views(ADMIN)
    (field,) = [block for block in form.payload["blocks"] if block.get("block_id") == "channel"]
    assert field["element"].get("initial_conversation") == proposed


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(template: Office) -> None:
    await _open(template)
    wrong = {**FILLED, "Directory": "none", "Currency": "USX", "Short name for commands": "acme"}
    done = await template.slack.submit(ADMIN, wrong)
    assert done.outcome == "open"
    assert "found 'USX', expected an ISO 4217 code" in done.complaints["currency"]
    again = await template.slack.submit(ADMIN, {**wrong, "Currency": "USD"})
    assert "There is a client acme already (Acme Corp): take another slug" in again.complaints["slug"]


async def test_it_takes_an_admin(office: Office) -> None:
    answer = await office.ask(VIEWER, "/client", "add")
    assert "takes the role admin; you have viewer" in answer.said
    assert await office.slack.views(VIEWER) == []


async def test_without_a_name_it_is_said_what_is_possible(office: Office) -> None:
    asked = await office.ask(ADMIN, "/rollcall", "client")
    assert "Which client? Possible: /client <client> · /client add." in asked.said
