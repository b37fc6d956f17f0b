"""Cards owed to Slack, each step a short transaction, so that none is ever open while Slack is spoken to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commands.actors import Clock
from storage import changes, notices, runs
from storage.database import Database, Session
from storage.notices import Owed

CHANNEL = "channel"
"""The kind of the card that says which channel keeps us out."""

_AT_ONCE = 50
_LEASE = timedelta(minutes=2)
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=5)
# By then the waits have grown to the longest one.
_DOUBLINGS_MOST = 8

__all__ = [
    "CHANNEL",
    "Backlog",
    "Owed",
    "backlog",
    "deferred",
    "forget_message",
    "gone",
    "lease",
    "owed",
    "rate_limited",
    "release",
    "show_again",
    "shown",
    "shut_out",
    "still_matters",
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


def shown(database: Database, notice: Owed, channel: str, ts: str | None, posted_at: datetime | None = None) -> None:
    """Records that Slack shows the version that was wanted; without `ts` the next one is posted anew.

    `posted_at` is when it was posted, where it wasn't edited.
    Where a channel had kept us out, the card that says so is brought up to date.
    """
    with database.write("shown") as session:
        notices.mark_shown(session, notice.id, notice.wanted, channel, ts, posted_at)
        if notice.kind != CHANNEL and notices.is_told(session, CHANNEL, channel):
            notices.ask_again(session, CHANNEL, channel)


def gone(database: Database, notice: Owed, channel: str) -> None:
    """Records that a card was deleted by hand which asks for nothing any more: nothing is said below it either."""
    with database.write("shown") as session:
        notices.mark_shown(session, notice.id, notice.wanted, channel, notice.ts)
        notices.drop_replies(session, notice.id)


def deferred(database: Database, clock: Clock, notice: Owed, problem: str, wait: timedelta | None = None) -> None:
    """Records why a card could not be shown; it is tried again after `wait`, or after ever longer waits."""
    _defer(database, clock, notice, problem, wait, lambda _session, _until: None)


def rate_limited(
    database: Database, clock: Clock, notice: Owed, channel: str, problem: str, wait: timedelta | None
) -> None:
    """Records that Slack takes nothing in a channel for a while: no later card may overtake the one that waits."""
    _defer(
        database, clock, notice, problem, wait, lambda session, until: notices.close_channel(session, channel, until)
    )


def shut_out(database: Database, clock: Clock, notice: Owed, channel: str, problem: str, wait: timedelta) -> None:
    """Records that Slack keeps us out of a channel, which is told in the default channel, once."""

    def tell(session: Session, _until: datetime) -> None:
        if notice.channel is not None and notice.kind != CHANNEL and not notices.is_told(session, CHANNEL, channel):
            notices.owe(session, CHANNEL, channel, None, None)

    _defer(database, clock, notice, problem, wait, tell)


def _defer(
    database: Database,
    clock: Clock,
    notice: Owed,
    problem: str,
    wait: timedelta | None,
    also: Callable[[Session, datetime], None],
) -> None:
    longer = min(_FIRST_WAIT * 2 ** min(notice.attempts, _DOUBLINGS_MOST), _LONGEST_WAIT)
    until = clock.now() + (wait or longer)
    with database.write("deferred") as session:
        notices.mark_failed(session, notice.id, until, problem)
        also(session, until)


def still_matters(database: Database, notice: Owed) -> bool:
    """Whether a card is worth posting anew where somebody deleted it: not when what it asks for was decided."""
    with database.read() as session:
        if notice.kind == "change":
            change = changes.newest(session, int(notice.subject))
            return change is not None and change.state == "pending"
        if notice.kind == "run":
            run = runs.get(session, date.fromisoformat(notice.subject))
            return run is not None and run.state not in {"issued", "abandoned"}
        return True


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
