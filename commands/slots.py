"""Turns of the clock: which are due, and who takes them.

A turn is named by its local date and time as written, so a day with two half past twos has one of them, and a day
without any has one too. What was missed is taken once, late: the newest turn alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from commands.actors import Clock
from connectors.books.schedules import Schedule
from storage import clients, slots
from storage.database import Database, Session

# Longer than any turn's work takes: one that isn't finished by then belonged to a process that ended.
_ABANDONED_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a job's turns come, in a time zone. `subject` is whose they are."""

    job: str
    subject: str
    schedule: Schedule
    timezone: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that is due, or that this process has taken: `subject` is whose it is, such as a client's slug."""

    job: str
    subject: str
    slot: str


def take_nightly(database: Database, clock: Clock, job: str) -> tuple[Turn, ...]:
    """Takes the nightly turns of clients, each at its own local hour, that are due and that nobody has.

    A turn that was missed is taken late. A client that the clock meets for the first time begins with its next turn.
    """
    now = clock.now()
    with database.read() as session:
        tables = [
            Timetable(f"{job}:{row.slug}", row.slug, Schedule(time.fromisoformat(row.sync_at)), row.timezone)
            for row in clients.every(session)
        ]
        turns = due(session, tables, now)
    if not turns:
        return ()
    with database.write("slots") as session:
        return tuple(turn for turn in turns if take(session, turn, now))


def due(session: Session, tables: Sequence[Timetable], now: datetime) -> tuple[Turn, ...]:
    """The last turn of each timetable, where nobody has finished it yet."""
    turns = [Turn(table.job, table.subject, _slot(table, now)) for table in tables]
    done = slots.finished(session, [(turn.job, turn.slot) for turn in turns])
    return tuple(turn for turn in turns if (turn.job, turn.slot) not in done)


def take(session: Session, turn: Turn, now: datetime) -> bool:
    """Takes a turn within the transaction that does its work, or says that it will be done; False if it isn't ours."""
    newest = slots.newest(session, turn.job)
    if newest is None:
        # A job that is new begins with its next turn: the one that has passed counts as done.
        slots.claim(session, turn.job, turn.slot, now)
        slots.finish(session, turn.job, turn.slot, now)
        return False
    if turn.slot < newest:
        # A later one was taken already, by a process whose clock is ahead, or by another schedule.
        return False
    if slots.claim(session, turn.job, turn.slot, now):
        return True
    return slots.reclaim(session, turn.job, turn.slot, now, now - _ABANDONED_AFTER)


def finish(database: Database, clock: Clock, turns: Sequence[Turn]) -> None:
    """Says that the turns' work is done."""
    with database.write("slots-done") as session:
        for turn in turns:
            slots.finish(session, turn.job, turn.slot, clock.now())


def _slot(table: Timetable, now: datetime) -> str:
    return table.schedule.latest(now, table.timezone).isoformat(timespec="minutes")
