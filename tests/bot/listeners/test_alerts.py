"""Letting a held reading through in Slack, over real HTTP."""

from commands.sync import sync_clients
from tests.support.office import ACME, APPROVER, SHELL, VIEWER, Office

PEOPLE = [f"P{number:02d}" for number in range(12)]


async def held(office: Office) -> None:
    """Five of twelve people are gone, and the card says so."""
    await office.first_count(*PEOPLE)
    for name in PEOPLE[:5]:
        office.directory.remove(name.lower())
    await read(office)


async def read(office: Office) -> None:
    rollcall = office.rollcall
    await sync_clients(rollcall.database, SHELL, rollcall.sources, rollcall.clock, ["acme"])
    await office.delivery.send_owed()


async def test_the_card_lists_who_would_move(office: Office) -> None:
    await held(office)
    said = (await office.card()).said
    assert "Would leave (5)" in said
    assert all(f"{name} (full)" in said for name in PEOPLE[:5])


async def test_a_reason_lets_the_reading_through(office: Office) -> None:
    await held(office)
    await office.press(APPROVER, "Let it through")
    await office.slack.submit(APPROVER, {"reason": "They were laid off."})
    await office.edge.work.drain(5)
    assert "change 2 waits for approval" in (await office.answer(APPROVER)).said
    await office.delivery.send_owed()
    assert any("-5 users" in message.said for message in await office.slack.messages(ACME))


async def test_a_reason_of_spaces_is_none_and_lets_nothing_through(office: Office) -> None:
    await held(office)
    await office.press(APPROVER, "Let it through")
    done = await office.slack.submit(APPROVER, {"reason": " \n "})
    assert (done.outcome, done.complaints) == ("open", {"reason": "Say why the reading is let through."})
    assert (await office.slack.submit(APPROVER, {"reason": "They were laid off."})).outcome == "closed"


async def test_a_viewer_is_told_which_role_it_takes(office: Office) -> None:
    await held(office)
    await office.press(VIEWER, "Let it through")
    assert "takes the role approver" in (await office.answer(VIEWER)).said


async def test_an_outdated_card_opens_no_modal(office: Office) -> None:
    await held(office)
    before = await office.card()
    office.directory.remove("p05")
    await read(office)
    await office.press(APPROVER, "Let it through", message=before, edition=0)
    assert "is another one by now" in (await office.answer(APPROVER)).said
