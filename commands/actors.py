"""Who acts, and when: the two arguments that every use case takes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts. `id` goes into the audit log: a Slack user id, "cli:root for Dana", "clock".

    `groups` are the Slack user groups that the user is in, where they are known.
    """

    id: str
    kind: Literal["slack", "cli", "clock"]
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """The time as it is, and the business date: fixed for demos and tests, else today in the client's zone."""

    fixed: date | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def today(self, timezone: str) -> date:
        """The business date in a time zone."""
        return self.fixed or self.now().astimezone(ZoneInfo(timezone)).date()
