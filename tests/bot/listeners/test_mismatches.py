"""The buttons of a probable duplicate, over real HTTP."""

from billing.people.rules import Account
from sandbox.workspace.records import MessageSeen
from tests.support.office import ACME, APPROVER, VIEWER, Office


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
