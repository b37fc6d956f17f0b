"""Deciding clicks and submissions: kept before they are acknowledged, found again after a restart, done once."""

from commands.actors import Clock
from storage import interactions
from storage.database import Database
from storage.interactions import Interaction

__all__ = ["Interaction", "finish", "keep", "unfinished"]


def keep(database: Database, clock: Clock, interaction: Interaction) -> bool:
    """Keeps what Slack sent; False when the same was delivered before, and so is done or being done already."""
    with database.write("keep-interaction") as session:
        return interactions.record(session, interaction, clock.now())


def unfinished(database: Database) -> tuple[Interaction, ...]:
    """What was kept and not carried out: the process ended in between."""
    with database.read() as session:
        return interactions.undone(session)


def finish(database: Database, clock: Clock, key: str) -> None:
    """Says that an interaction was carried out or refused, and answered."""
    with database.write("finish-interaction") as session:
        interactions.mark_done(session, key, clock.now())
