"""Socket Mode of the pretend Slack, as Slack's own client and a plain WebSocket meet it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from billing.errors import WrongInput
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace
from sandbox.workspace.troubles import Kind
from tests.support.workspace import APP_TOKEN, APPROVE, BUTTONS, SECTION, all_told, refusal

Body = dict[str, Any]


@pytest.fixture(autouse=True)
def socket_mode(workspace: Workspace) -> None:
    workspace.app_token = APP_TOKEN
    workspace.request_url = None


@asynccontextmanager
async def connected(slack: AsyncWebClient) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A WebSocket that has said hello and acknowledges nothing by itself."""
    url = (await slack.apps_connections_open(app_token=APP_TOKEN))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        yield socket


@pytest.fixture
async def bolt_app(slack: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """A real Bolt app on Slack's own Socket Mode client."""
    app = AsyncApp(client=slack)
    handler = AsyncSocketModeHandler(app, APP_TOKEN)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]  # as above


async def post_card(slack: AsyncWebClient) -> str:
    posted = await slack.chat_postMessage(channel="C0ACME", text="card", blocks=[SECTION, BUTTONS])
    return str(posted["ts"])


async def test_slacks_own_client_takes_a_click_and_a_command(
    bolt_app: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    taken: list[Body] = []

    @bolt_app.action("approve")
    async def act(ack: Any, body: Body) -> None:
        taken.append(body)
        await ack()

    @bolt_app.command("/users")
    async def command(ack: Any, body: Body) -> None:
        taken.append(body)
        await ack("42 users")

    pressed = await people.click("approver", "acme", await post_card(slack), "Approve")
    typed = await people.command("viewer", "acme", "/users", "acme")
    assert (pressed.error, typed.error) == (None, None)
    assert taken[0]["actions"][0]["value"] == APPROVE["value"]
    assert taken[1]["text"] == "acme"
    assert (await people.messages("acme", "viewer"))[-1].said == "42 users"


async def test_a_modal_is_closed_or_complained_about_in_the_acknowledgement(
    bolt_app: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    field = {"type": "plain_text_input", "action_id": "why"}
    block = {"type": "input", "block_id": "reason", "label": {"type": "plain_text", "text": "Why?"}, "element": field}
    title = {"type": "plain_text", "text": "Reject"}
    view = {"type": "modal", "callback_id": "reject", "title": title, "submit": title, "blocks": [block]}

    @bolt_app.action("approve")
    async def act(ack: Any, body: Body) -> None:
        await ack()
        await slack.views_open(trigger_id=body["trigger_id"], view=view)

    @bolt_app.view("reject")
    async def submit(ack: Any) -> None:
        await ack(response_action="errors", errors={"reason": "Say more."})

    await people.click("approver", "acme", await post_card(slack), "Approve")
    await people.wait_for_view("U0APPROVER", "Reject")
    answer = await people.submit("approver", {"Why?": "so"})
    assert (answer.outcome, answer.complaints) == ("open", {"reason": "Say more."})


async def test_each_envelope_goes_to_one_of_several_connections(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    async def acknowledge(socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            await socket.send_json({"envelope_id": message.json()["envelope_id"]})

    async with connected(slack) as one, connected(slack) as other:
        acknowledging = [asyncio.create_task(acknowledge(socket)) for socket in (one, other)]
        for _ in range(4):
            assert (await people.command("viewer", "acme", "/users")).error is None
        assert [seen.envelopes for seen in await people.connections()] == [2, 2]
    await asyncio.gather(*acknowledging)


async def test_what_is_not_acknowledged_in_time_fails_visibly(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    async with connected(slack) as socket:
        answer = await people.command("viewer", "acme", "/users", "acme")
        envelope = await socket.receive_json()
    assert answer.error == "operation_timeout"
    assert (envelope["type"], envelope["payload"]["text"]) == ("slash_commands", "acme")
    assert envelope["accepts_response_payload"] is True
    said = [message.said for message in await people.messages("acme", viewer="viewer")]
    assert said == ['/users failed with the error "operation_timeout"']


async def test_what_nobody_is_connected_for_is_not_dispatched(people: WorkspaceClient) -> None:
    assert (await people.command("viewer", "acme", "/users")).error == "dispatch_failed"


async def test_an_envelope_whose_connection_ends_goes_through_another_one(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    async with connected(slack) as one, connected(slack) as other:
        typing = asyncio.create_task(people.command("viewer", "acme", "/users"))
        first = await one.receive_json()
        await one.close()
        second = await other.receive_json()
        await other.send_json({"envelope_id": second["envelope_id"]})
        assert (await typing).error is None
    assert (second["envelope_id"], second["retry_attempt"]) == (first["envelope_id"], 1)


async def test_a_connection_that_is_asked_to_leave_is_used_only_where_there_is_no_other(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    async with connected(slack) as leaving, connected(slack):
        (first, _) = await people.connections()
        await people.refresh_connections(first.id, reason="refresh_requested")
        assert (await leaving.receive_json())["reason"] == "refresh_requested"
        for _ in range(2):
            await people.command("viewer", "acme", "/users")
        assert {seen.is_leaving: seen.envelopes for seen in await people.connections()} == {True: 0, False: 2}


async def test_a_dropped_connection_ends_without_a_word(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    async with connected(slack) as socket:
        await people.drop_connections()
        assert (await socket.receive()).type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}


async def test_a_silenced_connection_stays_open_and_answers_no_ping(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    url = (await slack.apps_connections_open(app_token=APP_TOKEN))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as socket:
        await socket.receive()
        await socket.ping()
        assert (await socket.receive()).type is aiohttp.WSMsgType.PONG
        await people.silence_connections()
        await socket.ping()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(socket.receive(), 0.2)
        assert [seen.is_silent for seen in await people.connections()] == [True]


async def test_a_ticket_opens_one_connection(slack: AsyncWebClient) -> None:
    url = (await slack.apps_connections_open(app_token=APP_TOKEN))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_the_eleventh_connection_is_told_that_it_is_one_too_many(slack: AsyncWebClient) -> None:
    async with AsyncExitStack() as stack, aiohttp.ClientSession() as session:
        for _ in range(10):
            await stack.enter_async_context(connected(slack))
        url = (await slack.apps_connections_open(app_token=APP_TOKEN))["url"]
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["reason"] == "too_many_websockets"


async def test_a_connection_is_opened_with_the_app_token_only(slack: AsyncWebClient) -> None:
    assert await refusal(slack.apps_connections_open(app_token="xapp-wrong")) == "invalid_auth"
    assert await refusal(slack.api_call("apps.connections.open")) == "not_allowed_token_type"
    assert await refusal(slack.auth_test(token=APP_TOKEN)) == "not_allowed_token_type"


async def test_opening_can_be_rate_limited(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.add_trouble("apps.connections.open", Kind.RATE_LIMITED, seconds=7)
    assert await refusal(slack.apps_connections_open(app_token=APP_TOKEN)) == "ratelimited"


async def test_what_cannot_be_done_to_a_connection_is_refused(people: WorkspaceClient) -> None:
    with pytest.raises(WrongInput, match="There is no connection L1"):
        await people.drop_connections("L1")


async def test_an_event_is_an_envelope_that_is_sent_again_until_it_is_acknowledged(
    slack: AsyncWebClient, people: WorkspaceClient, workspace: Workspace
) -> None:
    workspace.told_again_after = (0, 0, 0)
    async with connected(slack) as socket:
        await people.say("viewer", "acme", "<@U0ROLLCALL> help")
        first, second = await socket.receive_json(), await socket.receive_json()
        await socket.send_json({"envelope_id": second["envelope_id"]})
        await all_told(workspace)
    assert [(each["type"], each["retry_attempt"], each["retry_reason"]) for each in (first, second)] == [
        ("events_api", 0, ""),
        ("events_api", 1, "timeout"),
    ]
    assert first["envelope_id"] != second["envelope_id"]
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert first["accepts_response_payload"] is False
    assert [each.error for each in await people.deliveries()] == ["operation_timeout", None]
