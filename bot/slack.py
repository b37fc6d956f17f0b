"""The way out to Slack: the Web API calls that Rollcall makes, at the pace that Slack allows."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.message import HomeTab, Json, Message, ModalView, escaped
from bot.newer_blocks import NewerBlocks
from bot.pace import Pace
from bot.patience import patiently
from bot.refusals import RATE_LIMITED, SlackIsUnreachable, SlackRefused, code_in, refusal_of, refused, unreachable
from connectors.trust import trust

__all__ = ["EDITS", "POSTS", "Posted", "Slack", "SlackIsUnreachable", "SlackRefused", "Uploaded", "web_client"]

_TIMEOUT_SECONDS = 10
_UPLOAD_SECONDS = 60
_OK = 200
_CLOSED = "not_found"
_QUIET = {"unfurl_links": False, "unfurl_media": False}
POSTS, EDITS = "chat.postMessage", "chat.update"
# Slack says how long; where a proxy took that away, this is about what it says.
_PAUSE_SECONDS = 30


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
    """Slack, as far as Rollcall speaks to it. `on_call` hears "slack.METHOD:before" and ":after" around every call.

    Every call waits for its turn (`bot.pace`). What answers somebody is tried again where that is harmless
    (`bot.patience`); what posts or edits for everybody isn't, since the sender of cards does that by the database.
    """

    def __init__(self, client: AsyncWebClient, on_call: Callable[[str], None], pace: Pace | None = None) -> None:
        self._client = client
        self._on_call = on_call
        self._pace = pace or Pace()
        self._newer = NewerBlocks()

    async def turn(self, method: str, channel: str | None = None, *, yields: bool = False) -> None:
        """Waits until a call is due, in a channel where it posts; one that `yields` lets answers go first.

        Raises:
            SlackRefused: Slack wants nothing of this method for a while; nothing was sent.

        """
        self._refuse_at_rest(method)
        await self._pace.turn(method, channel, yields=yields)
        self._refuse_at_rest(method)

    async def post(
        self, channel: str, message: Message, thread_ts: str | None = None, *, in_turn: bool = False
    ) -> Posted:
        """Posts a message for everybody in the channel, below the message `thread_ts` where one is given.

        `in_turn` is for whoever waited for the turn before: it isn't waited for again.
        """
        where = {"channel": channel, **({"thread_ts": thread_ts} if thread_ts else {}), **_QUIET}

        async def show(shown: Message) -> Posted:
            body = {**where, **shown.as_arguments()}
            answer = await self._call("chat.postMessage", body, channel=channel, in_turn=in_turn)
            return Posted(answer["channel"], answer["ts"])

        return await self._newer.shown(message, show)

    async def update(self, posted: Posted, message: Message, *, in_turn: bool = False) -> None:
        """Puts another message in the place of a posted one; `in_turn` as in `post`."""
        where = {"channel": posted.channel, "ts": posted.ts}
        await self._newer.shown(
            message, lambda shown: self._call("chat.update", {**where, **shown.as_arguments()}, in_turn=in_turn)
        )

    async def tell(self, channel: str, user: str, message: Message, thread_ts: str | None = None) -> None:
        """Shows a message to one user in a channel or in a thread of it."""
        where = {"channel": channel, "user": user, **({"thread_ts": thread_ts} if thread_ts else {})}

        async def show(shown: Message) -> None:
            body = {**where, **shown.as_arguments()}
            await patiently(lambda: self._call("chat.postEphemeral", body, channel=channel))

        await self._newer.shown(message, show)

    async def tell_directly(self, user: str, message: Message) -> None:
        """Shows a message to one user in the direct messages of the bot."""
        channel = await self.direct(user)
        await patiently(lambda: self.post(channel, message))

    async def open(self, trigger_id: str, modal: ModalView) -> str:
        """Opens a modal for whoever clicked within the last three seconds; its id."""
        answer = await self._call("views.open", {"trigger_id": trigger_id, "view": modal})
        return str(answer["view"]["id"])

    async def show(self, view_id: str, modal: ModalView) -> None:
        """Shows something else in a modal; nothing where it was closed meanwhile, and nobody waits for it any more."""
        body = {"view_id": view_id, "view": modal}
        try:
            await patiently(lambda: self._call("views.update", body), harmless=True)
        except SlackRefused as refusal:
            if refusal.code != _CLOSED:
                raise

    async def publish(self, user: str, home: HomeTab, seen: str | None = None) -> None:
        """Shows something on a user's home tab.

        `seen` is the hash of what is thought to stand there; Slack refuses with hash_conflict where that is no more so.
        """
        view = {"user_id": user, "view": home, **({"hash": seen} if seen else {})}
        await patiently(lambda: self._call("views.publish", view), harmless=True)

    async def direct(self, user: str) -> str:
        """The channel of the direct messages between the bot and a user."""
        answer = await patiently(lambda: self._call("conversations.open", {"users": user}), harmless=True)
        return str(answer["channel"]["id"])

    async def upload(self, name: str, content: bytes, channel: str | None = None, comment: str = "") -> Uploaded:
        """Uploads a file, and shares it in a channel with a comment; without a channel it stays the bot's own.

        The bot may put an image of its own into its blocks: Slack's reference of `slack_file` asks only that whoever
        posts them has access. In a message its readers then see it (slackapi/bolt-python issue 1018); that this holds
        for modals and for answers to one user is nowhere written. Slack takes a while over a file: see `bot.pictures`.
        """
        given = {"filename": name, "length": len(content)}
        asked = await patiently(lambda: self._call("files.getUploadURLExternal", data=given), harmless=True)
        url = asked["upload_url"]
        await patiently(lambda: self._heard("upload", self._send(url, content)), harmless=True)
        shared = {"channel_id": channel, "initial_comment": escaped(comment)} if channel else {}
        body = {"files": [{"id": asked["file_id"], "title": name}], **shared}
        done = await patiently(lambda: self._call("files.completeUploadExternal", body))
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
        how = {"response_type": "ephemeral", "replace_original": False, **_QUIET}

        async def show(shown: Message) -> None:
            await patiently(lambda: self._answer(response_url, {**how, **shown.as_arguments()}))

        await self._newer.shown(message, show)

    async def _answer(self, response_url: str, body: Json) -> None:
        # Slack's Python client tries once more after a lost connection by default, and would answer twice.
        hook = AsyncWebhookClient(
            response_url, timeout=_TIMEOUT_SECONDS, ssl=self._client.ssl, trust_env_in_session=True, retry_handlers=[]
        )
        answer = await self._heard("response_url", hook.send_dict(body))
        if answer.status_code != _OK:
            raise refused("response_url", answer.status_code, code_in(answer.body), answer.headers)

    async def _send(self, url: str, content: bytes) -> None:
        timeout = aiohttp.ClientTimeout(total=_UPLOAD_SECONDS)
        connector = aiohttp.TCPConnector(ssl=self._client.ssl or True)
        async with (
            aiohttp.ClientSession(trust_env=True, timeout=timeout, connector=connector) as http,
            http.post(url, data=content) as answer,
        ):
            if answer.status != _OK:
                raise refused("upload", answer.status, "", answer.headers)

    async def _call(
        self,
        method: str,
        body: Json | None = None,
        *,
        data: Json | None = None,
        channel: str | None = None,
        in_turn: bool = False,
    ) -> Any:
        # Slack's older methods read forms only.
        if not in_turn:
            await self.turn(method, channel)
        try:
            return await self._heard(method, self._client.api_call(method, json=body, data=data))
        except SlackApiError as error:
            refusal = refusal_of(method, error)
            if refusal.code == RATE_LIMITED:
                # Slack counts a method for the whole workspace: no other channel may go on with it.
                self._pace.rest(method, refusal.retry_after or _PAUSE_SECONDS)
            raise refusal from error

    async def _heard(self, method: str, call: Awaitable[Any]) -> Any:
        self._on_call(f"slack.{method}:before")
        try:
            answer = await call
        except SlackApiError:
            raise
        except (SlackClientError, aiohttp.ClientError, OSError) as error:
            raise unreachable(method, error) from error
        self._on_call(f"slack.{method}:after")
        return answer

    def _refuse_at_rest(self, method: str) -> None:
        left = self._pace.rests_for(method)
        if left:
            raise SlackRefused(method, RATE_LIMITED, math.ceil(left))
