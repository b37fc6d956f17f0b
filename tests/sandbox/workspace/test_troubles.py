"""Bad luck on request."""

import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from billing.errors import WrongInput
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.troubles import Kind
from tests.support.workspace import refusal


async def test_the_next_calls_are_rate_limited_and_the_one_after_is_not(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    await people.add_trouble("chat.postMessage", Kind.RATE_LIMITED, count=2, seconds=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            await slack.chat_postMessage(channel="C0ACME", text="hi")
        assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "7")
        assert refused.value.response["error"] == "ratelimited"
    await slack.chat_postMessage(channel="C0ACME", text="hi")
    assert len(await people.messages("acme")) == 1


async def test_other_methods_go_well(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.add_trouble("chat.update", Kind.RATE_LIMITED)
    await slack.chat_postMessage(channel="C0ACME", text="hi")


async def test_a_call_fails_with_the_error_that_was_asked_for(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.add_trouble("*", Kind.ERROR, error="team_access_not_granted")
    assert await refusal(slack.auth_test()) == "team_access_not_granted"


async def test_a_broken_answer_is_no_json(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.add_trouble("auth.test", Kind.BROKEN)
    with pytest.raises(SlackApiError) as refused:
        await slack.auth_test()
    assert refused.value.response.status_code == 500


async def test_a_lost_answer_leaves_the_message_posted(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.add_trouble("chat.postMessage", Kind.LOST_ANSWER)
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel="C0ACME", text="posted all the same")
    assert [message.said for message in await people.messages("acme")] == ["posted all the same"]


async def test_an_unreachable_slack_does_nothing(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.add_trouble("chat.postMessage", Kind.UNREACHABLE)
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel="C0ACME", text="lost")
    assert await people.messages("acme") == []


async def test_a_slow_call_is_done_late(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.add_trouble("auth.test", Kind.SLOW, seconds=0.3)
    started = time.monotonic()
    await slack.auth_test()
    assert time.monotonic() - started >= 0.3


async def test_calm_takes_back_what_was_still_to_come(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.add_trouble("*", Kind.UNREACHABLE, count=9)
    await people.calm()
    await slack.auth_test()


async def test_every_call_and_its_error_is_kept(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.add_trouble("auth.test", Kind.RATE_LIMITED)
    await refusal(slack.auth_test())
    await slack.auth_test()
    assert [call.error for call in await people.calls("auth.test")] == ["rate_limited", None]


async def test_an_unknown_trouble_is_refused_with_those_that_there_are(people: WorkspaceClient) -> None:
    with pytest.raises(WrongInput, match="There is no trouble of the kind fire; there are error, rate_limited"):
        await people.add_trouble("*", "fire")  # type: ignore[arg-type]  # the mistake that is tried
