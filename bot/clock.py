"""What happens by itself: every night each client's directories are read, at half past two in the client's zone.

The scheduler only ticks. What is due, and who does it, is decided by rows in the database, so several processes may
tick and a turn that was missed is taken late.
"""

from datetime import UTC, datetime, time
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.edge import Edge
from commands import slots
from commands.actors import Actor
from commands.clients import all_clients
from commands.sync import sync_clients

_NIGHTLY_SYNC = "nightly-sync"
_AT = time(2, 30)
_EVERY_SECONDS = 60

_log = structlog.stdlib.get_logger(__name__)


class Ticking(Protocol):
    """The clock as the process sees it."""

    @property
    def running(self) -> bool:
        """Whether it ticks."""
        ...

    def start(self) -> None:
        """Begins to tick, at once."""
        ...

    def shutdown(self, *, wait: bool) -> None:
        """Stops."""
        ...


def clock_of(edge: Edge) -> Ticking:
    """A clock that takes the nightly turns, not yet started."""
    scheduler = AsyncIOScheduler(timezone="UTC")

    async def nightly() -> None:
        with edge.work.tracked():
            try:
                await take_nightly_turns(edge)
            except Exception:  # noqa: BLE001 - the clock goes on ticking, whatever a turn ran into
                _log.exception("The nightly reading could not be done; it is tried again after an hour")

    # The scheduler lives by the machine's clock, whatever clock the commands go by; and a tick that a busy machine
    # delays is taken late instead of left out.
    scheduler.add_job(
        nightly,
        "interval",
        seconds=_EVERY_SECONDS,
        next_run_time=datetime.now(UTC),
        misfire_grace_time=None,
        max_instances=1,
        coalesce=True,
    )
    ticking: Ticking = scheduler
    return ticking


async def take_nightly_turns(edge: Edge) -> None:
    """Reads the directories of the clients whose turn is due and not taken."""
    clients = await edge.run(all_clients, edge.database)
    zones = [(client.slug, client.timezone) for client in clients]
    turns = await edge.run(slots.take_nightly, edge.database, edge.clock, _NIGHTLY_SYNC, zones, _AT)
    if not turns:
        return
    slugs = [turn.subject for turn in turns]
    outcomes = await sync_clients(edge.database, Actor("clock", "clock"), edge.rollcall.sources, edge.clock, slugs)
    for outcome in outcomes:
        _log.info("A directory was read", client=outcome.client, directory=outcome.directory, outcome=outcome.outcome)
    await edge.run(slots.finish, edge.database, edge.clock, turns)
