"""How fast Slack lets a bot call: not held to until somebody asks for it, and then as strictly as Slack may.

Slack's page on rate limits gives each method a tier, so many calls a minute for an app in a workspace, and each channel
a message a second with short bursts. What it leaves open is taken at its strictest here: a minute is any sixty seconds,
and whoever was refused is refused until the wait that they were told is over.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable, Mapping

_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100
# "Several hundred messages a minute" for the whole workspace.
_MESSAGES = 300
_A_MINUTE: Mapping[str, int] = {
    "chat.delete": _TIER_3,
    "chat.postEphemeral": _TIER_4,
    "chat.postMessage": _MESSAGES,
    "chat.update": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.open": _TIER_3,
    "files.completeUploadExternal": _TIER_4,
    "files.getUploadURLExternal": _TIER_4,
    "usergroups.users.list": _TIER_2,
    "users.info": _TIER_4,
    "views.open": _TIER_4,
    "views.publish": _TIER_4,
    "views.push": _TIER_4,
    "views.update": _TIER_4,
}
_POSTS = {"chat.postEphemeral", "chat.postMessage"}
_MINUTE_SECONDS = 60
# How far a channel may be ahead of one message a second.
_BURST_SECONDS = 4


class Limits:
    """What each method and channel was used for of late. `now` gives seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Start without holding anybody to anything."""
        self._now = now
        self._speed: float | None = None
        self._forget()

    def hold(self, speed: float | None = 1) -> None:
        """Hold the bot to the limits from now on, with minutes that pass so many times as fast; None: no longer."""
        self._speed = speed
        self._forget()

    def wait_for(self, method: str, channel: str | None) -> int | None:
        """Counts a call; the seconds after which it may be tried again, where it comes too early."""
        if self._speed is None or method not in _A_MINUTE:
            return None
        now = self._now() * self._speed
        free = max(self._free_at(method, now), self._channel_free_at(method, channel, now))
        until = max(self._refused_until[method], free)
        if until > now:
            # Slack writes whole seconds, never none.
            wait = math.ceil((until - now) / self._speed)
            self._refused_until[method] = now + wait * self._speed
            return wait
        self._calls[method].append(now)
        if method in _POSTS and channel is not None:
            self._channels[channel] = max(self._channels[channel], now) + 1
        return None

    def _free_at(self, method: str, now: float) -> float:
        calls = self._calls[method]
        while calls and calls[0] <= now - _MINUTE_SECONDS:
            calls.popleft()
        return calls[0] + _MINUTE_SECONDS if len(calls) >= _A_MINUTE[method] else now

    def _channel_free_at(self, method: str, channel: str | None, now: float) -> float:
        if method not in _POSTS or channel is None:
            return now
        return self._channels[channel] + 1 - _BURST_SECONDS

    def _forget(self) -> None:
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)
        self._channels: defaultdict[str, float] = defaultdict(float)
        self._refused_until: defaultdict[str, float] = defaultdict(float)
