"""The Events API: what happens in the workspace is told to the bot, and told again until it acknowledges."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from sandbox.workspace.model import Channel, Json, Message
from sandbox.workspace.payloads import APP, TOKEN
from sandbox.workspace.sending import Acknowledgement, Again, Sender
from sandbox.workspace.state import BOT_USER, Workspace
from sandbox.workspace.wire import view_json

OTHER_BOT = "B0OTHER"
"""A bot of another app, as whose message something may be said."""

SCOPES: Mapping[str, str | None] = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}
"""What an app may subscribe to here, with the scope that each takes."""

# In Slack's words: over HTTP, and for an envelope of Socket Mode.
_REASONS: Mapping[str, tuple[str, str]] = {
    "operation_timeout": ("http_timeout", "timeout"),
    "dispatch_failed": ("connection_failed", "connection_closed"),
    "http_service_error": ("http_error", "unknown_error"),
}


class Events:
    """Tells a bot what it subscribed to, as far as its scopes let it know."""

    def __init__(self, workspace: Workspace, sender: Sender) -> None:
        """Tell the bot by this way."""
        self._workspace = workspace
        self._sender = sender

    async def home_opened(self, user: str, channel: Channel) -> None:
        """Somebody opened the app's home tab; the bot is shown what stands there."""
        home = self._workspace.screens.homes.get(user)
        shown = {"view": view_json(home)} if home else {}
        event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home", **shown}
        await self._tell("app_home_opened", user, {**event, "event_ts": self._workspace.stamps.ts()})

    async def posted(self, channel: Channel, message: Message, bot: str | None = None) -> None:
        """A message was posted, by a person or by another bot; one that names the bot also is a mention of it."""
        said: Json = {"user": message.author, "text": message.content.text, "ts": message.ts, "channel": channel.id}
        said |= {"event_ts": message.ts, "team": APP["team_id"]}
        if message.thread_ts:
            said["thread_ts"] = message.thread_ts
        if bot:
            said["bot_id"] = bot
        if not channel.is_member:
            return
        kind = "im" if channel.direct_with else "group" if channel.is_private else "channel"
        subscription = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}[kind]
        await self._tell(subscription, message.author, {"type": "message", "channel_type": kind, **said})
        # In direct messages with the bot everything is meant for it, and no mention is told.
        if f"<@{BOT_USER}>" in message.content.text and not channel.direct_with:
            await self._tell("app_mention", message.author, {"type": "app_mention", **said})

    async def verify(self) -> bool:
        """Whether the request URL answers with the challenge that Slack sends it when it is entered."""
        challenge = self._workspace.stamps.secret()
        asked = {"token": TOKEN, "challenge": challenge, "type": "url_verification"}
        acknowledgement = await self._sender.tell("url_verification", BOT_USER, asked, None)
        said = acknowledgement.structure()
        answered = said.get("challenge") if said is not None else acknowledgement.body
        return acknowledgement.error is None and answered == challenge

    async def _tell(self, subscription: str, user: str, event: Json) -> None:
        scope = SCOPES[subscription]
        may_know = scope is None or scope in self._workspace.scopes
        if subscription not in self._workspace.subscriptions or not may_know:
            return
        callback = _callback(self._workspace, event)
        first = await self._delivered(user, callback, None)
        if _is_wanted_again(first):
            task = asyncio.create_task(self._tell_again(user, callback, first))
            self._workspace.under_way.add(task)
            task.add_done_callback(self._workspace.under_way.discard)

    async def _tell_again(self, user: str, callback: Json, last: Acknowledgement) -> None:
        for number, seconds in enumerate(self._workspace.told_again_after, start=1):
            await asyncio.sleep(seconds)
            last = await self._delivered(user, callback, Again(number, *_REASONS[last.error or ""]))
            if not _is_wanted_again(last):
                return

    async def _delivered(self, user: str, callback: Json, again: Again | None) -> Acknowledgement:
        kind = callback["event"]["type"]
        acknowledgement = await self._sender.tell(kind, user, callback, again)
        is_lost = self._workspace.troubles.loses_acknowledgement(kind)
        return replace(acknowledgement, error="operation_timeout") if is_lost else acknowledgement


def _is_wanted_again(acknowledgement: Acknowledgement) -> bool:
    return acknowledgement.error is not None and not acknowledgement.is_final


def _callback(workspace: Workspace, event: Json) -> Json:
    who = {"enterprise_id": None, "team_id": APP["team_id"], "user_id": BOT_USER, "is_bot": True}
    return {
        "token": TOKEN,
        **APP,
        "type": "event_callback",
        "event": event,
        "event_id": workspace.stamps.id("Ev"),
        "event_time": int(workspace.now()),
        "authorizations": [{**who, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }
