"""A workspace: everything that the pretend Slack knows, without any HTTP."""

import asyncio
import time
from collections.abc import Callable, Sequence

from sandbox.workspace.files import Files
from sandbox.workspace.limits import Limits
from sandbox.workspace.messages import Messages
from sandbox.workspace.model import Call, Delivery, Json
from sandbox.workspace.places import Places
from sandbox.workspace.pulse import Pulse
from sandbox.workspace.screens import Screens
from sandbox.workspace.sockets import Sockets
from sandbox.workspace.stamps import Stamps
from sandbox.workspace.suggestions import Suggestions
from sandbox.workspace.tickets import ResponseUrls, Triggers
from sandbox.workspace.troubles import Troubles

TEAM_ID = "T0SANDBOX"
TEAM_DOMAIN = "sandbox"
APP_ID = "A0ROLLCALL"
BOT_ID = "B0ROLLCALL"
BOT_USER = "U0ROLLCALL"
BOT_NAME = "rollcall"
ACKNOWLEDGE_SECONDS = 3.0
TOLD_AGAIN_AFTER_SECONDS = (0.0, 60.0, 300.0)
SUBSCRIPTIONS = frozenset({"app_home_opened", "app_mention"})
"""What the app is told of at first."""
SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:read",
        "chat:write",
        "commands",
        "files:write",
        "groups:read",
        "im:write",
        "usergroups:read",
        "users:read",
    }
)
"""What the app may do here at first: everything that this workspace knows."""


class Workspace:
    """One Slack workspace with one app installed."""

    def __init__(
        self,
        *,
        bot_token: str,
        signing_secret: str,
        app_token: str | None = None,
        request_url: str | None = None,
        acknowledge_seconds: float = ACKNOWLEDGE_SECONDS,
        told_again_after: Sequence[float] = TOLD_AGAIN_AFTER_SECONDS,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Start with one person for each role and nothing else.

        `request_url` is where the bot takes interactions (it may be set later); without one, they go to the bot through
        the WebSockets that it opened with `app_token`. An event that the bot doesn't acknowledge is told again
        after each of these seconds. `now` gives seconds since 1970.
        """
        stamps = Stamps(now)
        self.bot_token = bot_token
        self.signing_secret = signing_secret
        self.app_token = app_token
        self.request_url = request_url
        self.acknowledge_seconds = acknowledge_seconds
        self.told_again_after = told_again_after
        self.now = now
        self.scopes = set(SCOPES)
        self.subscriptions = set(SUBSCRIPTIONS)
        self.has_home_tab = True
        self.refused_blocks: frozenset[str] = frozenset()
        """The types of blocks that Slack has not brought here yet."""
        self.stamps = stamps
        self.pulse = Pulse()
        self.places = Places(stamps, self.pulse)
        self.messages = Messages(stamps, self.pulse)
        self.screens = Screens(stamps, self.pulse)
        self.files = Files(stamps)
        self.triggers = Triggers(stamps)
        self.response_urls = ResponseUrls(stamps)
        self.suggestions = Suggestions()
        self.chosen: dict[tuple[str, str, str], dict[str, Json]] = {}
        """What a person chose in a message (their id, the channel, its ts), by path: only their own screen shows it."""
        self.sockets = Sockets(stamps)
        self.troubles = Troubles()
        self.limits = Limits(now)
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self.under_way: set[asyncio.Task[None]] = set()
        """What is still to be told again."""

    async def rest(self) -> None:
        """Tell nothing any more."""
        for task in self.under_way:
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)
