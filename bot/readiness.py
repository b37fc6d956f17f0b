"""Whether the process can do its work: the database, Slack, and the clock."""

from datetime import datetime, timedelta
from typing import Protocol

from billing.errors import RollcallError
from bot.clock import Ticking
from bot.edge import Edge
from bot.slack import SlackIsUnreachable, SlackRefused
from commands.notices import Backlog, backlog

# A load balancer asks every few seconds; Slack allows a limited number of calls a minute.
_SLACK_IS_ASKED_EVERY = timedelta(seconds=30)


class Reached(Protocol):
    """The connections over which Slack reaches the process."""

    @property
    def is_alive(self) -> bool:
        """Whether anything can come through one of them."""
        ...


class Readiness:
    """Checks on request, and Slack not more often than each half minute."""

    def __init__(self, edge: Edge, clock: Ticking, sockets: Reached | None = None) -> None:
        self._edge = edge
        self._clock = clock
        self._sockets = sockets
        self._slack: tuple[datetime, bool] | None = None

    async def check(self) -> dict[str, bool]:
        """What is in order; `cards` says whether none was given up, which no other process would do better with."""
        is_reached = self._sockets is None or self._sockets.is_alive
        slack = is_reached and await self._slack_answers()
        owed = await self._backlog()
        in_order = {"database": owed is not None, "slack": slack, "clock": self._clock.running}
        return in_order | ({"cards": not owed.given_up} if owed else {})

    async def _backlog(self) -> Backlog | None:
        try:
            return await self._edge.run(backlog, self._edge.database)
        except RollcallError:
            return None

    async def _slack_answers(self) -> bool:
        now = self._edge.clock.now()
        if self._slack is None or now - self._slack[0] > _SLACK_IS_ASKED_EVERY:
            self._slack = (now, await self._asked())
        return self._slack[1]

    async def _asked(self) -> bool:
        try:
            await self._edge.slack.check()
        except (SlackRefused, SlackIsUnreachable):
            return False
        return True
