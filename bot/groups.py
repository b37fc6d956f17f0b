"""Slack user groups that were given a role: who is in them, asked of Slack and remembered for a few minutes."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.slack import SlackIsUnreachable, SlackRefused

_REMEMBERED_FOR = timedelta(minutes=5)
# While Slack has a bad hour, people keep the roles that they had at its beginning.
_HOLDS_FOR = timedelta(hours=1)
_ASKED_AGAIN_AFTER = timedelta(minutes=1)
_PASSES = {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}

_log = structlog.stdlib.get_logger(__name__)


class Members(Protocol):
    """Whoever can say who is in a user group."""

    async def members(self, group: str) -> tuple[str, ...]:
        """The users of a user group."""
        ...


class Groups:
    """Finds out which of some user groups a user is in.

    A group that Slack refuses to tell about counts as empty; while Slack doesn't answer, what it told last counts.
    """

    def __init__(self, slack: Members, now: Callable[[], datetime]) -> None:
        self._slack = slack
        self._now = now
        self._known: dict[str, tuple[datetime, tuple[str, ...]]] = {}
        self._not_before: dict[str, datetime] = {}

    async def of(self, user: str, groups: Iterable[str]) -> tuple[str, ...]:
        """Those of the groups that the user is in."""
        asked = list(groups)
        members = await asyncio.gather(*(self._members(group) for group in asked))
        return tuple(group for group, users in zip(asked, members, strict=True) if user in users)

    async def everybody(self, group: str) -> tuple[str, ...]:
        """Who is in a group."""
        return await self._members(group)

    async def _members(self, group: str) -> tuple[str, ...]:
        now = self._now()
        read_at, users = self._known.get(group, (datetime.min.replace(tzinfo=now.tzinfo), ()))
        if now - read_at < _REMEMBERED_FOR:
            return users
        if now >= self._not_before.get(group, now):
            try:
                users = await self._slack.members(group)
            except (SlackRefused, SlackIsUnreachable) as error:
                # Every click would wait for the same refusal again.
                self._not_before[group] = now + _ASKED_AGAIN_AFTER
                _log.warning("A user group could not be read", group=group, error=str(error))
                if isinstance(error, SlackRefused) and error.code not in _PASSES:
                    self._known.pop(group, None)
                    return ()
            else:
                self._known[group] = (now, users)
                return users
        return users if now - read_at < _HOLDS_FOR else ()
