"""`rollcall serve` as a process that is killed, and started again later."""

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.crashes.errands import Point
from tests.crashes.victims import Nursery, Victim

NOW = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)

# By then the dead process's leases have ended, and a turn of the clock that it took counts as abandoned.
_STARTED_AGAIN_AFTER = timedelta(hours=2)

# Begun somewhere else by each process, so that two runs of the tests on one machine seldom meet.
_PORTS = iter(range(20_000 + time.monotonic_ns() // 1000 % 10_000, 32_000))


class NothingHappened(AssertionError):
    """What was waited for did not come."""


@dataclass
class Bot:
    """`rollcall serve`, which is started again once when it is killed."""

    nursery: Nursery
    folder: Path
    settings: dict[str, str]
    first: Victim
    at_death: Callable[[], None]
    deaths: int = 0
    second: Victim | None = None

    async def supervise(self) -> None:
        """Starts it again as soon as it is dead, later by the clock."""
        await asyncio.shield(self.first.ended)
        self.at_death()
        self.deaths = 1
        ahead = _ahead(_STARTED_AGAIN_AFTER)
        self.second = await self.nursery.send(self.folder, ("serve",), self.settings, clock_ahead_seconds=ahead)

    async def is_up(self) -> bool:
        """Whether it takes requests."""
        if self.second is not None and self.second.ended.done():
            said = (self.folder / "output.txt").read_text(encoding="utf-8")
            raise NothingHappened(f"The bot did not stay up when it was started again:\n{said}")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", int(self.settings["ROLLCALL_HTTP_PORT"]))
        except ConnectionError:
            return False
        writer.close()
        return True


async def start_bot(
    nursery: Nursery, folder: Path, settings: dict[str, str], dies_at: Point | None, at_death: Callable[[], None]
) -> Bot:
    """The bot, which works in a folder and dies at a point; then something is looked at before it is started again."""
    ahead = _ahead(timedelta())
    return Bot(nursery, folder, settings, await nursery.send(folder, ("serve",), settings, dies_at, ahead), at_death)


def _ahead(later: timedelta) -> int:
    return int((NOW + later - datetime.now(UTC)).total_seconds())


def free_port() -> int:
    """A port for a bot that dies and comes back, from below those that the system hands out by itself.

    None is handed out twice: while its bot is dead it looks free, and another office would take it.
    """
    for port in _PORTS:
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NothingHappened("No port is free.")
