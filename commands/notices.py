"""Cards owed to Slack, each step a short transaction, so that none is ever open while Slack is spoken to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commands.actors import Actor, Clock
from commands.permissions import UseCase, require
from storage import changes, channels, credentials, directories, failures, notices, runs
from storage.database import Database, Session
from storage.notices import Owed

CHANNEL = "channel"
"""The kind of the card that says which channel keeps us out."""
UNDELIVERED = "undelivered"
"""The kind of the card that says which cards were given up."""
GIVEN_UP = "cards"
"""What that card is about."""
TROUBLES = (CHANNEL, UNDELIVERED)
"""The kinds of cards that say what is wrong with others."""

_LEASE = timedelta(minutes=2)
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=5)
# By then the waits have grown to the longest one.
_DOUBLINGS_MOST = 8
_GIVEN_UP_AFTER = timedelta(days=1)
# Slack tells nobody without more scopes that the bot was invited, so we try: often at first, and then for ever.
_UNTIL_SOMEBODY_INVITES = timedelta(minutes=1)
_UNTIL_SOMEBODY_EVER_INVITES = timedelta(minutes=10)
_TRIED_OFTEN = 60

__all__ = [
    "CHANNEL",
    "GIVEN_UP",
    "TROUBLES",
    "UNDELIVERED",
    "Backlog",
    "Owed",
    "backlog",
    "deferred",
    "forget_message",
    "gone",
    "lease",
    "next_in",
    "owed",
    "rate_limited",
    "release",
    "show_again",
    "shown",
    "shut_out",
    "still_matters",
    "try_again",
]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is owed in all, what stands in the way, and how many cards were given up."""

    owed: int
    problems: tuple[str, ...]
    given_up: int


def owed(database: Database, clock: Clock, holder: str = "", default: str | None = None) -> tuple[Owed, ...]:
    """The first card whose turn it is of each channel that no other sender has; `default` is the house's channel."""
    with database.read() as session:
        return notices.owed(session, clock.now(), holder, default)


def next_in(database: Database, clock: Clock, channel: str | None, default: str | None) -> Owed | None:
    """The first card of a channel whose turn it is."""
    with database.read() as session:
        return notices.next_in(session, clock.now(), channel, default)


def lease(database: Database, clock: Clock, channel: str, holder: str, default: str | None = None) -> Owed | None:
    """Takes a channel for one sender for two minutes, far longer than a call to Slack may last, and its first card.

    None where another sender has the channel, or nothing is to be shown there; it's taken in the second case.
    """
    with database.write("lease") as session:
        now = clock.now()
        if not channels.lease(session, channel, holder, now, now + _LEASE):
            return None
        return notices.next_in(session, now, channel, default)


def release(database: Database, channel: str, holder: str) -> None:
    """Gives a channel back."""
    with database.write("release") as session:
        channels.release(session, channel, holder)


def shown(database: Database, notice: Owed, channel: str, ts: str | None, posted_at: datetime | None = None) -> None:
    """Records that Slack shows the version that was wanted; without `ts` the next one is posted anew.

    `posted_at` is when it was posted, where it wasn't edited.
    Where a channel had kept us out, or cards were given up, the cards that say so are brought up to date.
    """
    with database.write("shown") as session:
        _shown(session, notice, channel, ts, posted_at)


def gone(database: Database, notice: Owed, channel: str, ts: str | None) -> None:
    """Records that a card was deleted by hand which asks for nothing any more: nothing is said below it either."""
    with database.write("shown") as session:
        _shown(session, notice, channel, ts)
        notices.drop_replies(session, notice.id)


def _shown(session: Session, notice: Owed, channel: str, ts: str | None, posted_at: datetime | None = None) -> None:
    before = failures.failure_of(session, notice.id)
    notices.mark_shown(session, notice.id, notice.wanted, channel, ts, posted_at)
    if notice.kind in TROUBLES:
        return
    for place in {channel, before.refused_by or channel}:
        notices.ask_all_again(session, CHANNEL, place)
    if before.problem or not failures.backlog(session)[2]:
        notices.ask_all_again(session, UNDELIVERED, GIVEN_UP)


def deferred(
    database: Database,
    clock: Clock,
    notice: Owed,
    problem: str,
    wait: timedelta | None = None,
    admins: Sequence[str] = (),
) -> bool:
    """Records why a card could not be shown; it is tried again after `wait`, or after ever longer waits.

    One that has failed for a day is given up: the admins are told, by Slack id, and True is the answer. A card that
    tells of others is tried for as long as it takes.
    """
    with database.write("deferred") as session:
        return _defer(session, clock, notice, problem, wait, admins)


def rate_limited(
    database: Database,
    clock: Clock,
    notice: Owed,
    channel: str,
    problem: str,
    wait: timedelta | None,
    admins: Sequence[str] = (),
) -> bool:
    """The same where Slack takes nothing for a while: no later card of the channel may overtake the one that waits."""
    with database.write("deferred") as session:
        channels.close(session, channel, clock.now() + (wait or _growing(notice)))
        return _defer(session, clock, notice, problem, wait, admins)


def shut_out(
    database: Database, clock: Clock, notice: Owed, channel: str, problem: str, admins: Sequence[str] = ()
) -> None:
    """Records that Slack keeps us out of a channel: everything waits there, one card is tried now and then, for ever.

    The admins are told once, by Slack id; where there is none, or Slack knows none of them, the default channel is.
    """
    now = clock.now()
    wait = _UNTIL_SOMEBODY_INVITES if notice.attempts < _TRIED_OFTEN else _UNTIL_SOMEBODY_EVER_INVITES
    about, _, whom = notice.subject.partition("/")
    with database.write("deferred") as session:
        if notice.kind in TROUBLES and whom:
            notices.mark_shown(session, notice.id, notice.wanted, channel, None)
            notices.owe(session, notice.kind, about, None, None)
            return
        failures.mark_failed(session, notice.id, now, now + wait, problem, channel)
        channels.close(session, channel, now + wait)
        if notice.kind not in TROUBLES and not notices.is_told(session, CHANNEL, channel):
            _tell(session, CHANNEL, channel, admins, default_takes_it=notice.channel is not None)


def still_matters(database: Database, notice: Owed) -> bool:
    """Whether a card is worth posting anew where somebody deleted it: not when it was decided, solved or closed."""
    with database.read() as session:
        if notice.kind == "change":
            change = changes.newest(session, int(notice.subject))
            return change is not None and change.state == "pending"
        if notice.kind == "run":
            run = runs.get(session, date.fromisoformat(notice.subject))
            return run is not None and run.state not in {"issued", "abandoned"}
        if notice.kind == "alert":
            directory = directories.get(session, int(notice.subject.removeprefix("directory:")))
            return directory.failing_since is not None or directory.trips is not None
        if notice.kind == "credential":
            return credentials.get(session, notice.subject).told
        about = notice.subject.partition("/")[0]
        if notice.kind == CHANNEL:
            return bool(failures.stuck_in(session, about, TROUBLES))
        return notice.kind != UNDELIVERED or failures.backlog(session)[2] > 0


def forget_message(database: Database, notice: Owed) -> None:
    """Forgets a message that is gone from Slack, so that the card is posted anew."""
    with database.write("forget-message") as session:
        notices.forget_message(session, notice.id)


def show_again(database: Database, kind: str, subject: str) -> None:
    """Asks for a card once more as it is now: somebody clicked on an outdated one."""
    with database.write("show-again") as session:
        notices.ask_again(session, kind, subject)


def try_again(database: Database, actor: Actor) -> int:
    """Lets every card that could not be shown be tried at once, for another day; how many there are."""
    with database.write("try-again") as session:
        require(session, actor, UseCase.SEE)
        tried = failures.try_again(session)
        notices.ask_all_again(session, UNDELIVERED, GIVEN_UP)
        return tried


def backlog(database: Database) -> Backlog:
    """How many cards are owed, and the problems that hold them up."""
    with database.read() as session:
        return Backlog(*failures.backlog(session))


def _defer(
    session: Session, clock: Clock, notice: Owed, problem: str, wait: timedelta | None, admins: Sequence[str]
) -> bool:
    now = clock.now()
    failures.mark_failed(session, notice.id, now, now + (wait or _growing(notice)), problem)
    if notice.kind in TROUBLES or not failures.give_up(session, notice.id, now, now - _GIVEN_UP_AFTER):
        return False
    _tell(session, UNDELIVERED, GIVEN_UP, admins, default_takes_it=True)
    return True


def _growing(notice: Owed) -> timedelta:
    return min(_FIRST_WAIT * (1 << min(notice.attempts, _DOUBLINGS_MOST)), _LONGEST_WAIT)


def _tell(session: Session, kind: str, about: str, admins: Sequence[str], *, default_takes_it: bool) -> None:
    """Owes a card to each admin's direct messages, or else to the default channel, unless that is what is wrong."""
    for admin in admins:
        notices.owe(session, kind, f"{about}/{admin}", None, admin)
    if not admins and default_takes_it:
        notices.owe(session, kind, about, None, None)
