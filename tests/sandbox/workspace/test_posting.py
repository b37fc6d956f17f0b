"""Messages that the bot posts, edits and deletes."""

import asyncio

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.workspace.client import WorkspaceClient
from tests.support.workspace import BUTTONS, SECTION, refusal


async def test_a_posted_message_is_seen_in_its_channel(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    posted = await slack.chat_postMessage(channel="C0ACME", text="3 people join", blocks=[SECTION, BUTTONS])
    (seen,) = await people.messages("#acme")
    assert (seen.ts, seen.said, seen.buttons) == (posted["ts"], "3 people *join*\n[Approve]", ["Approve"])


async def test_timestamps_grow(slack: AsyncWebClient) -> None:
    posted = await asyncio.gather(*[slack.chat_postMessage(channel="C0ACME", text=str(n)) for n in range(5)])
    stamps = [message["ts"] for message in posted]
    assert len(set(stamps)) == 5


async def test_a_message_without_anything_to_show_is_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.api_call("chat.postMessage", json={"channel": "C0ACME", "text": ""})) == "no_text"


async def test_an_unknown_channel_is_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.chat_postMessage(channel="C0NOWHERE", text="hi")) == "channel_not_found"


async def test_a_channel_that_the_bot_was_kicked_from_is_refused(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    await people.kick_bot("acme")
    assert await refusal(slack.chat_postMessage(channel="C0ACME", text="hi")) == "not_in_channel"


async def test_a_private_channel_without_the_bot_does_not_exist_for_it(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    await people.add_channel("secret", "C0SECRET", is_member=False, is_private=True)
    assert await refusal(slack.chat_postMessage(channel="C0SECRET", text="hi")) == "channel_not_found"


async def test_faulty_blocks_are_refused_with_the_place_of_the_fault(slack: AsyncWebClient) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    with pytest.raises(SlackApiError) as refused:
        await slack.chat_postMessage(channel="C0ACME", text="hi", blocks=[SECTION, long])
    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


async def test_blocks_that_are_too_long_together_are_refused(slack: AsyncWebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2700}}] * 5
    assert await refusal(slack.chat_postMessage(channel="C0ACME", text="hi", blocks=blocks)) == "msg_blocks_too_long"


async def test_a_text_over_forty_thousand_characters_is_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.chat_postMessage(channel="C0ACME", text="x" * 40_001)) == "msg_too_long"


async def test_an_update_shows_something_else_without_a_mark(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    posted = await slack.chat_postMessage(channel="C0ACME", text="pending", blocks=[SECTION, BUTTONS])
    await slack.chat_update(channel="C0ACME", ts=posted["ts"], text="approved", blocks=[SECTION])
    (seen,) = await people.messages("acme")
    assert (seen.buttons, seen.edits, seen.is_marked_edited) == ([], 1, False)


async def test_an_update_without_blocks_removes_them_and_is_marked(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    posted = await slack.chat_postMessage(channel="C0ACME", text="pending", blocks=[SECTION])
    await slack.chat_update(channel="C0ACME", ts=posted["ts"], text="approved")
    (seen,) = await people.messages("acme")
    assert (seen.said, seen.blocks, seen.is_marked_edited) == ("approved", [], True)


async def test_an_update_of_a_message_that_was_deleted_by_hand_is_refused(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    posted = await slack.chat_postMessage(channel="C0ACME", text="pending")
    await people.delete("acme", posted["ts"])
    assert await refusal(slack.chat_update(channel="C0ACME", ts=posted["ts"], text="x")) == "message_not_found"


async def test_an_update_of_somebody_elses_message_is_refused(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    said = await people.say("viewer", "acme", "hello")
    assert await refusal(slack.chat_update(channel="C0ACME", ts=said.ts, text="x")) == "cant_update_message"


async def test_a_text_of_over_four_thousand_characters_is_too_long_for_an_update(slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel="C0ACME", text="x" * 4001)
    assert await refusal(slack.chat_update(channel="C0ACME", ts=posted["ts"], text="x" * 4001)) == "msg_too_long"


async def test_the_bot_deletes_its_own_message_only(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    said = await people.say("viewer", "acme", "hello")
    posted = await slack.chat_postMessage(channel="C0ACME", text="bye")
    await slack.chat_delete(channel="C0ACME", ts=posted["ts"])
    assert await refusal(slack.chat_delete(channel="C0ACME", ts=said.ts)) == "cant_delete_message"
    assert [message.said for message in await people.messages("acme")] == ["hello"]


async def test_an_ephemeral_message_is_seen_by_one_user(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await slack.chat_postEphemeral(channel="C0ACME", user="U0VIEWER", text="only for you")
    assert [message.said for message in await people.messages("acme", viewer="viewer")] == ["only for you"]
    assert await people.messages("acme", viewer="admin") == []


async def test_an_ephemeral_message_to_nobody_is_refused(slack: AsyncWebClient) -> None:
    call = slack.chat_postEphemeral(channel="C0ACME", user="U0NOBODY", text="hm")
    assert await refusal(call) == "user_not_in_channel"


async def test_an_ephemeral_message_cannot_be_updated(slack: AsyncWebClient) -> None:
    posted = await slack.chat_postEphemeral(channel="C0ACME", user="U0VIEWER", text="only for you")
    call = slack.chat_update(channel="C0ACME", ts=posted["message_ts"], text="x")
    assert await refusal(call) == "message_not_found"


async def test_a_reply_stands_in_its_thread(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    posted = await slack.chat_postMessage(channel="C0ACME", text="card")
    await slack.chat_postMessage(channel="C0ACME", text="beside it")
    await slack.chat_postMessage(channel="C0ACME", text="reply", thread_ts=posted["ts"])
    assert [one.said for one in await people.messages("acme", thread_ts=posted["ts"])] == ["card", "reply"]


async def test_a_reply_to_a_message_that_never_was_is_refused(slack: AsyncWebClient) -> None:
    call = slack.chat_postMessage(channel="C0ACME", text="reply", thread_ts="1.000001")
    assert await refusal(call) == "thread_not_found"
