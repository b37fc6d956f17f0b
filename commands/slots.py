"""Turns of the clock. A turn is named by its local date and time, so a day with two half past twos has one of them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.actors import Clock
from storage import slots
from storage.database import Database

# Longer than any turn's work takes: one that isn't finished by then belonged to a process that ended.
_ABANDONED_AFTER = timedelta(hours=1)
_ONE_DAY = timedelta(days=1)


def take_nightly(database: Database, clock: Clock, job: str, timezone: str, at: time) -> str | None:
    """Takes the latest nightly turn of a job, if it's due and nobody has it, and gives its name.

    A turn that was missed is taken late. A job that the clock meets for the first time begins with the next turn.
    """
    now = clock.now()
    slot = _latest(now, timezone, at)
    with database.write("slot") as session:
        if not slots.known(session, job):
            slots.claim(session, job, slot, now)
            slots.finish(session, job, slot, now)
            return None
        taken = slots.claim(session, job, slot, now) or slots.reclaim(session, job, slot, now, now - _ABANDONED_AFTER)
        return slot if taken else None


def finish(database: Database, clock: Clock, job: str, slot: str) -> None:
    """Says that a turn's work is done."""
    with database.write("slot-done") as session:
        slots.finish(session, job, slot, clock.now())


def _latest(now: datetime, timezone: str, at: time) -> str:
    local = now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    turn = datetime.combine(local.date(), at)
    return (turn if turn <= local else turn - _ONE_DAY).isoformat(timespec="minutes")
