"""Buttons and other elements of messages, used by people and taken by a real Bolt app."""

import asyncio
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from billing.errors import WrongInput
from sandbox.workspace.client import WorkspaceClient
from tests.support.workspace import APPROVE, BUTTONS, SECTION

Body = dict[str, Any]

OPTIONS = [{"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("Acme", "Bolt")]
PICK = {"type": "static_select", "action_id": "pick", "options": OPTIONS}


def listen(bolt: AsyncApp, action_id: str) -> list[Body]:
    """The bodies of the actions that the bot takes."""
    taken: list[Body] = []

    @bolt.action(action_id)
    async def act(ack: Any, body: Body) -> None:
        taken.append(body)
        await ack()

    return taken


async def post_card(slack: AsyncWebClient, *blocks: Body) -> str:
    posted = await slack.chat_postMessage(channel="C0ACME", text="card", blocks=[SECTION, *(blocks or [BUTTONS])])
    return str(posted["ts"])


async def test_a_click_tells_the_bot_who_pressed_what_and_where(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    taken = listen(bolt, "approve")
    ts = await post_card(slack)
    await people.click("approver", "acme", ts, "Approve")
    (body,) = taken
    assert (body["user"]["id"], body["channel"]["id"]) == ("U0APPROVER", "C0ACME")
    assert (body["container"]["message_ts"], body["message"]["text"]) == (ts, "card")
    action = body["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("approve", "decide", "7:1")


async def test_a_button_may_be_named_by_its_action_id(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    taken = listen(bolt, "approve")
    await people.click("approver", "acme", await post_card(slack), "approve")
    assert len(taken) == 1


async def test_a_button_that_is_not_there_cannot_be_pressed(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    with pytest.raises(WrongInput, match=r"There is no Reject to press here. To press: Approve."):
        await people.click("approver", "acme", await post_card(slack), "Reject")


async def test_a_label_that_stands_twice_has_to_be_named_by_its_path(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    taken = listen(bolt, "approve")
    ts = await post_card(slack, BUTTONS, {**BUTTONS, "block_id": "other"})
    with pytest.raises(WrongInput, match="Approve stands here 2 times: decide/approve, other/approve"):
        await people.click("approver", "acme", ts, "Approve")
    await people.click("approver", "acme", ts, "other/approve")
    assert taken[0]["actions"][0]["block_id"] == "other"


async def test_an_old_screen_still_shows_the_buttons_that_are_gone(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    taken = listen(bolt, "approve")
    ts = await post_card(slack)
    await slack.chat_update(channel="C0ACME", ts=ts, text="approved", blocks=[SECTION])
    with pytest.raises(WrongInput, match="There is no Approve"):
        await people.click("approver", "acme", ts, "Approve")
    await people.click("approver", "acme", ts, "Approve", edition=0)
    assert taken[0]["actions"][0]["value"] == "7:1"


async def test_an_edition_that_never_was_cannot_be_pressed(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    with pytest.raises(WrongInput, match="The message showed 1 editions"):
        await people.click("approver", "acme", await post_card(slack), "Approve", edition=3)


async def test_a_deleted_message_cannot_be_pressed(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    ts = await post_card(slack)
    await people.delete("acme", ts)
    with pytest.raises(WrongInput, match="it may have been deleted"):
        await people.click("approver", "acme", ts, "Approve")


async def test_an_ephemeral_button_is_pressed_by_its_user_alone(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    taken = listen(bolt, "approve")
    posted = await slack.chat_postEphemeral(channel="C0ACME", user="U0VIEWER", text="x", blocks=[BUTTONS])
    with pytest.raises(WrongInput, match="for somebody else only"):
        await people.click("admin", "acme", posted["message_ts"], "Approve")
    await people.click("viewer", "acme", posted["message_ts"], "Approve")
    assert taken[0]["container"]["is_ephemeral"] is True
    assert "message" not in taken[0]


async def test_a_choice_tells_the_option_and_the_state(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    taken = listen(bolt, "pick")
    ts = await post_card(slack, {"type": "actions", "block_id": "which", "elements": [PICK, APPROVE]})
    await people.choose("biller", "acme", ts, "pick", "Bolt")
    assert taken[0]["actions"][0]["selected_option"]["value"] == "bolt"
    assert taken[0]["state"]["values"]["which"]["pick"]["selected_option"]["value"] == "bolt"


async def test_an_option_that_is_not_offered_cannot_be_chosen(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    ts = await post_card(slack, {"type": "actions", "elements": [PICK]})
    with pytest.raises(WrongInput, match=r"There is no option Cola to choose. Offered: Acme, Bolt."):
        await people.choose("biller", "acme", ts, "pick", "Cola")


async def test_a_late_acknowledgement_of_a_click_is_seen_by_who_pressed(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    @bolt.action("approve")
    async def act(ack: Any) -> None:
        await asyncio.sleep(0.7)
        await ack()

    answer = await people.click("approver", "acme", await post_card(slack), "Approve")
    said = [message.said for message in await people.messages("acme", viewer="approver")]
    assert answer.error == "operation_timeout"
    assert said[-1] == 'Approve failed with the error "operation_timeout"'
