"""What holds for every call: the token, the method, the arguments."""

import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.workspace import SECTION, refusal


async def test_a_wrong_token_is_refused(base_url: str) -> None:
    stranger = AsyncWebClient(token="xoxb-wrong", base_url=f"{base_url}/api/")
    assert await refusal(stranger.auth_test()) == "invalid_auth"


async def test_no_token_is_refused(base_url: str) -> None:
    async with aiohttp.ClientSession() as http, http.post(f"{base_url}/api/auth.test") as response:
        assert (await response.json())["error"] == "not_authed"


async def test_a_token_may_come_in_the_form(base_url: str) -> None:
    async with aiohttp.ClientSession() as http:
        form = {"token": "xoxb-sandbox", "channel": "C0ACME", "text": "hi", "blocks": json.dumps([SECTION])}
        async with http.post(f"{base_url}/api/chat.postMessage", data=form) as response:
            assert (await response.json())["message"]["blocks"][0]["text"]["text"] == "3 people *join*"


async def test_an_unknown_method_is_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.api_call("chat.shout")) == "unknown_method"


async def test_a_missing_argument_is_named(slack: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await slack.api_call("chat.postMessage", json={"text": "hi"})
    assert refused.value.response["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


@pytest.mark.parametrize(("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
async def test_a_body_that_is_no_json_object_is_refused(base_url: str, body: bytes, error: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer xoxb-sandbox"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{base_url}/api/chat.postMessage", data=body, headers=headers) as response,
    ):
        assert (await response.json())["error"] == error


async def test_blocks_that_are_no_json_are_refused(slack: AsyncWebClient) -> None:
    call = slack.api_call("chat.postMessage", data={"channel": "C0ACME", "blocks": "[{"})
    assert await refusal(call) == "invalid_blocks_format"
