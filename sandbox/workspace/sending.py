"""Requests to the bot, signed as Slack signs them, and whether it acknowledged in time."""

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
