"""Deciding clicks and submissions: kept before they are acknowledged, found again after a restart, done once.

Each is leased to the process that carries it out, so that several processes on one database don't answer it twice.
"""

from datetime import UTC, datetime, timedelta

from commands.actors import Clock
from storage import interactions
from storage.database import Database
from storage.interactions import Interaction

__all__ = ["Interaction", "finish", "keep", "left_behind", "take_over"]

# Longer than a decision takes; one that takes longer all the same is refused the second time, as decided already.
_LEASE = timedelta(minutes=2)
_WHENEVER = datetime.max.replace(tzinfo=UTC)


def keep(database: Database, clock: Clock, interaction: Interaction) -> bool:
    """Keeps what Slack sent; False when the same was delivered before, and so is done or being done already."""
    return _take(database, clock, interaction, clock.now())


def left_behind(database: Database, clock: Clock, *, at_start: bool = False) -> tuple[Interaction, ...]:
    """What was kept, and whoever carried it out has ended."""
    with database.read() as session:
        return interactions.undone(session, _free_since(database, clock, at_start=at_start))


def take_over(database: Database, clock: Clock, interaction: Interaction, *, at_start: bool = False) -> bool:
    """Takes what was left behind; False when somebody else has taken it since."""
    return _take(database, clock, interaction, _free_since(database, clock, at_start=at_start))


def finish(database: Database, clock: Clock, key: str) -> None:
    """Says that an interaction was carried out or refused, and answered; what it said is forgotten, its key is not."""
    with database.write("finish-interaction") as session:
        interactions.mark_done(session, key, clock.now())


def _take(database: Database, clock: Clock, interaction: Interaction, free_since: datetime) -> bool:
    with database.write("keep-interaction") as session:
        now = clock.now()
        return interactions.take(session, interaction, now, now + _LEASE, free_since)


def _free_since(database: Database, clock: Clock, *, at_start: bool) -> datetime:
    """On SQLite one process does all the work: what is there when it starts belonged to one that has ended."""
    return _WHENEVER if at_start and database.is_sqlite else clock.now()
