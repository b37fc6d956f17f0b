"""The connections of Socket Mode, kept: replaced before they end, watched, opened again after ever longer waits.

There are two, because each is ended by Slack about once an hour, and may be half dead for as long as it takes to see
that: meanwhile the other one takes what comes. More would add nothing, for Slack spreads its envelopes over them all.
"""

import asyncio
import secrets
import ssl
import time

import aiohttp
import structlog

from billing.errors import RollcallError
from bot.message import Json
from bot.slack import Slack, SlackRefused
from bot.socket_mode.connection import Connection, NoHello, Pace
from bot.socket_mode.inbox import Inbox

CONNECTIONS = 2

_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 30
# By then the waits have grown to the longest one.
_DOUBLINGS_MOST = 6
# One that ended sooner counts as one that could not be opened, or we would open them as fast as Slack ends them.
_SETTLED_AFTER_SECONDS = 5
_ACKNOWLEDGEMENTS_MAY_TAKE_SECONDS = 3
_HAS_NO_ROOM = "too_many_websockets"

_log = structlog.stdlib.get_logger(__name__)
_random = secrets.SystemRandom()


class SocketMode:
    """Keeps connections open. `slack` asks with the app token where to open them."""

    def __init__(
        self,
        slack: Slack,
        inbox: Inbox,
        trust: ssl.SSLContext,
        pace: Pace | None = None,
        connections: int = CONNECTIONS,
    ) -> None:
        self._slack = slack
        self._inbox = inbox
        self._trust = trust
        self._pace = pace or Pace()
        self._wanted = connections
        self._open: set[Connection] = set()
        self._places: list[asyncio.Task[None]] = []
        self._leaving: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()

    @property
    def is_alive(self) -> bool:
        """Whether anything that people do can reach us."""
        return any(connection.is_alive for connection in self._open)

    def start(self) -> None:
        """Begins to open connections."""
        self._places = [asyncio.create_task(self._keep()) for _ in range(self._wanted)]
        self._places.append(asyncio.create_task(self._tell_silence()))

    async def stop(self, seconds: float) -> None:
        """Takes nothing new, acknowledges what was taken, for so many seconds, and closes every connection."""
        self._inbox.close()
        for task in (*self._places, *self._leaving):
            task.cancel()
        await asyncio.gather(*self._places, *self._leaving, return_exceptions=True)
        await asyncio.gather(*(connection.close(seconds) for connection in self._open), return_exceptions=True)
        self._open.clear()

    async def _keep(self) -> None:
        """One place, which always has a connection: the next one is opened before the last one is closed."""
        last: Connection | None = None
        failures = 0
        while True:
            began = time.monotonic()
            try:
                connection = await self._opened()
            except Exception as error:  # noqa: BLE001 - whatever it is, a place must never stay empty for good
                failures += 1
                await self._wait(failures, error)
                continue
            if last is not None:
                self._retire(last)
            last = connection
            await connection.due.wait()
            _log.info("A connection to Slack is replaced", why=connection.why)
            failures = failures + 1 if time.monotonic() - began < _SETTLED_AFTER_SECONDS else 0
            if connection.why == _HAS_NO_ROOM or not connection.is_alive:
                self._retire(connection)
                last = None
            if failures:
                await asyncio.sleep(_pause(failures))

    async def _opened(self) -> Connection:
        url = await self._slack.socket()
        connection = await Connection.open(url, self._trust, self._pace, self._take, self._ended)
        self._open.add(connection)
        return connection

    async def _take(self, envelope: Json) -> Json | None:
        return await self._inbox.take(envelope)

    def _retire(self, connection: Connection) -> None:
        async def leave() -> None:
            await connection.close(_ACKNOWLEDGEMENTS_MAY_TAKE_SECONDS)
            self._open.discard(connection)

        task = asyncio.create_task(leave())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _wait(self, failures: int, error: Exception) -> None:
        known = isinstance(error, RollcallError | NoHello | aiohttp.ClientError | OSError)
        problem = str(error) or type(error).__name__
        say = _log.warning if self.is_alive else _log.error
        say("A connection to Slack could not be opened", problem=problem, exc_info=None if known else error)
        after = error.retry_after if isinstance(error, SlackRefused) else None
        await asyncio.sleep(max(_pause(failures), after or 0))

    async def _tell_silence(self) -> None:
        """Says it loudly when the last connection has ended."""
        while True:
            await self._ended.wait()
            self._ended.clear()
            if not self.is_alive:
                _log.error("No connection to Slack is alive: what people click and type fails until one is")


def _pause(failures: int) -> float:
    """Twice as long each time, up to half a minute; some of it by chance, or all bots come back at one moment."""
    longest = min(_FIRST_WAIT_SECONDS * (1 << min(failures, _DOUBLINGS_MOST)), _LONGEST_WAIT_SECONDS)
    return longest * _random.uniform(0.5, 1)
