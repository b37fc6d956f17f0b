"""A channel that Slack keeps us out of, as the admins are told."""

from dataclasses import dataclass

from commands.notices import TROUBLES
from commands.undelivered import called
from storage import failures
from storage.database import Database


@dataclass(frozen=True, slots=True)
class ClosedChannel:
    """A channel, the cards that wait for it, and Slack's reasons; `is_open` once nothing waits for it any more."""

    channel: str
    waiting: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether everything could be shown."""
        return not self.problems


def closed_channel(database: Database, channel: str) -> ClosedChannel:
    """What waits for a channel, as it stands now."""
    with database.read() as session:
        stuck = failures.stuck_in(session, channel, TROUBLES)
        problems = {each.problem for each in stuck if each.problem}
        return ClosedChannel(channel, tuple(called(session, each) for each in stuck), tuple(sorted(problems)))
