"""What the tests around the pretend Slack share."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.workspace.state import Workspace

TOKEN = "xoxb-sandbox"
SECRET = "sandbox-signing-secret"
APP_TOKEN = "xapp-sandbox"

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "3 people *join*"}}
APPROVE = {"type": "button", "action_id": "approve", "value": "7:1", "text": {"type": "plain_text", "text": "Approve"}}
BUTTONS = {"type": "actions", "block_id": "decide", "elements": [APPROVE]}


async def refusal(call: Awaitable[Any]) -> str:
    """The error code with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def all_told(workspace: Workspace) -> None:
    """Waits until no event is told again any more."""
    async with asyncio.timeout(5):
        while workspace.under_way:
            await asyncio.wait(set(workspace.under_way))
