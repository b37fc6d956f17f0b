"""What the tests around the pretend Slack share."""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

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
