"""Modals: opened by a real Bolt app, filled in and submitted by people."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from billing.errors import WrongInput
from sandbox.workspace.client import NothingCame, WorkspaceClient
from sandbox.workspace.state import Workspace
from tests.support.workspace import APPROVE, refusal

Body = dict[str, Any]


def plain(text: str) -> Body:
    return {"type": "plain_text", "text": text}


def field(label: str, block_id: str, **more: Any) -> Body:
    element = {"type": "plain_text_input", "action_id": "typed", **more}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}


def modal(title: str = "Reject", *blocks: Body, **more: Any) -> Body:
    shown = list(blocks) or [field("Reason", "reason")]
    return {
        "type": "modal",
        "callback_id": "reject",
        "title": plain(title),
        "submit": plain("OK"),
        "blocks": shown,
        **more,
    }


@pytest.fixture
def trigger(workspace: Workspace) -> str:
    """A trigger as an interaction of the approver gives it."""
    return workspace.triggers.issue("U0APPROVER")


def answering(bolt: AsyncApp, **response: Any) -> list[Body]:
    """The views that the bot gets, each answered with this response."""
    taken: list[Body] = []

    @bolt.view("reject")
    async def submitted(ack: Any, view: Body) -> None:
        taken.append(view)
        await ack(**response)

    return taken


async def test_a_click_opens_a_modal_on_the_users_screen(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    @bolt.action("approve")
    async def act(ack: Any, body: Body, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    blocks = [{"type": "actions", "elements": [APPROVE]}]
    card = await slack.chat_postMessage(channel="C0ACME", text="card", blocks=blocks)
    await people.click("approver", "acme", card["ts"], "Approve")
    view = await people.wait_for_view("approver", "Reject")
    assert (view.title, view.fields) == ("Reject", ["Reason"])
    assert await people.views("admin") == []


async def test_a_trigger_is_good_for_three_seconds(slack: AsyncWebClient, trigger: str, clock: Any) -> None:
    clock.ahead = 3.1
    assert await refusal(slack.views_open(trigger_id=trigger, view=modal())) == "expired_trigger_id"


async def test_a_trigger_is_good_for_one_modal(slack: AsyncWebClient, trigger: str) -> None:
    await slack.views_open(trigger_id=trigger, view=modal())
    assert await refusal(slack.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"


async def test_an_invented_trigger_is_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.views_open(trigger_id="1.2.abc", view=modal())) == "invalid_trigger_id"


async def test_a_faulty_modal_is_refused(slack: AsyncWebClient, trigger: str) -> None:
    assert await refusal(slack.views_open(trigger_id=trigger, view=modal("x" * 25))) == "invalid_arguments"


async def test_a_submitted_modal_tells_its_values_and_closes(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    taken = answering(bolt)
    await slack.views_open(trigger_id=trigger, view=modal(private_metadata="7:1"))
    answer = await people.submit("approver", {"Reason": "too early"})
    assert answer.outcome == "closed"
    assert taken[0]["state"]["values"]["reason"]["typed"]["value"] == "too early"
    assert taken[0]["private_metadata"] == "7:1"
    assert await people.views("approver") == []


async def test_slacks_client_does_not_submit_an_empty_required_field(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    taken = answering(bolt)
    await slack.views_open(trigger_id=trigger, view=modal())
    answer = await people.submit("approver")
    assert (answer.outcome, answer.complaints) == ("open", {"reason": "Please complete this required field."})
    assert taken == []


async def test_slacks_client_does_not_submit_a_text_that_is_too_long(
    slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    await slack.views_open(trigger_id=trigger, view=modal("Reject", field("Reason", "reason", max_length=5)))
    answer = await people.submit("approver", {"Reason": "because"})
    assert answer.complaints == {"reason": "Please enter no more than 5 characters."}


async def test_the_bots_errors_stand_below_the_fields_and_the_modal_stays(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    answering(bolt, response_action="errors", errors={"reason": "Say more."})
    await slack.views_open(trigger_id=trigger, view=modal())
    answer = await people.submit("approver", {"Reason": "no"})
    assert (answer.outcome, answer.complaints) == ("open", {"reason": "Say more."})
    assert len(await people.views("approver")) == 1


async def test_errors_for_a_field_that_is_not_there_are_a_fault_of_the_bot(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    answering(bolt, response_action="errors", errors={"colour": "Say more."})
    await slack.views_open(trigger_id=trigger, view=modal())
    assert (await people.submit("approver", {"Reason": "no"})).error == "invalid_response"


async def test_the_bot_may_show_something_else_instead(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    answering(bolt, response_action="update", view=modal("Sure?"))
    await slack.views_open(trigger_id=trigger, view=modal())
    answer = await people.submit("approver", {"Reason": "no"})
    assert answer.outcome == "updated"
    assert [view.title for view in await people.views("approver")] == ["Sure?"]


async def test_the_bot_may_put_a_modal_on_top_and_closing_it_shows_the_one_below(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    answering(bolt, response_action="push", view=modal("Sure?"))
    await slack.views_open(trigger_id=trigger, view=modal())
    answer = await people.submit("approver", {"Reason": "no"})
    assert answer.outcome == "pushed"
    assert [view.title for view in await people.views("approver")] == ["Reject", "Sure?"]
    await people.close("approver")
    assert [view.title for view in await people.views("approver")] == ["Reject"]


async def test_the_bot_may_close_all_modals(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str, workspace: Workspace
) -> None:
    answering(bolt, response_action="clear")
    await slack.views_open(trigger_id=trigger, view=modal())
    await slack.views_push(trigger_id=workspace.triggers.issue("U0APPROVER"), view=modal("Sure?"))
    answer = await people.submit("approver", {"Reason": "no"})
    assert (answer.outcome, await people.views("approver")) == ("cleared", [])


async def test_at_most_three_modals_are_stacked(slack: AsyncWebClient, workspace: Workspace, trigger: str) -> None:
    await slack.views_open(trigger_id=trigger, view=modal())
    for _ in range(2):
        await slack.views_push(trigger_id=workspace.triggers.issue("U0APPROVER"), view=modal())
    fourth = slack.views_push(trigger_id=workspace.triggers.issue("U0APPROVER"), view=modal())
    assert await refusal(fourth) == "push_limit_reached"


async def test_an_update_is_guarded_by_the_hash(slack: AsyncWebClient, people: WorkspaceClient, trigger: str) -> None:
    opened = (await slack.views_open(trigger_id=trigger, view=modal()))["view"]
    await slack.views_update(view_id=opened["id"], view=modal("Second"), hash=opened["hash"])
    stale = slack.views_update(view_id=opened["id"], view=modal("Third"), hash=opened["hash"])
    assert await refusal(stale) == "hash_conflict"
    assert (await people.views("approver"))[0].title == "Second"


async def test_an_update_of_a_modal_that_was_closed_is_refused(
    slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    opened = (await slack.views_open(trigger_id=trigger, view=modal(external_id="mine")))["view"]
    await slack.views_update(external_id="mine", view=modal(external_id="mine"))
    await people.close("approver")
    assert await refusal(slack.views_update(view_id=opened["id"], view=modal())) == "not_found"


async def test_closing_is_told_to_a_bot_that_asked_for_it(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    closed: list[Body] = []

    @bolt.view_closed("reject")
    async def close(ack: Any, view: Body) -> None:
        closed.append(view)
        await ack()

    await slack.views_open(trigger_id=trigger, view=modal(notify_on_close=True))
    await people.close("approver")
    assert [view["callback_id"] for view in closed] == ["reject"]


async def test_a_button_in_a_modal_tells_the_bot_the_view(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    taken: list[Body] = []

    @bolt.action("approve")
    async def act(ack: Any, body: Body) -> None:
        taken.append(body)
        await ack()

    opened = await slack.views_open(trigger_id=trigger, view=modal("Hm", {"type": "actions", "elements": [APPROVE]}))
    await people.click_in_view("approver", "Approve")
    assert taken[0]["view"]["id"] == opened["view"]["id"]
    assert taken[0]["container"]["type"] == "view"


async def test_a_choice_in_a_modal_tells_the_bot_at_once_if_it_asked_for_that(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    taken: list[Body] = []

    @bolt.action("day")
    async def act(ack: Any, body: Body) -> None:
        taken.append(body)
        await ack()

    day = {**field("Day", "when", type="datepicker", action_id="day"), "dispatch_action": True}
    await slack.views_open(trigger_id=trigger, view=modal("When", day))
    await people.click_in_view("approver", "day", "2027-05-01")
    assert taken[0]["actions"][0]["selected_date"] == "2027-05-01"
    assert taken[0]["view"]["state"]["values"]["when"]["day"]["selected_date"] == "2027-05-01"


async def test_a_field_that_tells_nothing_before_the_submit_cannot_be_used_alone(
    slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    await slack.views_open(trigger_id=trigger, view=modal())
    with pytest.raises(WrongInput, match="tells the bot nothing until the modal is submitted"):
        await people.click_in_view("approver", "Reason", "x")


async def test_waiting_for_a_modal_that_does_not_come_is_an_error(people: WorkspaceClient) -> None:
    with pytest.raises(NothingCame, match=r"No such modal came to viewer within 0.1 seconds. Open: none."):
        await people.wait_for_view("viewer", seconds=0.1)


async def test_without_a_modal_there_is_nothing_to_submit(people: WorkspaceClient) -> None:
    with pytest.raises(WrongInput, match="No modal is open"):
        await people.submit("viewer", {})


async def test_a_field_that_is_not_there_cannot_be_filled(
    slack: AsyncWebClient, people: WorkspaceClient, trigger: str
) -> None:
    await slack.views_open(trigger_id=trigger, view=modal())
    with pytest.raises(WrongInput, match=r"There is no field Colour here. Fields: Reason."):
        await people.submit("approver", {"Colour": "red"})
