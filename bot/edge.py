"""What every listener works with: the composed product, the way out to Slack, and threads for commands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from bot.compose import Rollcall
from bot.groups import Groups
from bot.slack import Slack
from bot.work import Work
from commands.actors import Actor, Clock
from commands.roles import groups_asked
from storage.database import Database

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Edge:
    """The Slack edge of one process."""

    rollcall: Rollcall
    slack: Slack
    work: Work
    groups: Groups

    @property
    def database(self) -> Database:
        """The database that commands take."""
        return self.rollcall.database

    @property
    def clock(self) -> Clock:
        """The clock that commands take."""
        return self.rollcall.clock

    async def run(
        self, command: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Runs a command in a thread."""
        return await self.work.run(command, *args, **kwargs)

    async def actor(self, user: str) -> Actor:
        """A Slack user as the one who acts, with those of their user groups that matter."""
        groups = await self.run(groups_asked, self.database)
        return Actor(user, "slack", await self.groups.of(user, groups))
