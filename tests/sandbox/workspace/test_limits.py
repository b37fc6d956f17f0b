"""Slack's own limits, which the workspace holds a bot to when it is asked to."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace


async def refused_for(slack: AsyncWebClient, channel: str = "C0ACME") -> int | None:
    """Posts; the seconds that Slack wants to be left alone for, if it refuses."""
    try:
        await slack.chat_postMessage(channel=channel, text="hi")
    except SlackApiError as refusal:
        return int(refusal.response.headers["Retry-After"])
    return None


async def test_nobody_is_held_to_limits_until_it_is_asked_for(slack: AsyncWebClient) -> None:
    assert [await refused_for(slack) for _ in range(10)] == [None] * 10


async def test_a_channel_takes_a_short_burst_and_then_a_message_a_second(
    slack: AsyncWebClient, people: WorkspaceClient, clock: Any
) -> None:
    await people.hold_to_limits()
    assert [await refused_for(slack) for _ in range(5)] == [None, None, None, None, 1]
    clock.ahead += 1
    assert await refused_for(slack) is None
    assert await refused_for(slack) == 1


async def test_whoever_was_refused_is_refused_in_every_channel_until_the_wait_is_over(
    slack: AsyncWebClient, people: WorkspaceClient, clock: Any, workspace: Workspace
) -> None:
    workspace.places.add_channel("birch", "C0BIRCH")
    await people.hold_to_limits()
    for _ in range(5):
        await refused_for(slack)
    assert await refused_for(slack, "C0BIRCH") == 1
    clock.ahead += 2
    assert await refused_for(slack, "C0BIRCH") is None


async def test_a_method_has_so_many_calls_in_any_minute(
    slack: AsyncWebClient, people: WorkspaceClient, clock: Any
) -> None:
    await people.hold_to_limits()
    for _ in range(20):
        with pytest.raises(SlackApiError) as unknown:
            await slack.usergroups_users_list(usergroup="S0NOBODY")
        assert unknown.value.response["error"] == "no_such_subteam"
    clock.ahead += 30
    with pytest.raises(SlackApiError) as refused:
        await slack.usergroups_users_list(usergroup="S0NOBODY")
    assert 25 <= int(refused.value.response.headers["Retry-After"]) <= 30
    assert [call.error for call in await people.calls()][-1] == "rate_limited"


async def test_minutes_may_pass_faster(slack: AsyncWebClient, people: WorkspaceClient, clock: Any) -> None:
    await people.hold_to_limits(speed=10)
    for _ in range(5):
        await refused_for(slack)
    clock.ahead += 1
    assert [await refused_for(slack) for _ in range(4)] == [None] * 4
    await people.hold_to_limits(None)
    assert [await refused_for(slack) for _ in range(9)] == [None] * 9
