"""Files that the bot uploads and shares."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.workspace.client import WorkspaceClient
from tests.support.workspace import refusal


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
