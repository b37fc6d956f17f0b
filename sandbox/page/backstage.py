"""What the page shows and does beside Slack: the clients, their tenants, the business date, and the bot's process.

A page over a bare workspace has none of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from sandbox.microsoft.tenant import Tenant


class BotIs(StrEnum):
    """What the bot's process does."""

    STARTING = "starting"
    READING = "reading"
    """It is ready, and the directories are read, as every night."""
    READY = "ready"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Client:
    """A client of the provider; `channel` is the id of its channel."""

    slug: str
    name: str
    channel: str | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The business date, the next day on which somebody is billed, and the bot; `trouble` says why it is broken."""

    today: date
    next_bill_date: date | None
    bot: BotIs
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The last `rollcall sync` of a client as a terminal shows it; while it runs, nothing is said yet."""

    command: str
    is_running: bool
    code: int = 0
    said: str = ""


class Backstage(Protocol):
    """The demo around a workspace."""

    def clients(self) -> Sequence[Client]:
        """All clients, by slug."""
        ...

    def roles(self) -> Mapping[str, str]:
        """Who has which role, by user id."""
        ...

    def tenant(self, client: str) -> Tenant | None:
        """The tenant of a client, by slug."""
        ...

    def clock(self) -> Clock:
        """What day it is."""
        ...

    def day_of(self, ts: str) -> date | None:
        """The business date on which a message was posted."""
        ...

    def turn_to(self, day: date) -> None:
        """Begins to move the business date on; WrongInput when it can't be done now."""
        ...

    def read(self, client: str) -> None:
        """Begins to read a client's directories; WrongInput when they are being read already."""
        ...

    def reading(self, client: str) -> Reading | None:
        """The last reading that the page asked for."""
        ...
