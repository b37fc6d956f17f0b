"""Undoing a decision in Slack, over real HTTP."""

from tests.bot.listeners.test_changes import seated
from tests.support.office import ACME, APPROVER, BILLER, VIEWER, Office


async def approved(office: Office) -> str:
    """Ann and Bo are billed; Dee is approved, and the card says so. Where it stands."""
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await office.press(APPROVER, "Approve")
    for _ in range(2):
        await office.delivery.send_owed()
    return (await office.card()).ts


async def test_an_undone_decision_is_told_on_its_card_and_waits_again_on_a_new_one(office: Office) -> None:
    ts = await approved(office)
    assert (await office.card()).buttons == ["Undo"]
    await office.press(BILLER, "Undo")
    assert seated(office) == ["Ann", "Bo"]
    told = (await office.answer(BILLER)).said
    assert told.startswith("Undone: Acme Corp: +1 user (2 → 3) is no longer approved")
    for _ in range(2):
        await office.delivery.send_owed()
    (decided,) = [message for message in await office.slack.messages(ACME) if message.ts == ts]
    assert decided.buttons == []
    assert f"Undone by {BILLER} on 11 Apr 2027 at 12:00 EDT, by change 3." in decided.said
    again = await office.card()
    assert again.ts != ts
    assert again.buttons == ["Approve", "Reject", "Details", "Approve with changes"]


async def test_the_further_change_stands_in_the_thread_of_what_it_undoes(office: Office) -> None:
    ts = await approved(office)
    await office.press(BILLER, "Undo")
    for _ in range(2):
        await office.delivery.send_owed()
    thread = await office.slack.messages(ACME, thread_ts=ts)
    assert [message.said.partition("\n")[0] for message in thread[1:]] == ["Change 2 in detail", "Change 3 in detail"]
    assert "Acme Corp: -1 user (3 → 2)" in thread[-1].said
    assert "Dee leaves full" in thread[-1].said


async def test_slack_asks_before_it_takes_the_click(office: Office) -> None:
    await approved(office)
    (button,) = (await office.card()).blocks[-2]["elements"]
    assert button["confirm"]["title"]["text"] == "Undo the decision?"


async def test_a_viewer_is_told_which_role_it_takes(office: Office) -> None:
    await approved(office)
    await office.press(VIEWER, "Undo")
    assert "takes the role approver; you have viewer" in (await office.answer(VIEWER)).said
    assert seated(office) == ["Ann", "Bo", "Dee"]


async def test_a_second_click_is_told_who_was_first(office: Office) -> None:
    await approved(office)
    await office.press(BILLER, "Undo")
    await office.press(APPROVER, "Undo")
    assert (await office.answer(APPROVER)).said.startswith(
        f"Change 2 was already undone by {BILLER} on 11 Apr 2027 at 12:00 EDT."
    )
