"""Whoever an answer is for, and the ways to them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reader:
    """A user who asked or clicked: by a response URL of the last half hour, or in a channel, there in a thread.

    Whoever did so on the home tab has neither, and is answered in a direct message.
    """

    user: str
    channel: str | None = None
    response_url: str | None = None
    thread: str | None = None
