"""The buttons of a probable duplicate, over real HTTP."""

from commands.sync import sync_clients
from rosters.rules import Account
from sandbox.workspace.records import MessageSeen
from tests.support.office import ACME, APPROVER, BILLER, HOUSE, SHELL, VIEWER, Office


async def duplicate(office: Office, user: str) -> MessageSeen:
    """Bo came back with another id, and /reconcile says so."""
    await office.first_count("Ann", "Bo", "Cy")
    office.directory.remove("bo")
    office.directory.put(Account(object_id="bo2", name="Bo", upn="bo@acme.example"))
    await office.sync()
    asked = await office.ask(user, "/reconcile", "acme")
    assert "R12 acme: to look at" in asked.said
    return asked


async def test_the_same_person_is_one_from_the_click_on(office: Office) -> None:
    asked = await duplicate(office, APPROVER)
    await office.press(APPROVER, "Same person", message=asked)
    assert "m365/bo and m365/bo2 are one person's now; change 2 is withdrawn" in (await office.answer(APPROVER)).said


async def test_two_people_are_not_suggested_again(office: Office) -> None:
    asked = await duplicate(office, APPROVER)
    await office.press(APPROVER, "Two people", message=asked)
    assert "are two people's, and that isn't asked again" in (await office.answer(APPROVER)).said
    assert "R12" not in (await office.ask(APPROVER, "/reconcile", "acme")).said


async def test_a_viewer_is_told_which_role_it_takes(office: Office) -> None:
    asked = await duplicate(office, VIEWER)
    await office.press(VIEWER, "Same person", message=asked)
    assert "takes the role approver" in (await office.answer(VIEWER)).said
    assert (await office.card(ACME)).channel == ACME


async def test_a_change_that_waits_has_its_buttons(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Cy")
    await office.sync()
    asked = await office.ask(APPROVER, "/reconcile", "acme")
    assert asked.buttons == ["Approve", "Reject", "Details", "Approve with changes"]
    await office.press(APPROVER, "Approve", message=asked)
    assert "R05" not in (await office.ask(APPROVER, "/reconcile", "acme")).said


async def test_what_the_run_is_held_by_can_be_overridden_right_there(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Cy")
    await office.sync()
    before = await office.ask(BILLER, "/reconcile", "acme")
    assert "Override" not in before.said
    await office.ask(BILLER, "/run", "2027-05-01 start", HOUSE)
    asked = await office.ask(BILLER, "/reconcile", "acme")
    await office.press(BILLER, "Override", message=asked)
    await office.slack.submit(BILLER, {"Why is it let through?": "Agreed by telephone"})
    await office.edge.work.drain(5)
    assert "Override" not in (await office.ask(BILLER, "/reconcile", "acme")).buttons
    assert "Acme Corp: $86.60, drafted, R05 overridden" in (await office.ask(VIEWER, "/run", "status")).said


async def test_a_held_reading_is_let_through_right_there(office: Office) -> None:
    await office.first_count(*(f"P{number}" for number in range(30)))
    for number in range(20):
        office.directory.remove(f"p{number}")
    outcomes = await sync_clients(
        office.rollcall.database, SHELL, office.rollcall.sources, office.rollcall.clock, ["acme"]
    )
    assert [outcome.outcome for outcome in outcomes] == ["held"]
    asked = await office.ask(APPROVER, "/reconcile", "acme")
    await office.press(APPROVER, "Let it through", message=asked)
    await office.slack.submit(APPROVER, {"Why is it true?": "A branch was sold"})
    await office.edge.work.drain(5)
    await office.delivery.send_owed()
    assert "-20 users (30 → 10)" in (await office.card()).said
