"""Cards owed to Slack, each step a short transaction, so that none is ever open while Slack is spoken to."""

from dataclasses import dataclass
from datetime import timedelta

from commands.actors import Clock
from storage import notices
from storage.database import Database
from storage.notices import Owed

_AT_ONCE = 50
_LEASE = timedelta(minutes=2)
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=5)
# By then the waits have grown to the longest one.
_DOUBLINGS_MOST = 8

__all__ = [
    "Backlog",
    "Owed",
    "backlog",
    "deferred",
    "forget_message",
    "lease",
    "owed",
    "release",
    "show_again",
    "shown",
]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is owed in all, and what stands in the way."""

    owed: int
    problems: tuple[str, ...]


def owed(database: Database, clock: Clock) -> tuple[Owed, ...]:
    """The cards whose turn it is."""
    with database.read() as session:
        return notices.owed(session, clock.now(), _AT_ONCE)


def lease(database: Database, clock: Clock, channel: str, holder: str) -> bool:
    """Takes a channel for one sender for two minutes, far longer than a call to Slack may last."""
    with database.write("lease") as session:
        now = clock.now()
        return notices.lease_channel(session, channel, holder, now, now + _LEASE)


def release(database: Database, channel: str, holder: str) -> None:
    """Gives a channel back."""
    with database.write("release") as session:
        notices.release_channel(session, channel, holder)


def shown(database: Database, notice: Owed, channel: str, ts: str | None) -> None:
    """Records that Slack shows the version that was wanted; without `ts` the next one is posted anew."""
    with database.write("shown") as session:
        notices.mark_shown(session, notice.id, notice.wanted, channel, ts)


def deferred(database: Database, clock: Clock, notice: Owed, problem: str, wait: timedelta | None = None) -> None:
    """Records why a card could not be shown; it is tried again after `wait`, or after ever longer waits."""
    longer = min(_FIRST_WAIT * 2 ** min(notice.attempts, _DOUBLINGS_MOST), _LONGEST_WAIT)
    with database.write("deferred") as session:
        notices.mark_failed(session, notice.id, clock.now() + (wait or longer), problem)


def forget_message(database: Database, notice: Owed) -> None:
    """Forgets a message that is gone from Slack, so that the card is posted anew."""
    with database.write("forget-message") as session:
        notices.forget_message(session, notice.id)


def show_again(database: Database, kind: str, subject: str) -> None:
    """Asks for a card once more as it is now: somebody clicked on an outdated one."""
    with database.write("show-again") as session:
        notices.ask_again(session, kind, subject)


def backlog(database: Database) -> Backlog:
    """How many cards are owed, and the problems that hold them up."""
    with database.read() as session:
        return Backlog(*notices.backlog(session))
