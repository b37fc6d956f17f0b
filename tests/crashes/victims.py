"""Victims: processes of ours that are started to be killed, as the test sees them."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.crashes.errands import Errand, Point
from tests.house.checks import ROOT

KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Victim:
    """One process; `ended` gives its exit code, negative for a signal."""

    pid: int
    log: Path
    ended: asyncio.Future[int]

    def points(self) -> list[Point]:
        """Every point that it came by, in order."""
        seen: Counter[str] = Counter()
        points = []
        for name in self.log.read_text(encoding="ascii").splitlines() if self.log.exists() else ():
            seen[name] += 1
            points.append(Point(name, seen[name]))
        return points

    def kill(self) -> None:
        """Ends it where it is."""
        if not self.ended.done():
            os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """Starts victims."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = count(1)
        self._born: dict[int, asyncio.Future[int]] = {}
        self._ended: dict[int, asyncio.Future[int]] = {}

    async def send(
        self,
        folder: Path,
        words: tuple[str, ...],
        settings: Mapping[str, str],
        dies_at: Point | None = None,
        clock_ahead_seconds: int = 0,
        piped: str = "",
    ) -> Victim:
        """A process that has begun."""
        assert self._process.stdin is not None
        number, loop = next(self._numbers), asyncio.get_running_loop()
        self._born[number], self._ended[number] = loop.create_future(), loop.create_future()
        errand = Errand(number, str(folder), words, settings, dies_at, clock_ahead_seconds, piped)
        self._process.stdin.write(errand.packed())
        return Victim(await self._born[number], folder / f"points-{number}.txt", self._ended[number])

    async def listen(self) -> None:
        """Hears which victims began and ended, for as long as there is a nursery."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if "pid" in told:
                self._born[told["number"]].set_result(told["pid"])
            else:
                self._ended[told["number"]].set_result(told["code"])


@asynccontextmanager
async def open_nursery() -> AsyncIterator[Nursery]:
    """A nursery for as long as the block lasts; whoever lives in it then is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.crashes.nursery",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    nursery = Nursery(process)
    listening = asyncio.create_task(nursery.listen())
    try:
        yield nursery
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        await listening
