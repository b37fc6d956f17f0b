"""Socket Mode: the connections that a bot opened, and envelopes, each of which goes through exactly one of them."""

import asyncio
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from sandbox.workspace.model import Json
from sandbox.workspace.stamps import Stamps

CONNECTIONS_MOST = 10
_LASTS_SECONDS = 3600


class Wire(Protocol):
    """What carries a connection."""

    async def send(self, message: Json) -> None:
        """Write a message; nothing happens when the other end is gone."""
        ...

    def cut(self) -> None:
        """End it without a word, as a dying network does."""
        ...

    def mute(self) -> None:
        """Leave it open, and read nothing any more."""
        ...


class ConnectionIsGone(Exception):
    """A connection ended before an envelope was acknowledged."""


@dataclass(frozen=True, slots=True)
class ConnectionSeen:
    """A connection as people and tests see it; `envelopes` counts what was sent through it."""

    id: str
    is_silent: bool
    is_leaving: bool
    envelopes: int


class Connection:
    """One WebSocket of the bot."""

    def __init__(self, connection_id: str, wire: Wire) -> None:
        """Nothing was sent yet."""
        self.id = connection_id
        self.is_silent = False
        self.is_leaving = False
        self._wire = wire
        self._envelopes = 0
        self._awaited: dict[str, asyncio.Future[Json]] = {}

    @property
    def seen(self) -> ConnectionSeen:
        """What there is to see of it."""
        return ConnectionSeen(self.id, self.is_silent, self.is_leaving, self._envelopes)

    async def greet(self, app_id: str, number: int) -> None:
        """Say hello, as one of so many connections."""
        info = {"host": "sandbox", "approximate_connection_time": _LASTS_SECONDS}
        await self._wire.send(
            {"type": "hello", "num_connections": number, "connection_info": {"app_id": app_id}, "debug_info": info}
        )

    async def deliver(self, envelope: Json) -> Json:
        """Send an envelope and wait for its acknowledgement; ConnectionIsGone when the connection ends before."""
        acknowledged: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._awaited[envelope["envelope_id"]] = acknowledged
        self._envelopes += 1
        try:
            if not self.is_silent:
                await self._wire.send(envelope)
            return await acknowledged
        finally:
            self._awaited.pop(envelope["envelope_id"], None)

    def take(self, text: str) -> None:
        """Take an acknowledgement; what Slack doesn't understand, it ignores."""
        try:
            given: Any = json.loads(text)
        except ValueError:
            return
        awaited = self._awaited.get(str(given.get("envelope_id"))) if isinstance(given, dict) else None
        if awaited is not None and not awaited.done():
            awaited.set_result(given)

    async def ask_to_leave(self, reason: str) -> None:
        """Tell the bot that this connection will end; what comes later takes another one, where there is one."""
        self.is_leaving = True
        await self._wire.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})

    def silence(self, seconds: float) -> None:
        """Be half dead: open, and deaf and dumb, until Slack finds it out and ends it."""
        self.is_silent = True
        self._wire.mute()
        asyncio.get_running_loop().call_later(seconds, self._wire.cut)

    def cut(self) -> None:
        """End without a word."""
        self._wire.cut()

    def ended(self) -> None:
        """Whoever waits for an acknowledgement waits in vain."""
        for awaited in self._awaited.values():
            if not awaited.done():
                awaited.set_exception(ConnectionIsGone())


class Sockets:
    """The connections, and the tickets with which they are opened."""

    def __init__(self, stamps: Stamps) -> None:
        """Start with none."""
        self._stamps = stamps
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []

    def issue_ticket(self) -> str:
        """A ticket that opens one connection."""
        ticket = self._stamps.secret()
        self._tickets.add(ticket)
        return ticket

    def redeem(self, ticket: str) -> bool:
        """Whether the ticket is good; it isn't a second time."""
        is_good = ticket in self._tickets
        self._tickets.discard(ticket)
        return is_good

    def open(self, wire: Wire) -> Connection:
        """Begin a connection."""
        connection = Connection(self._stamps.id("L"), wire)
        self._connections.append(connection)
        return connection

    def close(self, connection: Connection) -> None:
        """Forget a connection that ended."""
        self._connections.remove(connection)
        connection.ended()

    def all(self) -> list[Connection]:
        """Every connection, the one whose turn comes last at the end."""
        return list(self._connections)

    async def send(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        accepts_response_payload: bool,
        tried: Mapping[str, Any] = MappingProxyType({}),
    ) -> Json | None:
        """Send an envelope through one connection, and through another one if that ends; None when there is none.

        `tried` is what the envelope says of how often it was tried before.
        """
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "payload": dict(payload),
            "accepts_response_payload": accepts_response_payload,
            **tried,
        }
        for attempt in range(CONNECTIONS_MOST):
            connection = self._next()
            if connection is None:
                return None
            again = {"retry_attempt": attempt, "retry_reason": "connection_closed"} if attempt else {}
            try:
                return await connection.deliver(envelope | again)
            except ConnectionIsGone:
                continue
        return None

    def _next(self) -> Connection | None:
        """The connection whose turn it is: each in turn, those that will end only where there is no other."""
        staying = [one for one in self._connections if not one.is_leaving] or self._connections
        if not staying:
            return None
        chosen = staying[0]
        self._connections.remove(chosen)
        self._connections.append(chosen)
        return chosen
