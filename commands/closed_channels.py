"""A channel that Slack keeps us out of, as the default channel is told."""

from dataclasses import dataclass

from storage import clients, notices
from storage.database import Database


@dataclass(frozen=True, slots=True)
class ClosedChannel:
    """A channel, the clients whose cards wait for it, and Slack's reasons; `is_open` once nothing waits any more."""

    channel: str
    clients: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether everything could be shown."""
        return not self.problems


def closed_channel(database: Database, channel: str) -> ClosedChannel:
    """What waits for a channel, as it stands now."""
    with database.read() as session:
        stuck = notices.stuck_in(session, channel)
        names = {clients.get(session, each.client_id).name for each in stuck if each.client_id is not None}
        return ClosedChannel(channel, tuple(sorted(names)), tuple(sorted({each.problem for each in stuck})))
