"""/client: one client at a glance, or a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.grammar.words import CommandIsUnclear

_ADD = "add"


@dataclass(frozen=True, slots=True)
class ShowClient:
    """One client at a glance."""

    client: str


@dataclass(frozen=True, slots=True)
class AddClient:
    """A new client; `name` is what it is to be called, as far as that was said.

    `trigger_id` opens the modal that asks for the rest; without one there is a button for that.
    """

    name: str
    channel: str | None = None
    trigger_id: str | None = None


def read_client(tokens: Sequence[str], _today: date, in_name: int) -> ShowClient | AddClient:
    """Which client is asked for, or that there is a new one."""
    if not tokens:
        raise CommandIsUnclear("Which client? Possible: /client <client> · /client add.")
    if tokens[0].lower() == _ADD and not in_name:
        return AddClient(" ".join(tokens[1:]))
    return ShowClient(" ".join(tokens))
