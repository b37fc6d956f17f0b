"""Slash commands, taken by a real Bolt app."""

import asyncio
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from billing.errors import WrongInput
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace

Listener = dict[str, Any]


async def test_a_command_reaches_the_bot_with_who_where_and_what(bolt: AsyncApp, people: WorkspaceClient) -> None:
    taken: list[Listener] = []

    @bolt.command("/invoice")
    async def invoice(ack: Any, command: Listener) -> None:
        taken.append(command)
        await ack()

    answer = await people.command("biller", "#acme", "/invoice", "acme preview")
    assert answer.error is None
    (command,) = taken
    assert (command["user_id"], command["channel_id"], command["text"]) == ("U0BILLER", "C0ACME", "acme preview")


async def test_an_answer_in_the_acknowledgement_is_only_for_the_user(bolt: AsyncApp, people: WorkspaceClient) -> None:
    @bolt.command("/invoice")
    async def invoice(ack: Any) -> None:
        await ack("45 users")

    await people.command("biller", "acme", "/invoice")
    (seen,) = await people.messages("acme", viewer="biller")
    assert (seen.said, seen.only_for) == ("45 users", "U0BILLER")


async def test_an_answer_may_be_for_the_whole_channel(bolt: AsyncApp, people: WorkspaceClient) -> None:
    @bolt.command("/invoice")
    async def invoice(ack: Any) -> None:
        await ack(text="45 users", response_type="in_channel")

    await people.command("biller", "acme", "/invoice")
    assert [message.said for message in await people.messages("acme")] == ["45 users"]


async def test_an_answer_that_slack_would_not_show_is_said_to_have_failed(
    bolt: AsyncApp, people: WorkspaceClient
) -> None:
    @bolt.command("/invoice")
    async def invoice(ack: Any) -> None:
        await ack(text="45 users", blocks=[{"type": "marquee"}])

    answer = await people.command("biller", "acme", "/invoice")
    (seen,) = await people.messages("acme", viewer="biller")
    assert seen.said == '/invoice failed with the error "invalid_command_response"'
    assert answer.messages == ["invalid_blocks", "[ERROR] unsupported type: marquee [json-pointer:/blocks/0/type]"]


async def test_a_late_acknowledgement_is_a_timeout_that_the_user_sees(bolt: AsyncApp, people: WorkspaceClient) -> None:
    @bolt.command("/invoice")
    async def invoice(ack: Any) -> None:
        await asyncio.sleep(0.7)
        await ack()

    answer = await people.command("biller", "acme", "/invoice")
    (seen,) = await people.messages("acme", viewer="biller")
    assert answer.error == "operation_timeout"
    assert seen.said == '/invoice failed with the error "operation_timeout"'


async def test_how_fast_the_bot_acknowledged_is_kept(bolt: AsyncApp, people: WorkspaceClient) -> None:
    @bolt.command("/invoice")
    async def invoice(ack: Any) -> None:
        await ack()

    await people.command("biller", "acme", "/invoice")
    (delivery,) = await people.deliveries()
    assert (delivery.kind, delivery.status, delivery.error) == ("command", 200, None)
    assert 0 < delivery.seconds < 0.5


async def test_a_bot_that_is_down_is_a_failed_dispatch(bolt: AsyncApp, people: WorkspaceClient) -> None:
    await people.set_bot("http://127.0.0.1:9/slack/events")
    assert (await people.command("biller", "acme", "/invoice")).error == "dispatch_failed"


async def test_a_workspace_without_a_bot_says_that_the_dispatch_failed(people: WorkspaceClient) -> None:
    assert (await people.command("biller", "acme", "/invoice")).error == "dispatch_failed"


async def test_a_command_that_the_bot_does_not_know_fails(bolt: AsyncApp, people: WorkspaceClient) -> None:
    assert (await people.command("biller", "acme", "/unknown")).error == "http_service_error"


async def test_bolt_refuses_a_wrong_signature(bolt: AsyncApp, people: WorkspaceClient, workspace: Workspace) -> None:
    taken: list[str] = []

    @bolt.command("/invoice")
    async def invoice(ack: Any) -> None:
        taken.append("taken")
        await ack()

    workspace.signing_secret = "another-secret"
    answer = await people.command("biller", "acme", "/invoice")
    (delivery,) = await people.deliveries()
    assert (answer.error, delivery.status, taken) == ("http_service_error", 401, [])


async def test_an_unknown_user_cannot_type(bolt: AsyncApp, people: WorkspaceClient) -> None:
    with pytest.raises(WrongInput, match="There is no user nobody in this workspace"):
        await people.command("nobody", "acme", "/invoice")
