"""Response URLs, used by Bolt's own `respond` and by plain calls."""

from typing import Any

import httpx
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace
from tests.support.workspace import BUTTONS


@pytest.fixture
def url(base_url: str, workspace: Workspace) -> str:
    """A response URL as a slash command of the viewer in #acme gives it."""
    return f"{base_url}/respond/{workspace.response_urls.issue('C0ACME', 'U0VIEWER')}"


async def post(url: str, **body: Any) -> httpx.Response:
    async with httpx.AsyncClient() as http:
        return await http.post(url, json=body)


async def test_a_response_is_only_for_the_user_who_acted(url: str, people: WorkspaceClient) -> None:
    await post(url, text="45 users")
    assert await people.messages("acme") == []
    assert [message.said for message in await people.messages("acme", viewer="viewer")] == ["45 users"]


async def test_a_response_reaches_a_channel_without_the_bot(url: str, people: WorkspaceClient) -> None:
    await people.kick_bot("acme")
    await post(url, text="45 users", response_type="in_channel")
    assert [message.said for message in await people.messages("acme")] == ["45 users"]


async def test_bolt_responds_to_a_command(bolt: AsyncApp, people: WorkspaceClient) -> None:
    @bolt.command("/users")
    async def users(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="45 users")

    await people.command("viewer", "acme", "/users")
    seen = await people.wait_for("acme", lambda message: message.said == "45 users", viewer="viewer")
    assert seen.only_for == "U0VIEWER"


async def test_a_response_to_a_click_replaces_the_message(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    @bolt.action("approve")
    async def act(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="done", replace_original=True)

    card = await slack.chat_postMessage(channel="C0ACME", text="card", blocks=[BUTTONS])
    await people.click("approver", "acme", card["ts"], "Approve")
    seen = await people.wait_for("acme", lambda message: message.said == "done")
    assert (seen.ts, seen.buttons) == (card["ts"], [])


async def test_a_response_to_a_click_deletes_an_ephemeral_message(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    @bolt.action("approve")
    async def act(ack: Any, respond: Any) -> None:
        await respond(delete_original=True)
        await ack()

    card = await slack.chat_postEphemeral(channel="C0ACME", user="U0VIEWER", text="card", blocks=[BUTTONS])
    await people.click("viewer", "acme", card["message_ts"], "Approve")
    assert await people.messages("acme", viewer="viewer") == []


async def test_the_sixth_use_is_refused(url: str) -> None:
    assert [(await post(url, text=str(use))).status_code for use in range(5)] == [200] * 5
    sixth = await post(url, text="6")
    assert (sixth.status_code, sixth.json()["error"]) == (404, "used_url")


async def test_after_thirty_minutes_it_is_refused(url: str, clock: Any) -> None:
    clock.ahead = 30 * 60 + 1
    late = await post(url, text="late")
    assert (late.status_code, late.json()["error"]) == (404, "expired_url")


async def test_faulty_blocks_are_refused(url: str, people: WorkspaceClient) -> None:
    refused = await post(url, text="x", blocks=[{"type": "marquee"}])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_blocks")
    assert await people.messages("acme", viewer="viewer") == []
