"""What the app may do in the workspace, and what it is refused without."""

from slack_sdk.web.async_client import AsyncWebClient

from sandbox.workspace.state import SCOPES, Workspace
from tests.support.workspace import refusal


async def test_every_answer_says_which_scopes_the_token_has(slack: AsyncWebClient, workspace: Workspace) -> None:
    workspace.scopes -= {"im:write"}
    answer = await slack.auth_test()
    assert set(answer.headers["x-oauth-scopes"].split(",")) == SCOPES - {"im:write"}


async def test_a_method_is_refused_without_its_scope(slack: AsyncWebClient, workspace: Workspace) -> None:
    workspace.places.add_channel("acme", "C0ACME")
    workspace.scopes -= {"chat:write"}
    assert await refusal(slack.chat_postMessage(channel="C0ACME", text="Hello")) == "missing_scope"


async def test_a_private_channel_takes_a_scope_of_its_own(slack: AsyncWebClient, workspace: Workspace) -> None:
    workspace.places.add_channel("acme", "C0ACME", is_private=True)
    workspace.scopes -= {"groups:read"}
    assert await refusal(slack.conversations_info(channel="C0ACME")) == "missing_scope"
