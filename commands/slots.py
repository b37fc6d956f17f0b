"""Turns of the clock. A turn is named by its local date and time, so a day with two half past twos has one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.actors import Clock
from storage import slots
from storage.database import Database, Session

# Longer than any turn's work takes: one that isn't finished by then belonged to a process that ended.
_ABANDONED_AFTER = timedelta(hours=1)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that this process has taken: `subject` is whose it is, a client's slug."""

    job: str
    subject: str
    slot: str


def take_nightly(
    database: Database, clock: Clock, job: str, subjects: Sequence[tuple[str, str]], at: time
) -> tuple[Turn, ...]:
    """Takes the nightly turns that are due and that nobody has. `subjects` are pairs of a slug and a time zone.

    A turn that was missed is taken late. A subject that the clock meets for the first time begins with its next turn.
    """
    now = clock.now()
    turns = [Turn(f"{job}:{subject}", subject, _latest(now, timezone, at)) for subject, timezone in subjects]
    with database.read() as session:
        done = slots.finished(session, min((turn.slot for turn in turns), default=""))
    due = [turn for turn in turns if (turn.job, turn.slot) not in done]
    if not due:
        return ()
    with database.write("slots") as session:
        return tuple(turn for turn in due if _take(session, turn, now))


def _take(session: Session, turn: Turn, now: datetime) -> bool:
    if not slots.known(session, turn.job):
        slots.claim(session, turn.job, turn.slot, now)
        slots.finish(session, turn.job, turn.slot, now)
        return False
    if slots.claim(session, turn.job, turn.slot, now):
        return True
    return slots.reclaim(session, turn.job, turn.slot, now, now - _ABANDONED_AFTER)


def finish(database: Database, clock: Clock, turns: Sequence[Turn]) -> None:
    """Says that the turns' work is done."""
    with database.write("slots-done") as session:
        for turn in turns:
            slots.finish(session, turn.job, turn.slot, clock.now())


def _latest(now: datetime, timezone: str, at: time) -> str:
    local = now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    turn = datetime.combine(local.date(), at)
    return (turn if turn <= local else turn - _ONE_DAY).isoformat(timespec="minutes")
