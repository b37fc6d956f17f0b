"""The things of a workspace, as frozen values."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class User:
    """A person; `name` is the handle without @."""

    id: str
    name: str
    real_name: str

    @property
    def email(self) -> str:
        """An address that can't be anybody's."""
        return f"{self.name}@workspace.example"


@dataclass(frozen=True, slots=True)
class Channel:
    """A place for messages; `is_member` says whether the bot was invited, `direct_with` makes it a direct message."""

    id: str
    name: str
    is_member: bool = True
    is_private: bool = False
    direct_with: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a message shows at one time."""

    text: str
    blocks: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file; `channel` is None until it was shared, or for ever where only the bot may use it."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    title: str = ""
    channel: str | None = None
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message with everything that it ever showed; an ephemeral one is only for one user."""

    ts: str
    channel: str
    author: str
    editions: tuple[Content, ...]
    thread_ts: str | None = None
    only_for: str | None = None
    is_edited: bool = False
    files: tuple[str, ...] = ()

    @property
    def content(self) -> Content:
        """What it shows now."""
        return self.editions[-1]


@dataclass(frozen=True, slots=True)
class View:
    """A modal on a user's screen, or a home tab; `payload` is what the bot sent, its block ids filled in."""

    id: str
    user: str
    payload: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    answers: Json = field(default_factory=dict)
    """What the person put into its fields, in the shape of Slack's `state.values`."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot and Slack's answer to it: None, or an error code."""

    method: str
    error: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request to the bot: how long it took to answer, and what went wrong (`operation_timeout` and so on)."""

    kind: str
    user: str
    status: int | None
    seconds: float
    error: str | None = None
