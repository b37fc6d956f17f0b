"""Who acts, and when: the two arguments that every use case takes."""

import unicodedata
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


def person_of(actor_id: str) -> str:
    """Which human an id of the audit log stands for: at the command line whoever was named, else who was signed in.

    Names are compared without regard to case; a Slack user who is named there by id is that user.
    """
    signed_in, _, named = actor_id.removeprefix("cli:").partition(" for ")
    return unicodedata.normalize("NFKC", named or signed_in).casefold()


@dataclass(frozen=True, slots=True)
class Clock:
    """The time as it is, and the business date: fixed for demos and tests, else today in the client's zone."""

    fixed: date | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def today(self, timezone: str) -> date:
        """The business date in a time zone."""
        return self.fixed or self.now().astimezone(ZoneInfo(timezone)).date()
