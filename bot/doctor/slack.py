"""Slack as the bot finds it: its tokens, its scopes, and whether it is in the channels that cards go to."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

from billing.errors import RollcallError
from bot.doctor.scopes import FEATURES, NEEDED_ALWAYS, SEE_CHANNELS
from bot.settings import Readable
from bot.slack import Slack, SlackRefused, web_client
from commands.examinations.finding import Finding, Part, failed, failed_outside, left_out, ok, warn
from commands.examinations.machine import clocks

_PART = Part.SLACK
_AT_ONCE = 4
_PATIENCE_SECONDS = 5
_INVITE = "Invite it there: /invite @Rollcall"
_REINSTALL = "Put it back into the app (manifest.yaml has it), and install the app again."


@dataclass(frozen=True, slots=True)
class House:
    """What Slack is needed for: channel ids with whose they are, and whether user groups have roles."""

    channels: Mapping[str, str] = field(default_factory=dict)
    gives_roles_to_groups: bool = False


async def examine(readable: Readable, house: House, now: Callable[[], datetime]) -> list[Finding]:
    """The findings; nothing is posted and nobody sees anything."""
    settings = readable.settings
    if "slack_api_url" in readable.malformed:
        return [left_out(_PART, "Slack", "its address is malformed")]
    if settings.slack_bot_token is None:
        malformed = "slack_bot_token" in readable.malformed
        return [left_out(_PART, "Slack", f"the bot token is {'malformed' if malformed else 'not set'}")]
    client = _client(readable, settings.slack_bot_token.get_secret_value())
    try:
        answer = await client.ask("auth.test")
    except RollcallError as error:
        return [failed(_PART, "bot token", error)]
    scopes = _scopes(answer.headers)
    told = [ok(_PART, "bot token", f"{answer.get('team')}, bot @{answer.get('user')}{_counted(scopes)}")]
    told += _granted(scopes, house)
    told += await _app_token(readable)
    told += await _channels(client, house, scopes or frozenset())
    return [*told, *_clock(answer.headers, now)]


def _client(readable: Readable, token: str) -> Slack:
    settings = readable.settings
    client = web_client(token, settings.slack_api_url, settings.ca_bundle)
    client.timeout = _PATIENCE_SECONDS
    return Slack(client, _unheard)


def _unheard(_point: str) -> None:
    """A look is no call that a test would end the process at."""


def _scopes(headers: Mapping[str, str]) -> frozenset[str] | None:
    """The scopes of the token; None where Slack, or a proxy before it, doesn't tell."""
    told = headers.get("x-oauth-scopes")
    return None if told is None else frozenset(scope for part in told.split(",") if (scope := part.strip()))


def _counted(scopes: frozenset[str] | None) -> str:
    return "" if scopes is None else f", {len(scopes)} scope{'' if len(scopes) == 1 else 's'}"


def _granted(scopes: frozenset[str] | None, house: House) -> Iterator[Finding]:
    if scopes is None:
        yield left_out(_PART, "scopes", "Slack didn't tell which scopes the token has")
        return
    for scope in sorted(FEATURES.keys() - scopes):
        needed = scope in NEEDED_ALWAYS or (scope == "usergroups:read" and house.gives_roles_to_groups)
        make = failed_outside if needed else warn
        yield make(_PART, f"scope {scope}", f"is missing: {FEATURES[scope]}", _REINSTALL)
    if scopes >= FEATURES.keys():
        beyond = ", ".join(sorted(scopes - FEATURES.keys()))
        used = ", ".join(sorted(FEATURES))
        yield ok(_PART, "scopes", used + (f"; of no use to Rollcall: {beyond}" if beyond else ""))


async def _app_token(readable: Readable) -> list[Finding]:
    token = readable.settings.slack_app_token
    if token is None:
        return []
    try:
        # Slack only says where a connection could be opened; none is.
        await _client(readable, token.get_secret_value()).ask("apps.connections.open")
    except RollcallError as error:
        return [failed(_PART, "app token", error)]
    return [ok(_PART, "app token", "Socket Mode can be opened")]


async def _channels(client: Slack, house: House, scopes: frozenset[str]) -> list[Finding]:
    if not house.channels:
        return []
    if scopes.isdisjoint(SEE_CHANNELS):
        needed = (
            f"it takes {SEE_CHANNELS[0]}, for private ones {SEE_CHANNELS[1]}, which Rollcall doesn't need otherwise"
        )
        listed = ", ".join(sorted(house.channels))
        return [left_out(_PART, "channels", f"whether the bot is in {listed} can't be seen ({needed})")]
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(channel: str, whose: str) -> Finding:
        async with turns:
            return await _channel(client, channel, whose, scopes)

    return list(await asyncio.gather(*(one(channel, whose) for channel, whose in sorted(house.channels.items()))))


async def _channel(client: Slack, channel: str, whose: str, scopes: frozenset[str]) -> Finding:
    what = f"channel {channel}"
    try:
        found = (await client.ask("conversations.info", {"channel": channel})).get("channel") or {}
    except SlackRefused as refusal:
        return _unseen(what, whose, refusal, scopes)
    except RollcallError as error:
        return failed(_PART, what, error)
    name = f"#{found.get('name', '')} ({whose})"
    if found.get("is_archived"):
        return failed_outside(_PART, what, f"{name} is archived", "Unarchive it, or give the client another one.")
    if not found.get("is_member"):
        return failed_outside(_PART, what, f"the bot isn't in {name}, so no card can be posted", _INVITE)
    return ok(_PART, what, f"{name}, the bot is in it")


def _unseen(what: str, whose: str, refusal: SlackRefused, scopes: frozenset[str]) -> Finding:
    if refusal.code == "missing_scope":
        lacking = ", ".join(scope for scope in SEE_CHANNELS if scope not in scopes)
        return left_out(_PART, what, f"the channel of {whose} can't be seen without {lacking}")
    if refusal.code == "channel_not_found":
        text = f"Slack shows the bot no such channel ({whose})"
        remedy = f"Correct the id in the book or in ROLLCALL_DEFAULT_CHANNEL. If it is private: {_INVITE}"
        return failed_outside(_PART, what, text, remedy)
    return failed(_PART, what, refusal)


def _clock(headers: Mapping[str, str], now: Callable[[], datetime]) -> Iterator[Finding]:
    try:
        ahead = parsedate_to_datetime(headers.get("Date", "")) - now()
    except (TypeError, ValueError):
        return
    yield clocks("Slack", ahead)
