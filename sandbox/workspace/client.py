"""A typed client of the workspace's control calls, for the story tests and the demo."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

import httpx

from billing.errors import OutsideFailed, WrongInput
from sandbox.serving import NO_TLS
from sandbox.workspace.model import Call, Channel, Delivery, Json, User
from sandbox.workspace.records import Answer, FileSeen, MessageSeen, Suggested, ViewSeen
from sandbox.workspace.sockets import ConnectionSeen
from sandbox.workspace.troubles import Kind

_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 60
_BAD_REQUEST = 400


class NothingCame(OutsideFailed):
    """A message or a modal that was waited for did not come."""


class WorkspaceClient:
    """People's eyes and hands in a workspace that is served somewhere; users and channels go by id or name.

    Raises WrongInput, with the workspace's sentence, for what nobody could do on a real screen.
    """

    def __init__(self, base_url: str) -> None:
        """A client of the workspace at this address; to be used as an async context manager."""
        # A server ends an idle connection after five seconds, and so does httpx: whoever is kept might just be ending.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._http = httpx.AsyncClient(
            base_url=base_url, trust_env=False, verify=NO_TLS, timeout=_PATIENCE_SECONDS, limits=limits
        )

    async def __aenter__(self) -> Self:
        """The client itself."""
        return self

    async def __aexit__(self, *_ended: object) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def add_user(self, name: str, real_name: str | None = None, user_id: str | None = None) -> User:
        """Add a person."""
        return User(**await self._post("users", name=name, real_name=real_name, id=user_id))

    async def add_channel(
        self, name: str, channel_id: str | None = None, *, is_member: bool = True, is_private: bool = False
    ) -> Channel:
        """Add a channel, with or without the bot in it."""
        given = {"name": name, "id": channel_id, "is_member": is_member, "is_private": is_private}
        return Channel(**await self._post("channels", **given))

    async def set_group(self, group_id: str, users: list[str]) -> None:
        """Say who is in a user group."""
        await self._post("groups", id=group_id, users=users)

    async def set_bot(self, request_url: str | None) -> None:
        """Say where the bot takes interactions, such as `http://127.0.0.1:3000/slack/events`; None: Socket Mode."""
        await self._post("bot", request_url=request_url)

    async def invite_bot(self, channel: str) -> None:
        """Make the bot a member of a channel."""
        await self._post("membership", channel=channel, is_member=True)

    async def kick_bot(self, channel: str) -> None:
        """Remove the bot from a channel."""
        await self._post("membership", channel=channel, is_member=False)

    async def connections(self) -> list[ConnectionSeen]:
        """The WebSockets that the bot has open."""
        return [ConnectionSeen(**one) for one in await self._get("connections")]

    async def drop_connections(self, connection: str | None = None) -> list[ConnectionSeen]:
        """End a WebSocket of the bot, or all, without a word."""
        return [ConnectionSeen(**one) for one in await self._post("connections/drop", id=connection)]

    async def silence_connections(
        self, connection: str | None = None, *, seconds: float | None = None
    ) -> list[ConnectionSeen]:
        """Make a WebSocket of the bot, or all, half dead: open, but deaf and dumb, until Slack finds it out itself."""
        given = {"id": connection, "seconds": seconds}
        return [ConnectionSeen(**one) for one in await self._post("connections/silence", **given)]

    async def refresh_connections(self, connection: str | None = None, *, reason: str) -> list[ConnectionSeen]:
        """Ask the bot to replace a WebSocket, or all, for a reason such as `warning` or `refresh_requested`."""
        given = {"id": connection, "reason": reason}
        return [ConnectionSeen(**one) for one in await self._post("connections/refresh", **given)]

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Answer:
        """Type a slash command, such as `/invoice` and `acme preview`."""
        return Answer(**await self._post("do/command", user=user, channel=channel, command=command, text=text))

    async def say(
        self, user: str, channel: str, text: str, thread_ts: str | None = None, *, is_bot: bool = False
    ) -> MessageSeen:
        """Post as a person, or as the bot of another app; in the thread of a message where one is named.

        The text is as Slack keeps it: escaped, and mentions as `<@U…>`.
        """
        given = {"user": user, "channel": channel, "text": text, "thread_ts": thread_ts, "is_bot": is_bot}
        return MessageSeen(**await self._post("do/say", **given))

    async def verify(self) -> Answer:
        """Enter the bot's request URL, which Slack tries before it takes it."""
        return Answer(**await self._post("do/verify"))

    async def open_home(self, user: str) -> None:
        """Open the app's home tab."""
        await self._post("do/open-home", user=user)

    async def home(self, user: str) -> ViewSeen:
        """What the app has put on somebody's home tab."""
        return ViewSeen(**await self._get("home", user=user))

    async def click_at_home(self, user: str, label: str, value: Any = None) -> Answer:
        """Use a button or another element of the home tab."""
        return Answer(**await self._post("do/act-at-home", user=user, named=label, value=value))

    async def messages(
        self, channel: str, viewer: str | None = None, thread_ts: str | None = None
    ) -> list[MessageSeen]:
        """What is in a channel or thread, oldest first; with a viewer also what only that user sees."""
        query = {"channel": channel} | ({"viewer": viewer} if viewer else {})
        seen = [MessageSeen(**one) for one in await self._get("messages", **query)]
        return [one for one in seen if thread_ts is None or thread_ts in {one.ts, one.thread_ts}]

    async def wait_for(
        self,
        channel: str,
        wanted: Callable[[MessageSeen], bool],
        *,
        viewer: str | None = None,
        seconds: float = 10,
    ) -> MessageSeen:
        """The newest message of a channel that is as wanted, as soon as there is one; NothingCame when none comes."""
        until = time.monotonic() + seconds
        while True:
            seen = await self.messages(channel, viewer)
            for message in reversed(seen):
                if wanted(message):
                    return message
            if time.monotonic() > until:
                said = "\n---\n".join(message.said for message in seen) or "nothing"
                raise NothingCame(f"No such message came to {channel} within {seconds:g} seconds. It holds:\n{said}")
            await asyncio.sleep(_POLL_SECONDS)

    async def click(self, user: str, channel: str, ts: str, label: str, *, edition: int | None = None) -> Answer:
        """Press a button, named by label, action id or path; `edition` presses what an earlier version showed."""
        return await self._act(user=user, channel=channel, ts=ts, named=label, edition=edition)

    async def choose(self, user: str, channel: str, ts: str, named: str, value: Any) -> Answer:
        """Choose from a select, an overflow menu or a picker of a message."""
        return await self._act(user=user, channel=channel, ts=ts, named=named, value=value)

    async def suggest(
        self, user: str, named: str, query: str, *, channel: str | None = None, ts: str | None = None
    ) -> Suggested:
        """Type letters into a select whose options the bot looks up: in a message, or else in the open modal."""
        given = {"user": user, "named": named, "query": query, "channel": channel, "ts": ts}
        return Suggested(**await self._post("do/suggest", **given))

    async def delete(self, channel: str, ts: str) -> None:
        """Delete a message by hand."""
        await self._post("delete", channel=channel, ts=ts)

    async def views(self, user: str) -> list[ViewSeen]:
        """The modals that are open on a user's screen, the one that can be used last."""
        return [ViewSeen(**view) for view in await self._get("views", user=user)]

    async def wait_for_view(self, user: str, title: str | None = None, *, seconds: float = 10) -> ViewSeen:
        """The modal on top of a user's screen, as soon as it is there with this title; NothingCame when none comes."""
        until = time.monotonic() + seconds
        while True:
            stack = await self.views(user)
            if stack and title in {None, stack[-1].title}:
                return stack[-1]
            if time.monotonic() > until:
                titles = ", ".join(view.title for view in stack) or "none"
                raise NothingCame(f"No such modal came to {user} within {seconds:g} seconds. Open: {titles}.")
            await asyncio.sleep(_POLL_SECONDS)

    async def submit(self, user: str, values: Mapping[str, Any] | None = None) -> Answer:
        """Fill in the open modal by label, block id or action id, and submit it."""
        return Answer(**await self._post("do/submit", user=user, values=dict(values or {})))

    async def fill(self, user: str, values: Mapping[str, Any]) -> None:
        """Fill in the open modal as for `submit`, without submitting it."""
        await self._post("do/fill", user=user, values=dict(values))

    async def close(self, user: str) -> Answer:
        """Close the open modal."""
        return Answer(**await self._post("do/close", user=user))

    async def click_in_view(self, user: str, label: str, value: Any = None) -> Answer:
        """Use a button or another element of the open modal."""
        return Answer(**await self._post("do/act-in-view", user=user, named=label, value=value))

    async def files(self) -> list[FileSeen]:
        """The files that the bot uploaded."""
        return [FileSeen(**file) for file in await self._get("files")]

    async def file_content(self, file_id: str) -> bytes:
        """The content of a file."""
        return (await self._checked(await self._http.get(f"/control/files/{file_id}"))).content

    async def add_trouble(
        self, method: str, kind: Kind, *, count: int = 1, seconds: float | None = None, error: str | None = None
    ) -> None:
        """Let the bot's next calls of a method go wrong; `response_url` and `upload` count as methods, `*` as every.

        Of an event, such as `app_mention`, `lost_answer` loses what the bot acknowledges.
        """
        await self._post("troubles", method=method, kind=kind, count=count, seconds=seconds, error=error)

    async def hold_to_limits(self, speed: float | None = 1) -> None:
        """Refuse what is faster than Slack's limits, in minutes that pass so many times as fast; None: no longer."""
        await self._post("limits", speed=speed)

    async def refuse_blocks(self, *types: str) -> None:
        """Refuse messages with blocks of these types from now on, as a workspace that Slack has not brought them to."""
        await self._post("blocks", refused=types)

    async def calm(self) -> None:
        """Let nothing go wrong any more."""
        await self._post("calm")

    async def calls(self, method: str | None = None) -> list[Call]:
        """The calls that the bot made."""
        calls = [Call(**call) for call in (await self.state())["calls"]]
        return [call for call in calls if method in {None, call.method}]

    async def deliveries(self) -> list[Delivery]:
        """What the bot was sent, and how fast it acknowledged."""
        return [Delivery(**delivery) for delivery in (await self.state())["deliveries"]]

    async def state(self) -> Json:
        """Everything."""
        state: Json = await self._get("state")
        return state

    async def _act(self, **given: Any) -> Answer:
        return Answer(**await self._post("do/act", **given))

    async def _get(self, what: str, **query: str) -> Any:
        return (await self._checked(await self._http.get(f"/control/{what}", params=query))).json()

    async def _post(self, what: str, **given: Any) -> Any:
        return (await self._checked(await self._http.post(f"/control/{what}", json=given))).json()

    async def _checked(self, response: httpx.Response) -> httpx.Response:
        if response.status_code == _BAD_REQUEST:
            raise WrongInput(response.json()["error"])
        return response.raise_for_status()
