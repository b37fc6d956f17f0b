"""/rollcall itself: what there is, how the bot is doing, the digest of a channel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskHelp:
    """What there is, with examples of the client whose channel it was asked in."""

    channel: str | None = None


@dataclass(frozen=True, slots=True)
class AskStatus:
    """How the bot is doing."""


@dataclass(frozen=True, slots=True)
class AskRoles:
    """Who may do what."""


@dataclass(frozen=True, slots=True)
class AskDigest:
    """The digest of the channel in which it was asked."""

    channel: str | None = None
