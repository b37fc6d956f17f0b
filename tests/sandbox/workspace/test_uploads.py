"""Files that the bot uploads and shares."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.troubles import Kind
from tests.support.workspace import refusal

PNG = b"\x89PNG\r\n\x1a\n and so on"


async def test_a_file_is_uploaded_and_shared_in_a_thread(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    card = await slack.chat_postMessage(channel="C0ACME", text="card")
    await slack.files_upload_v2(
        channel="C0ACME", content=b"%PDF-1.7 invoice", filename="invoice.pdf", title="Invoice", thread_ts=card["ts"]
    )
    (file,) = await people.files()
    shared = (await people.messages("acme", thread_ts=card["ts"]))[-1]
    assert (file.name, file.title, file.channel, shared.files) == ("invoice.pdf", "Invoice", "C0ACME", [file.id])
    assert await people.file_content(file.id) == b"%PDF-1.7 invoice"


async def test_a_file_whose_content_never_came_is_refused(slack: AsyncWebClient) -> None:
    asked = await slack.files_getUploadURLExternal(filename="a.pdf", length=3)
    call = slack.files_completeUploadExternal(files=[{"id": asked["file_id"]}], channel_id="C0ACME")
    assert await refusal(call) == "file_not_found"


async def test_a_file_of_another_length_is_refused(slack: AsyncWebClient) -> None:
    asked = await slack.files_getUploadURLExternal(filename="a.pdf", length=3)
    async with aiohttp.ClientSession() as http, http.post(asked["upload_url"], data=b"four") as response:
        assert response.status == 400


async def uploaded(slack: AsyncWebClient, content: bytes = PNG, *, completed: bool = True) -> str:
    """Uploads a file in the three steps that there are; its id."""
    asked = await slack.files_getUploadURLExternal(filename="chart.png", length=len(content))
    async with aiohttp.ClientSession() as http, http.post(asked["upload_url"], data=content) as response:
        assert response.status == 200
    if completed:
        await slack.files_completeUploadExternal(files=[{"id": asked["file_id"]}])
    return str(asked["file_id"])


def picture(file_id: str) -> dict[str, object]:
    return {"type": "image", "alt_text": "42", "slack_file": {"id": file_id}}


async def test_a_file_without_a_channel_is_seen_by_nobody(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await uploaded(slack)
    assert [file.channel for file in await people.files()] == [None]
    assert await people.messages("acme") == []


async def test_a_file_is_completed_once(slack: AsyncWebClient) -> None:
    call = slack.files_completeUploadExternal(files=[{"id": await uploaded(slack)}])
    assert await refusal(call) == "file_already_completed"


async def test_an_uploaded_picture_is_shown_in_a_block(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    file_id = await uploaded(slack)
    await slack.chat_postMessage(channel="C0ACME", text="chart", blocks=[picture(file_id)])
    assert (await people.messages("acme"))[-1].said == "42"


async def test_a_picture_that_was_never_uploaded_is_refused(slack: AsyncWebClient) -> None:
    call = slack.chat_postMessage(channel="C0ACME", text="chart", blocks=[picture("F0NOWHERE1")])
    assert await refusal(call) == "invalid_blocks"


async def test_a_picture_whose_upload_was_not_completed_is_refused(slack: AsyncWebClient) -> None:
    file_id = await uploaded(slack, completed=False)
    call = slack.chat_postMessage(channel="C0ACME", text="chart", blocks=[picture(file_id)])
    assert await refusal(call) == "invalid_blocks"


async def test_a_file_that_is_no_picture_is_refused(slack: AsyncWebClient) -> None:
    file_id = await uploaded(slack, b"%PDF-1.7")
    call = slack.chat_postMessage(channel="C0ACME", text="chart", blocks=[picture(file_id)])
    assert await refusal(call) == "invalid_blocks"


async def test_slack_may_not_be_done_yet_with_a_picture(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    file_id = await uploaded(slack)
    await people.add_trouble("slack_file", Kind.ERROR)
    view = {"type": "home", "blocks": [picture(file_id)]}
    with pytest.raises(SlackApiError) as refused:
        await slack.views_publish(user_id="U0VIEWER", view=view)
    assert refused.value.response["error"] == "invalid_arguments"
    told = refused.value.response["response_metadata"]["messages"]
    assert told == ["[ERROR] invalid slack file [json-pointer:/view/blocks/0/slack_file]"]
    await slack.views_publish(user_id="U0VIEWER", view=view)


async def test_a_completed_file_has_an_address(slack: AsyncWebClient) -> None:
    done = await slack.files_upload_v2(channel="C0ACME", content=b"%PDF-1.7", filename="a b.pdf")
    assert done["file"]["permalink"].endswith(f"/page/files/{done['file']['id']}/a%20b.pdf")
