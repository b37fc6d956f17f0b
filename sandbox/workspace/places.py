"""The users, user groups and channels of a workspace."""

from dataclasses import replace

from sandbox.workspace.errors import NotInThisWorkspace, SlackRefusal
from sandbox.workspace.model import Channel, User
from sandbox.workspace.pulse import Pulse
from sandbox.workspace.stamps import Stamps

EVERYBODY = (
    User("U0VIEWER", "viewer", "Vera Viewer"),
    User("U0APPROVER", "approver", "Alma Approver"),
    User("U0BILLER", "biller", "Bert Biller"),
    User("U0ADMIN", "admin", "Ada Admin"),
)
"""Who is in a workspace from the start: one person for each role that a bot may give."""


class Places:
    """Who is there, and where they talk. People are in every channel; the bot is where it was invited."""

    def __init__(self, stamps: Stamps, pulse: Pulse) -> None:
        """Start with one person for each role and no channels."""
        self._stamps = stamps
        self._pulse = pulse
        self.users = {user.id: user for user in EVERYBODY}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.channels: dict[str, Channel] = {}

    def add_user(self, name: str, real_name: str | None = None, user_id: str | None = None) -> User:
        """A new person, or the person of that id renamed."""
        user = User(user_id or self._stamps.id("U"), name, real_name or name)
        self.users[user.id] = user
        self._pulse.beat()
        return user

    def add_channel(
        self, name: str, channel_id: str | None = None, *, is_member: bool = True, is_private: bool = False
    ) -> Channel:
        """A new channel, or the channel of that id as now described."""
        channel = Channel(channel_id or self._stamps.id("C"), name.removeprefix("#"), is_member, is_private)
        return self._keep(channel)

    def set_membership(self, channel: str, *, is_member: bool) -> Channel:
        """Invite the bot to a channel, or remove it from there."""
        changed = replace(self.channel(channel), is_member=is_member)
        return self._keep(changed)

    def user(self, named: str) -> User:
        """The person of this id or handle."""
        for user in self.users.values():
            if named.removeprefix("@") in {user.id, user.name}:
                return user
        known = ", ".join(user.name for user in self.users.values())
        raise NotInThisWorkspace(f"There is no user {named} in this workspace. It has {known}.")

    def channel(self, named: str) -> Channel:
        """The channel of this id or name, with or without #."""
        for channel in self.channels.values():
            if named.removeprefix("#") in {channel.id, channel.name}:
                return channel
        known = ", ".join(channel.name for channel in self.channels.values()) or "none yet"
        raise NotInThisWorkspace(f"There is no channel {named} in this workspace. Its channels: {known}.")

    def direct(self, user_id: str) -> Channel:
        """The direct messages between the bot and a user; SlackRefusal when there is no such user."""
        if user_id not in self.users:
            raise SlackRefusal("user_not_found")
        for channel in self.channels.values():
            if channel.direct_with == user_id:
                return channel
        opened = Channel(self._stamps.id("D"), f"direct-{self.users[user_id].name}", direct_with=user_id)
        return self._keep(opened)

    def visible_to_bot(self, named: str) -> Channel:
        """A channel as the bot may name it; a private one exists for the bot only if it is a member."""
        if named in self.users:
            return self.direct(named)
        try:
            channel = self.channel(named)
        except NotInThisWorkspace as unknown:
            raise SlackRefusal("channel_not_found") from unknown
        if channel.is_private and not channel.is_member:
            raise SlackRefusal("channel_not_found")
        return channel

    def open_to_bot(self, named: str) -> Channel:
        """A channel that the bot may write in; without `chat:write.public` it must be a member."""
        channel = self.visible_to_bot(named)
        if not channel.is_member:
            raise SlackRefusal("not_in_channel")
        return channel

    def _keep(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        self._pulse.beat()
        return channel
