"""What happens by itself: directories are read at night, digests are sent, and what waits is reminded of.

The scheduler only ticks. What is due, and who does it, is decided by rows in the database, so several processes may
tick and a turn that was missed is taken late.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from structlog.contextvars import bound_contextvars

from bot.edge import Edge
from commands import credentials, digests, reminders, slots, undoing
from commands.actors import Actor
from commands.sync import sync_clients

_NIGHTLY_SYNC = "nightly-sync"
_EVERY_SECONDS = 60
_CLIENTS_AT_ONCE = 8

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

    def pause(self) -> None:
        """Begins nothing more; what a tick has begun goes on."""
        ...

    def shutdown(self, *, wait: bool) -> None:
        """Stops, and breaks off what a tick has begun."""
        ...


def clock_of(edge: Edge) -> Ticking:
    """A clock that takes the nightly turns and those of digests, not yet started."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    # Jobs of their own, since reading every directory may take longer than a digest should wait.
    jobs = (
        (take_nightly_turns, "The nightly reading could not be done; it is tried again after an hour"),
        (watch_credentials, "What expires soon could not be looked at; it is tried again after an hour"),
        (owe_reminders, "The reminders that are due could not be asked for; it is tried again in a minute"),
        (close_undo, "The button Undo of past decisions could not be taken away; it is tried again in a minute"),
        (owe_digests, "The digests that are due could not be asked for; it is tried again in a minute"),
    )
    for work, failure in jobs:
        # The scheduler lives by the machine's clock, whatever clock the commands go by; and a tick that a busy machine
        # delays is taken late instead of left out.
        scheduler.add_job(
            _ticked,
            "interval",
            args=(edge, work, failure),
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
    turns = await edge.run(slots.take_nightly, edge.database, edge.clock, _NIGHTLY_SYNC)
    if not turns:
        return
    at_once = asyncio.Semaphore(_CLIENTS_AT_ONCE)

    async def one(turn: slots.Turn) -> None:
        async with at_once:
            await _read(edge, turn)

    # A client that ran into a bug is tried again by itself; the others' turns are done.
    ended = await asyncio.gather(*(one(turn) for turn in turns), return_exceptions=True)
    crashes = [result for result in ended if isinstance(result, Exception)]
    if crashes:
        raise ExceptionGroup("Not every client could be read", crashes)


async def _read(edge: Edge, turn: slots.Turn) -> None:
    actor = Actor("clock", "clock")
    with bound_contextvars(client=turn.subject):
        for found in await sync_clients(edge.database, actor, edge.rollcall.sources, edge.clock, [turn.subject]):
            _log.info("A directory was read", directory=found.directory, outcome=found.outcome)
        await edge.run(slots.finish, edge.database, edge.clock, [turn])


async def watch_credentials(edge: Edge) -> None:
    """Looks once a day at what the directories are signed in by, and warns of what expires within a month."""
    turn = await edge.run(credentials.take_daily, edge.database, edge.clock)
    if turn is None:
        return
    found = await credentials.look(edge.database, Actor("clock", "clock"), edge.rollcall.sources, edge.clock)
    _log.info("Credentials were looked at", seen=len(found))
    await edge.run(credentials.done, edge.database, edge.clock, turn)


async def owe_reminders(edge: Edge) -> None:
    """Asks for the reminders of what waits; the sender of cards posts them."""
    for channel in await edge.run(reminders.owe_due, edge.database, edge.clock):
        _log.info("A reminder is due", channel=channel)


async def close_undo(edge: Edge) -> None:
    """Takes the button that undoes a decision from the cards of days that are over."""
    if closed := await edge.run(undoing.close_past, edge.database, edge.clock):
        _log.info("Decisions can't be undone any more", decisions=closed)


async def owe_digests(edge: Edge) -> None:
    """Asks for the digests whose turn has come; the sender of cards posts them."""
    for channel in await edge.run(digests.owe_due, edge.database, edge.clock):
        _log.info("A digest is due", channel=channel)


async def _ticked(edge: Edge, work: Callable[[Edge], Awaitable[None]], failure: str) -> None:
    with edge.work.tracked():
        try:
            await work(edge)
        except Exception:  # noqa: BLE001 - the clock goes on ticking, whatever a turn ran into
            _log.exception(failure)
