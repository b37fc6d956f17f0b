"""How far everybody has read, a mark for each user and channel; it outlives a tab."""

from sandbox.workspace.messages import Messages
from sandbox.workspace.model import Message


class Unread:
    """The marks of everybody."""

    def __init__(self, messages: Messages) -> None:
        """Nobody has read anything."""
        self._messages = messages
        self._read_to: dict[tuple[str, str], str] = {}

    def count(self, user: str, channel: str) -> int:
        """How many messages of a channel a user hasn't seen, own ones left out."""
        mark = self._read_to.get((user, channel), "")
        return sum(1 for message in self._messages.in_channel(channel, user) if _is_new(message, user, mark))

    def mark(self, user: str, channel: str, ts: str) -> bool:
        """The user has seen everything up to this message; says whether that is news."""
        if ts <= self._read_to.get((user, channel), ""):
            return False
        self._read_to[user, channel] = ts
        return True


def _is_new(message: Message, user: str, mark: str) -> bool:
    return message.ts > mark and message.author != user
