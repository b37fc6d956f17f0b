"""The way out to Slack: the Web API calls that Rollcall makes, and what their refusals mean."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from billing.errors import OutsideFailed
from billing.hooks import Hook
from bot.message import HomeTab, Json, Message, ModalView, escaped
from connectors.trust import trust

_TIMEOUT_SECONDS = 10
_UPLOAD_SECONDS = 60
_OK = 200
_QUIET = {"unfurl_links": False, "unfurl_media": False}

_REMEDIES = {
    "not_in_channel": "invite the bot to the channel: /invite @Rollcall",
    "channel_not_found": "check the client's channel id, and invite the bot to a private channel: /invite @Rollcall",
    "is_archived": "unarchive the channel, or give the client another one",
    "invalid_auth": "check ROLLCALL_SLACK_BOT_TOKEN",
    "account_inactive": "install the app again and set ROLLCALL_SLACK_BOT_TOKEN",
    "token_revoked": "install the app again and set ROLLCALL_SLACK_BOT_TOKEN",
    "missing_scope": "install the app again with the scopes of manifest.yaml",
    "expired_trigger_id": "press the button again",
    "ratelimited": "nothing to do: it is tried again when Slack allows it",
}

# What is asked with the app token is put right elsewhere.
_OPENS_SOCKETS = "apps.connections.open"
_REMEDIES_OF_SOCKETS = {
    "invalid_auth": "check ROLLCALL_SLACK_APP_TOKEN",
    "not_allowed_token_type": "ROLLCALL_SLACK_APP_TOKEN must be an app-level token, which starts with xapp-",
    "missing_scope": "make an app-level token with the scope connections:write, and set ROLLCALL_SLACK_APP_TOKEN",
    "no_permission": "make an app-level token with the scope connections:write, and set ROLLCALL_SLACK_APP_TOKEN",
    "forbidden_team": "make the app-level token in the workspace that the app is installed in",
}


class SlackRefused(OutsideFailed):
    """Slack answered with an error; `code` is Slack's own word, `retry_after` seconds where Slack said how many."""

    def __init__(self, method: str, code: str, retry_after: int | None = None) -> None:
        remedies = {**_REMEDIES, **(_REMEDIES_OF_SOCKETS if method == _OPENS_SOCKETS else {})}
        remedy = remedies.get(code, f"https://api.slack.com/methods/{method} says what it means")
        super().__init__(f"Slack refused {method} with {code}: {remedy}.")
        self.code = code
        self.retry_after = retry_after


class SlackIsUnreachable(OutsideFailed):
    """Slack didn't answer, or not in a way that can be read."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that Slack has; the address is for whoever may see it."""

    id: str
    permalink: str


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


def web_client(token: str, base_url: str, ca_bundle: Path | None = None) -> AsyncWebClient:
    """Slack's own client, which repeats nothing by itself, neither after a lost connection nor after a rate limit.

    A call whose answer was lost may have been done, and a minute's wait would hold up every other channel: the sender
    of cards knows what to do then, a client doesn't.
    """
    return AsyncWebClient(
        token=token,
        base_url=base_url,
        timeout=_TIMEOUT_SECONDS,
        ssl=trust(ca_bundle),
        trust_env_in_session=True,
        retry_handlers=[],
    )


class Slack:
    """Slack, as far as Rollcall speaks to it. `on_call` hears "slack.METHOD:before" and ":after" around every call."""

    def __init__(self, client: AsyncWebClient, on_call: Hook) -> None:
        self._client = client
        self._on_call = on_call

    async def post(self, channel: str, message: Message, thread_ts: str | None = None) -> Posted:
        """Posts a message for everybody in the channel, below the message `thread_ts` where one is given."""
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        body = {"channel": channel, **thread, **message.as_arguments(), **_QUIET}
        answer = await self._call("chat.postMessage", body)
        return Posted(answer["channel"], answer["ts"])

    async def update(self, posted: Posted, message: Message) -> None:
        """Puts another message in the place of a posted one."""
        await self._call("chat.update", {"channel": posted.channel, "ts": posted.ts, **message.as_arguments()})

    async def tell(self, channel: str, user: str, message: Message, thread_ts: str | None = None) -> None:
        """Shows a message to one user in a channel or in a thread of it, after the wait that Slack may ask for."""
        where = {"channel": channel, **({"thread_ts": thread_ts} if thread_ts else {})}
        ephemeral = {**where, "user": user, **message.as_arguments()}
        await _when_allowed(lambda: self._call("chat.postEphemeral", ephemeral))

    async def open(self, trigger_id: str, modal: ModalView) -> str:
        """Opens a modal for whoever clicked within the last three seconds; its id."""
        answer = await self._call("views.open", {"trigger_id": trigger_id, "view": modal})
        return str(answer["view"]["id"])

    async def show(self, view_id: str, modal: ModalView) -> None:
        """Shows something else in an open modal."""
        await self._call("views.update", {"view_id": view_id, "view": modal})

    async def publish(self, user: str, home: HomeTab, seen: str | None = None) -> None:
        """Shows something on a user's home tab, after the wait that Slack may ask for.

        `seen` is the hash of what is thought to stand there; Slack refuses with hash_conflict where that is no more so.
        """
        view = {"user_id": user, "view": home, **({"hash": seen} if seen else {})}
        await _when_allowed(lambda: self._call("views.publish", view))

    async def direct(self, user: str) -> str:
        """The channel of the direct messages between the bot and a user."""
        answer = await self._call("conversations.open", {"users": user})
        return str(answer["channel"]["id"])

    async def upload(self, name: str, content: bytes, channel: str | None = None, comment: str = "") -> Uploaded:
        """Uploads a file, and shares it in a channel with a comment; without a channel it stays the bot's own.

        The bot may put an image of its own into its blocks: Slack's reference of `slack_file` asks only that whoever
        posts them has access. In a message its readers then see it (slackapi/bolt-python issue 1018); that this holds
        for modals and for answers to one user is nowhere written. Slack takes a while over a file: see `bot.pictures`.
        """
        given = {"filename": name, "length": len(content)}
        asked = await self._call("files.getUploadURLExternal", data=given)
        await self._heard("upload", self._send(asked["upload_url"], content))
        shared = {"channel_id": channel, "initial_comment": escaped(comment)} if channel else {}
        files = {"files": [{"id": asked["file_id"], "title": name}]}
        done = await self._call("files.completeUploadExternal", {**files, **shared})
        return Uploaded(asked["file_id"], str(done["files"][0].get("permalink", "")))

    async def members(self, group: str) -> tuple[str, ...]:
        """The users of a user group."""
        answer = await self._call("usergroups.users.list", data={"usergroup": group})
        return tuple(answer["users"])

    async def check(self) -> None:
        """Finds out whether Slack answers and takes the token."""
        await self._call("auth.test")

    async def ask(self, method: str, arguments: Json | None = None) -> AsyncSlackResponse:
        """The answer to a method that alters nothing, with its headers."""
        answer: AsyncSlackResponse = await self._call(method, data=arguments)
        return answer

    async def socket(self) -> str:
        """Where one WebSocket may be opened; asked with the app token instead of the bot's."""
        answer = await self._call("apps.connections.open")
        return str(answer["url"])

    async def respond(self, response_url: str, message: Message) -> None:
        """Answers, for the acting user only, a command or a click of the last half hour."""
        # Slack's Python client tries once more after a lost connection by default, and would answer twice.
        hook = AsyncWebhookClient(
            response_url, timeout=_TIMEOUT_SECONDS, ssl=self._client.ssl, trust_env_in_session=True, retry_handlers=[]
        )
        body = {"response_type": "ephemeral", "replace_original": False, **message.as_arguments(), **_QUIET}
        answer = await self._heard("response_url", hook.send_dict(body))
        if answer.status_code != _OK:
            raise SlackRefused("response_url", _code_in(answer.body) or str(answer.status_code))

    async def _send(self, url: str, content: bytes) -> None:
        timeout = aiohttp.ClientTimeout(total=_UPLOAD_SECONDS)
        connector = aiohttp.TCPConnector(ssl=self._client.ssl or True)
        async with (
            aiohttp.ClientSession(trust_env=True, timeout=timeout, connector=connector) as http,
            http.post(url, data=content) as answer,
        ):
            if answer.status != _OK:
                raise SlackRefused("upload", str(answer.status))

    async def _call(self, method: str, body: Json | None = None, data: Json | None = None) -> Any:
        # Slack's older methods read forms only.
        try:
            return await self._heard(method, self._client.api_call(method, json=body, data=data))
        except SlackApiError as error:
            raise _refusal(method, error) from error

    async def _heard(self, method: str, call: Awaitable[Any]) -> Any:
        self._on_call(f"slack.{method}:before")
        try:
            answer = await call
        except SlackApiError:
            raise
        except (SlackClientError, aiohttp.ClientError, OSError) as error:
            raise SlackIsUnreachable(f"Slack didn't answer {method}: {_reason(error)}.") from error
        self._on_call(f"slack.{method}:after")
        return answer


async def _when_allowed(call: Callable[[], Awaitable[Any]]) -> None:
    """Does a call, and once more where Slack says after which wait it may be done."""
    try:
        await call()
    except SlackRefused as refusal:
        if refusal.retry_after is None:
            raise
        await asyncio.sleep(refusal.retry_after)
        await call()


def _code_in(body: str) -> str:
    """Slack's word in the answer of a response URL, which is sometimes JSON and sometimes the word alone."""
    try:
        answer = json.loads(body)
    except ValueError:
        return body.strip()
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        # Its own words show the object that holds the TLS settings.
        return f"no connection to {error.host}:{error.port}, {error.strerror or error.os_error}"
    return str(error) or type(error).__name__


def _refusal(method: str, error: SlackApiError) -> SlackRefused:
    answer = error.response
    code = answer.get("error") if isinstance(answer.data, dict) else None
    after = answer.headers.get("Retry-After", "")
    return SlackRefused(method, str(code or answer.status_code), int(after) if str(after).isdecimal() else None)
