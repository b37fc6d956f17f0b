"""One WebSocket to Slack, from its hello until it ends or should be replaced."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import structlog

from bot.message import Json

Take = Callable[[Json], Awaitable[Json | None]]

# Slack ends a connection after the time that its hello names, and most often tells so before; we don't wait for that.
_OF_ITS_TIME = 0.9
_CLOSES_WITHIN_SECONDS = 1

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a connection is looked after. One that doesn't answer a ping for half a period is dead."""

    ping_seconds: float = 10
    hello_seconds: float = 10


class NoHello(Exception):
    """A WebSocket was asked for, and Slack, or a proxy before it, didn't say in time that it takes it."""


class Connection:
    """An open WebSocket. `due` is set once it should be replaced, `why` says by what it came to that.

    Each has a session of its own: one that is shared and closed would keep every later connection from opening.
    """

    def __init__(
        self, session: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, take: Take, ended: asyncio.Event
    ) -> None:
        self._session = session
        self._socket = socket
        self._take = take
        self._ended = ended
        self._greeted = asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()
        self._getting_old: asyncio.TimerHandle | None = None
        self._reading = asyncio.create_task(self._read())
        self.due = asyncio.Event()
        self.why = ""

    @classmethod
    async def open(cls, url: str, trust: ssl.SSLContext, pace: Pace, take: Take, ended: asyncio.Event) -> Self:
        """Opens an address that is good for one connection; `ended` is set when it ends.

        Raises:
            NoHello, aiohttp.ClientError, OSError, TimeoutError: it could not be opened.

        """
        session = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(pace.hello_seconds):
                socket = await session.ws_connect(
                    url,
                    ssl=trust,
                    proxy=proxy_for(url),
                    heartbeat=pace.ping_seconds,
                    timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSES_WITHIN_SECONDS),
                )
        except aiohttp.ClientResponseError as refusal:
            await session.close()
            # Its own text quotes the address, and with it the ticket, and goes to the log.
            raise NoHello(f"the WebSocket was refused with HTTP {refusal.status}") from None
        except BaseException:
            await session.close()
            raise
        connection = cls(session, socket, take, ended)
        try:
            async with asyncio.timeout(pace.hello_seconds):
                await connection.greeted()
        except BaseException:
            await connection.close(0)
            raise
        return connection

    @property
    def is_alive(self) -> bool:
        """Whether something can come through it."""
        return self._greeted.is_set() and not self._reading.done()

    async def greeted(self) -> None:
        """Waits for Slack's hello; NoHello when the connection ends before."""
        hello = asyncio.create_task(self._greeted.wait())
        try:
            await asyncio.wait({hello, self._reading}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hello.cancel()
        if not self._greeted.is_set():
            raise NoHello(self.why)

    async def close(self, seconds: float) -> None:
        """Sends the acknowledgements that are on their way, for so many seconds, and ends."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=seconds)
        if self._getting_old is not None:
            self._getting_old.cancel()
        await self._socket.close()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._session.close()

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._heard(message.data)
                elif message.type is aiohttp.WSMsgType.ERROR:
                    self._is_due(f"broken: {message.data!r}")
        finally:
            self._is_due("ended")
            self._ended.set()

    def _heard(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        match message:
            case {"type": "hello"}:
                seconds = (message.get("debug_info") or {}).get("approximate_connection_time")
                if isinstance(seconds, int) and seconds > 0:
                    self._getting_old = asyncio.get_running_loop().call_later(
                        seconds * _OF_ITS_TIME, self._is_due, "old"
                    )
                self._greeted.set()
            case {"type": "disconnect"}:
                self._is_due(str(message.get("reason")))
            case {"envelope_id": _}:
                task = asyncio.create_task(self._answer(message))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)

    async def _answer(self, envelope: Json) -> None:
        acknowledgement = await self._take(envelope)
        if acknowledgement is None:
            return
        try:
            await self._socket.send_json(acknowledgement)
        except (aiohttp.ClientError, OSError) as error:
            # What was decided stands; Slack may deliver it again, and then it is only acknowledged.
            _log.warning("An acknowledgement didn't reach Slack", problem=str(error) or type(error).__name__)

    def _is_due(self, why: str) -> None:
        if not self.due.is_set():
            self.why = why
            self.due.set()


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for a WebSocket: the one for https, unless NO_PROXY has its host.

    aiohttp would look for a variable WSS_PROXY, which nobody sets.
    """
    address = urlsplit(url)
    with suppress(OSError):
        if proxy_bypass(address.hostname or ""):
            return None
    return getproxies().get("https" if address.scheme == "wss" else "http")
