"""Message timestamps and other ids, each given once."""

import itertools
import secrets
from collections.abc import Callable


class Stamps:
    """Slack's ids: a message's ts grows, also when two are taken within one tick of the clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Take the time, in seconds since 1970, from `now`."""
        self.now = now
        self._last_micros = 0
        self._numbers = itertools.count(1)

    def ts(self) -> str:
        """A message's timestamp, greater than all before it."""
        self._last_micros = max(int(self.now() * 1_000_000), self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def id(self, letter: str) -> str:
        """An id that starts with the letter of its kind."""
        return f"{letter}{next(self._numbers):08d}"

    def secret(self) -> str:
        """Something that nobody can guess, for triggers, view hashes and URLs."""
        return secrets.token_hex(8)
