"""Who looks at what in one tab of a browser. All of it is in the address, so that two tabs can be two people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote, urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.workspace.errors import NotInThisWorkspace
from sandbox.workspace.model import Channel, User
from sandbox.workspace.places import Places

_FIRST_USER = "approver"
_ZONE_COOKIE = "zone"
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Visit:
    """A tab: the acting user, the channel, the ts of an open thread, and the time zone of whoever reads.

    `is_home` says that the app's home tab is looked at, and no channel.
    """

    user: User
    channel: Channel
    thread: str | None
    zone: ZoneInfo
    is_home: bool = False

    @classmethod
    def of(cls, places: Places, query: Mapping[str, str], cookies: Mapping[str, str]) -> Self:
        """The tab with this address; NotInThisWorkspace when it names somebody or something that isn't there."""
        user = places.user(query.get("as") or _FIRST_USER)
        channel = places.channel(query["channel"]) if query.get("channel") else _first_channel(places)
        if channel.direct_with not in {None, user.id}:
            raise NotInThisWorkspace(f"{user.name} has no part in the direct messages of somebody else.")
        is_home = bool(query.get("home"))
        thread = None if is_home else query.get("thread") or None
        return cls(user, channel, thread, _zone(unquote(cookies.get(_ZONE_COOKIE, ""))), is_home)

    def to(self, *, user: str | None = None, channel: str | None = None, thread: str | None = None) -> str:
        """The address of the tab with something else in it; a thread is left by going anywhere.

        Whoever becomes somebody else goes on looking at the home tab.
        """
        found = {"as": user or self.user.id, "channel": channel or self.channel.id}
        stays_at_home = self.is_home and not channel and not thread
        more = {"home": "1"} if stays_at_home else {"thread": thread} if thread else {}
        return f"/?{urlencode(found | more)}"

    def home(self) -> str:
        """The address of the app's home tab."""
        return f"/?{urlencode({'as': self.user.id, 'channel': self.channel.id, 'home': '1'})}"

    def channels(self, places: Places) -> list[Channel]:
        """The channels that the user sees, then the direct messages with the bot."""
        listed = places.channels.values()
        return [one for one in listed if not one.direct_with] + [
            one for one in listed if one.direct_with == self.user.id
        ]


def _first_channel(places: Places) -> Channel:
    for channel in places.channels.values():
        return channel
    raise NotInThisWorkspace("This workspace has no channel yet.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else _UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _UTC
