"""The messages of a workspace: what was posted, edited, deleted, and who sees it."""

from dataclasses import replace

from sandbox.workspace.errors import NotInThisWorkspace
from sandbox.workspace.model import Content, Message
from sandbox.workspace.pulse import Pulse
from sandbox.workspace.stamps import Stamps


class Messages:
    """All messages by (channel, ts), in the order of their posting."""

    def __init__(self, stamps: Stamps, pulse: Pulse) -> None:
        """Start with none."""
        self._stamps = stamps
        self._pulse = pulse
        self._kept: dict[tuple[str, str], Message] = {}
        self._deleted: set[tuple[str, str]] = set()

    def post(
        self,
        channel: str,
        author: str,
        content: Content,
        *,
        thread_ts: str | None = None,
        only_for: str | None = None,
        files: tuple[str, ...] = (),
    ) -> Message:
        """A new message; `only_for` makes it ephemeral."""
        message = Message(self._stamps.ts(), channel, author, (content,), thread_ts, only_for, files=files)
        self._kept[channel, message.ts] = message
        self._pulse.beat()
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        """The message, unless it never was or is deleted."""
        return self._kept.get((channel, ts))

    def get(self, channel: str, ts: str) -> Message:
        """The message that a person points at."""
        message = self.find(channel, ts)
        if message is None:
            raise NotInThisWorkspace(f"There is no message {ts} in the channel {channel}; it may have been deleted.")
        return message

    def was_posted(self, channel: str, ts: str) -> bool:
        """Whether the message is there or was there once."""
        return (channel, ts) in self._kept or (channel, ts) in self._deleted

    def has_replies(self, channel: str, thread_ts: str) -> bool:
        """Whether anybody answered in the thread, for everybody to see."""
        return any(
            one.thread_ts == thread_ts != one.ts and one.only_for is None
            for one in self._kept.values()
            if one.channel == channel
        )

    def edit(self, message: Message, content: Content, *, marks: bool) -> Message:
        """Show something else from now on; `marks` says whether readers see "(edited)"."""
        edited = replace(message, editions=(*message.editions, content), is_edited=message.is_edited or marks)
        self._kept[message.channel, message.ts] = edited
        self._pulse.beat()
        return edited

    def delete(self, message: Message) -> None:
        """Take the message away."""
        del self._kept[message.channel, message.ts]
        self._deleted.add((message.channel, message.ts))
        self._pulse.beat()

    def in_channel(self, channel: str, viewer: str | None = None) -> list[Message]:
        """What is in a channel, oldest first; with a viewer, also what only that user sees."""
        return [
            message
            for message in self._kept.values()
            if message.channel == channel and message.only_for in {None, viewer}
        ]

    def all(self) -> list[Message]:
        """Every message, the ephemeral ones of everybody too, oldest first."""
        return list(self._kept.values())
