"""Slack user groups that were given a role: who is in them, asked of Slack and remembered for a few minutes."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.slack import SlackIsUnreachable, SlackRefused

_REMEMBERED_FOR = timedelta(minutes=5)

_log = structlog.stdlib.get_logger(__name__)


class Members(Protocol):
    """Whoever can say who is in a user group."""

    async def members(self, group: str) -> tuple[str, ...]:
        """The users of a user group."""
        ...


class Groups:
    """Finds out which of some user groups a user is in. A group that Slack won't tell about counts as empty."""

    def __init__(self, slack: Members, now: Callable[[], datetime]) -> None:
        self._slack = slack
        self._now = now
        self._known: dict[str, tuple[datetime, tuple[str, ...]]] = {}

    async def of(self, user: str, groups: Iterable[str]) -> tuple[str, ...]:
        """Those of the groups that the user is in."""
        asked = list(groups)
        members = await asyncio.gather(*(self._members(group) for group in asked))
        return tuple(group for group, users in zip(asked, members, strict=True) if user in users)

    async def _members(self, group: str) -> tuple[str, ...]:
        read_at, users = self._known.get(group, (None, ()))
        if read_at and self._now() - read_at < _REMEMBERED_FOR:
            return users
        try:
            users = await self._slack.members(group)
        except (SlackRefused, SlackIsUnreachable) as error:
            _log.warning("A user group could not be read, so nobody has its role now", group=group, error=str(error))
            return ()
        self._known[group] = (self._now(), users)
        return users
