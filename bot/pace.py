"""How fast Slack is called: a little slower than it allows, so that it needn't refuse anything.

Slack's page on rate limits counts each method by itself, for an app in a workspace: tier 2 is 20 calls a minute, tier 3
is 50, tier 4 is 100; messages are several hundred a minute, and about one a second in each channel with short bursts. A
rate here is a burst and what follows it, which together stay below that in any minute.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiolimiter import AsyncLimiter

_MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls at once, and so many a minute afterwards."""

    burst: int
    a_minute: int


TIER_2, TIER_3, TIER_4 = Rate(10, 10), Rate(10, 40), Rate(20, 80)
_METHODS: Mapping[str, Rate] = {
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": Rate(40, 200),
    "chat.update": TIER_3,
    "conversations.open": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "usergroups.users.list": TIER_2,
    "views.publish": TIER_4,
    "views.update": TIER_4,
}
# What isn't named is asked for by a click that can't wait, such as views.open, or by nobody often.
_CHANNEL = Rate(2, 60)


@dataclass(frozen=True, slots=True)
class Rates:
    """What each method may be called at, and what each channel may be written to; `speed` shortens every minute."""

    methods: Mapping[str, Rate] = field(default_factory=lambda: _METHODS)
    channel: Rate = _CHANNEL
    speed: float = 1

    def limiter(self, rate: Rate) -> AsyncLimiter:
        """A bucket that leaks at a rate."""
        return AsyncLimiter(rate.burst, rate.burst * _MINUTE_SECONDS / rate.a_minute / self.speed)


class Pace:
    """Gives turns to calls, first come, first served. `now` is the clock that Slack's pauses are measured by."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC), rates: Rates | None = None) -> None:
        self._now = now
        self._rates = rates or Rates()
        self._methods = {method: self._rates.limiter(rate) for method, rate in self._rates.methods.items()}
        self._channels: defaultdict[str, AsyncLimiter] = defaultdict(lambda: self._rates.limiter(self._rates.channel))
        self._last: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._resting: dict[str, datetime] = {}

    async def turn(self, method: str, channel: str | None = None, *, yields: bool = False) -> None:
        """Waits until a method may be called, and a channel written to.

        Of those that yield, one at a time stands in a method's queue, so that whoever answers somebody waits for one
        of them at most.
        """
        if channel is not None:
            await self._channels[channel].acquire()
        limiter = self._methods.get(method)
        if limiter is None:
            return
        if not yields:
            await limiter.acquire()
            return
        async with self._last[method]:
            await limiter.acquire()

    def rest(self, method: str, seconds: float) -> None:
        """Slack wants nothing of a method for so many seconds, in no channel."""
        self._resting[method] = max(self._now() + timedelta(seconds=seconds), self._resting.get(method, self._now()))

    def rests_for(self, method: str) -> float:
        """The seconds for which Slack wants nothing more of a method."""
        until = self._resting.get(method)
        return max((until - self._now()).total_seconds(), 0) if until else 0
