"""What is sent to the bot, signed over HTTP or through its WebSockets, and whether it acknowledged in time."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from sandbox.workspace.model import Delivery, Json
from sandbox.workspace.state import Workspace

# What may be answered in the acknowledgement itself; from any other, Slack takes the acknowledgement alone.
_ANSWERED_AT_ONCE = {"command", "view_submission", "block_suggestion"}
# Every envelope of an event says how often it was tried before.
_FOR_THE_FIRST_TIME: Mapping[str, Any] = {"retry_attempt": 0, "retry_reason": ""}


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The bot's answer to an interaction: a body, or what went wrong in Slack's words."""

    status: int | None
    seconds: float
    body: str = ""
    error: str | None = None
    is_final: bool = False
    """Whether the bot said that it doesn't want to be told again, whatever went wrong."""

    def structure(self) -> Json | None:
        """The body as JSON object; empty when there is no body, None when it is something else."""
        try:
            given: Any = json.loads(self.body or "{}")
        except ValueError:
            return None
        return given if isinstance(given, dict) else None


@dataclass(frozen=True, slots=True)
class Again:
    """That an event is told for another time: the number of the repetition, and why, as HTTP and as sockets say it."""

    number: int
    http_reason: str
    socket_reason: str


class Sender(Protocol):
    """A way to the bot."""

    async def send(self, kind: str, user: str, form: Mapping[str, str]) -> Acknowledgement:
        """Deliver a form on behalf of a user and wait for the acknowledgement."""
        ...

    async def tell(self, kind: str, user: str, told: Json, again: Again | None) -> Acknowledgement:
        """Deliver an event that a user caused, for the first time or again, and wait for the acknowledgement."""
        ...


def signature(secret: str, timestamp: str, body: str) -> str:
    """Slack's signature, version 0, of a request body."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()


def sender_of(workspace: Workspace, http: httpx.AsyncClient) -> Sender:
    """The one place that decides how the bot is reached: at its request URL, or without one through its WebSockets."""
    return SocketSender(workspace) if workspace.request_url is None else HttpSender(workspace, http)


class HttpSender:
    """The way to a bot that listens at a request URL."""

    def __init__(self, workspace: Workspace, http: httpx.AsyncClient) -> None:
        """Send to the workspace's request URL with this client."""
        self._workspace = workspace
        self._http = http

    async def send(self, kind: str, user: str, form: Mapping[str, str]) -> Acknowledgement:
        """Post the form, wait no longer than Slack does, and keep a record of it."""
        return await self._post(kind, user, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})

    async def tell(self, kind: str, user: str, told: Json, again: Again | None) -> Acknowledgement:
        """The same with an event, which is JSON; a repetition says so in its headers."""
        headers = {"Content-Type": "application/json"}
        if again is not None:
            headers |= {"X-Slack-Retry-Num": str(again.number), "X-Slack-Retry-Reason": again.http_reason}
        return await self._post(kind, user, json.dumps(told), headers)

    async def _post(self, kind: str, user: str, body: str, headers: Mapping[str, str]) -> Acknowledgement:
        started = self._workspace.now()
        response, error = await self._answer(body, headers)
        status = response.status_code if response else None
        seconds = self._workspace.now() - started
        self._workspace.deliveries.append(Delivery(kind, user, status, seconds, error))
        is_final = response is not None and response.headers.get("x-slack-no-retry") == "1"
        return Acknowledgement(status, seconds, response.text if response else "", error, is_final)

    async def _answer(self, body: str, about: Mapping[str, str]) -> tuple[httpx.Response | None, str | None]:
        if self._workspace.request_url is None:
            return None, "dispatch_failed"
        timestamp = str(int(self._workspace.now()))
        headers = {
            **about,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._workspace.signing_secret, timestamp, body),
        }
        try:
            async with asyncio.timeout(self._workspace.acknowledge_seconds):
                response = await self._http.post(self._workspace.request_url, content=body, headers=headers)
        except TimeoutError:
            return None, "operation_timeout"
        except httpx.HTTPError:
            return None, "dispatch_failed"
        return response, None if response.is_success else "http_service_error"


class SocketSender:
    """The way to a bot in Socket Mode."""

    def __init__(self, workspace: Workspace) -> None:
        """Send through the connections that are open by then."""
        self._workspace = workspace

    async def send(self, kind: str, user: str, form: Mapping[str, str]) -> Acknowledgement:
        """Send one envelope, wait no longer than Slack does, and keep a record of it."""
        is_command = kind == "command"
        envelope = "slash_commands" if is_command else "interactive"
        payload: Mapping[str, Any] = form if is_command else json.loads(form["payload"])
        takes_payload = kind in _ANSWERED_AT_ONCE
        sending = self._workspace.sockets.send(envelope, payload, accepts_response_payload=takes_payload)
        return await self._sent(kind, user, sending)

    async def tell(self, kind: str, user: str, told: Json, again: Again | None) -> Acknowledgement:
        """The same with an event; a repetition is an envelope of its own."""
        tried = {"retry_attempt": again.number, "retry_reason": again.socket_reason} if again else _FOR_THE_FIRST_TIME
        sending = self._workspace.sockets.send("events_api", told, accepts_response_payload=False, tried=tried)
        return await self._sent(kind, user, sending)

    async def _sent(self, kind: str, user: str, sending: Coroutine[None, None, Json | None]) -> Acknowledgement:
        started = self._workspace.now()
        answer, error = await self._answer(sending)
        seconds = self._workspace.now() - started
        self._workspace.deliveries.append(Delivery(kind, user, None, seconds, error))
        payload = answer.get("payload") if answer and kind in _ANSWERED_AT_ONCE else None
        return Acknowledgement(None, seconds, json.dumps(payload) if payload else "", error)

    async def _answer(self, sending: Coroutine[None, None, Json | None]) -> tuple[Json | None, str | None]:
        try:
            async with asyncio.timeout(self._workspace.acknowledge_seconds):
                answer = await sending
        except TimeoutError:
            return None, "operation_timeout"
        return answer, "dispatch_failed" if answer is None else None
