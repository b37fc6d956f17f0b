"""Blocks that a workspace doesn't take yet."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.workspace.client import WorkspaceClient

TEXT = {"type": "section", "text": {"type": "plain_text", "text": "Ann"}}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "Ann"}]]}


async def test_a_table_is_taken_at_first(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await slack.chat_postMessage(channel="C0ACME", text="hi", blocks=[TEXT, TABLE])
    assert len(await people.messages("acme")) == 1


async def test_a_table_is_refused_where_slack_has_not_brought_it_yet(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    await people.refuse_blocks("table")
    with pytest.raises(SlackApiError) as refused:
        await slack.chat_postMessage(channel="C0ACME", text="hi", blocks=[TEXT, TABLE])
    assert refused.value.response["error"] == "invalid_blocks"
    assert "unsupported type: table [json-pointer:/blocks/1/type]" in str(refused.value.response["response_metadata"])
    posted = await slack.chat_postMessage(channel="C0ACME", text="hi", blocks=[TEXT])
    with pytest.raises(SlackApiError):
        await slack.chat_update(channel="C0ACME", ts=posted["ts"], text="hi", blocks=[TABLE])
    await people.refuse_blocks()
    await slack.chat_update(channel="C0ACME", ts=posted["ts"], text="hi", blocks=[TABLE])
