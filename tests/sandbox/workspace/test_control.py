"""The calls of people and tests that need no bot."""

import httpx
import pytest

from billing.errors import WrongInput
from sandbox.workspace.client import NothingCame, WorkspaceClient


async def test_users_and_channels_can_be_added_with_their_ids(people: WorkspaceClient) -> None:
    user = await people.add_user("zoe", "Zoe Zimmer", "U0ZOE")
    channel = await people.add_channel("#zebra", "C0ZEBRA")
    said = await people.say("zoe", "zebra", "hello")
    assert (user.real_name, channel.name, said.author, said.channel) == ("Zoe Zimmer", "zebra", "U0ZOE", "C0ZEBRA")


async def test_the_state_holds_everything(people: WorkspaceClient) -> None:
    await people.say("viewer", "acme", "hello")
    state = await people.state()
    assert [user["name"] for user in state["users"]] == ["viewer", "approver", "biller", "admin"]
    assert [message["said"] for message in state["messages"]] == ["hello"]


async def test_an_unknown_channel_is_refused_with_those_that_there_are(people: WorkspaceClient) -> None:
    with pytest.raises(WrongInput, match=r"There is no channel nowhere in this workspace. Its channels: acme."):
        await people.messages("nowhere")


async def test_waiting_for_a_message_that_does_not_come_tells_what_is_there(people: WorkspaceClient) -> None:
    await people.say("viewer", "acme", "hello")
    with pytest.raises(NothingCame, match=r"(?s)within 0.1 seconds.*hello"):
        await people.wait_for("acme", lambda message: message.is_from_bot, seconds=0.1)


async def test_an_unknown_file_is_refused(people: WorkspaceClient) -> None:
    with pytest.raises(WrongInput, match="There is no file F1"):
        await people.file_content("F1")


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/control/fly", b"{}", "There is no control call fly"),
        ("/control/users", b"{}", "This call needs name; it got nothing."),
        ("/control/users", b"[", "can't be read"),
        ("/control/users", b"[]", "is something else"),
    ],
)
async def test_a_call_that_cannot_be_understood_is_refused_with_the_reason(
    base_url: str, path: str, body: bytes, reason: str
) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        refused = await http.post(path, content=body)
    assert refused.status_code == 400
    assert reason in refused.json()["error"]
