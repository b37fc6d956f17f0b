"""What is sent to the bot, signed over HTTP or through its WebSockets, and whether it acknowledged in time."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from sandbox.workspace.model import Delivery, Json
from sandbox.workspace.state import Workspace

# What may be answered in the acknowledgement itself; from any other, Slack takes the acknowledgement alone.
_ANSWERED_AT_ONCE = {"command", "view_submission", "block_suggestion"}


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The bot's answer to an interaction: a body, or what went wrong in Slack's words."""

    status: int | None
    seconds: float
    body: str = ""
    error: str | None = None

    def structure(self) -> Json | None:
        """The body as JSON object; empty when there is no body, None when it is something else."""
        try:
            given: Any = json.loads(self.body or "{}")
        except ValueError:
            return None
        return given if isinstance(given, dict) else None


class Sender(Protocol):
    """A way to the bot."""

    async def send(self, kind: str, user: str, form: Mapping[str, str]) -> Acknowledgement:
        """Deliver a form on behalf of a user and wait for the acknowledgement."""
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
        started = self._workspace.now()
        response, error = await self._answer(urlencode(form))
        status = response.status_code if response else None
        seconds = self._workspace.now() - started
        self._workspace.deliveries.append(Delivery(kind, user, status, seconds, error))
        return Acknowledgement(status, seconds, response.text if response else "", error)

    async def _answer(self, body: str) -> tuple[httpx.Response | None, str | None]:
        if self._workspace.request_url is None:
            return None, "dispatch_failed"
        timestamp = str(int(self._workspace.now()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
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
        started = self._workspace.now()
        answer, error = await self._answer(kind, form)
        seconds = self._workspace.now() - started
        self._workspace.deliveries.append(Delivery(kind, user, None, seconds, error))
        payload = answer.get("payload") if answer and kind in _ANSWERED_AT_ONCE else None
        return Acknowledgement(None, seconds, json.dumps(payload) if payload else "", error)

    async def _answer(self, kind: str, form: Mapping[str, str]) -> tuple[Json | None, str | None]:
        is_command = kind == "command"
        envelope = "slash_commands" if is_command else "interactive"
        payload: Mapping[str, Any] = form if is_command else json.loads(form["payload"])
        takes_payload = kind in _ANSWERED_AT_ONCE
        sending = self._workspace.sockets.send(envelope, payload, accepts_response_payload=takes_payload)
        try:
            async with asyncio.timeout(self._workspace.acknowledge_seconds):
                answer = await sending
        except TimeoutError:
            return None, "operation_timeout"
        return answer, "dispatch_failed" if answer is None else None
