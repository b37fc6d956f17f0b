"""How long we put up with a source that is busy or drops the line."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from connectors.errors import Cause, DirectoryNotRead

Answer = TypeVar("Answer")

_LONGEST_BACKOFF_SECONDS = 30


class TryAgain(Exception):
    """The attempt failed in a way that may pass; `failure` is what to raise when patience ends.

    `wait_seconds` is what the source asked for, None when it said nothing.
    """

    def __init__(self, failure: DirectoryNotRead, wait_seconds: int | None = None) -> None:
        """Keeps both for the loop."""
        super().__init__(str(failure))
        self.failure = failure
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits on waiting for one reading: attempts at one request in a row, and a deadline over all of them.

    A pause that the source asked for doesn't use up an attempt: it is bounded by the deadline alone.
    """

    attempts: int = 5
    deadline_seconds: int = 900
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic

    def begin(self) -> "Effort":
        """Starts the deadline of one reading."""
        return Effort(self, self.clock() + self.deadline_seconds)


@dataclass(frozen=True, slots=True)
class Effort:
    """The patience of one reading, running out."""

    patience: Patience
    until: float

    async def persist(self, attempt: Callable[[], Awaitable[Answer]]) -> Answer:
        """The first answer of `attempt` that isn't `TryAgain`; raises the last failure when patience ends."""
        failed = 0
        while True:
            try:
                return await attempt()
            except TryAgain as again:
                if again.wait_seconds is None:
                    failed += 1
                if failed >= self.patience.attempts:
                    raise again.failure from again
                pause = max(again.wait_seconds, 1) if again.wait_seconds is not None else _backoff(failed)
                if self.patience.clock() + pause > self.until:
                    raise _too_long(again, pause) from again
                await self.patience.sleep(pause)


def _backoff(failed: int) -> int:
    return min(1 << (failed - 1), _LONGEST_BACKOFF_SECONDS)


def _too_long(again: TryAgain, pause: int) -> DirectoryNotRead:
    if again.wait_seconds is None:
        return again.failure
    message = f"{again.failure} It asks to wait {pause} more seconds, which is longer than one reading may take."
    return DirectoryNotRead(Cause.THROTTLED, message)
