"""Reminders of what waits: once a day a channel, in its local morning, for as long as nobody decides.

A reminder is a notice like a card, so that a restart neither loses nor doubles one. What it says is found out when it
is sent: what was decided meanwhile, or was posted on that day, isn't reminded of.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from commands.actors import Clock
from commands.change_cards import ChangeView, change_view
from commands.slots import Timetable, Turn, due, take
from connectors.books.schedules import Schedule
from storage import changes, clients, notices, slots
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ChangeRow, ClientRow

REMINDER = "reminder"
"""The kind of the notices."""

_CARD, _HOUSE = "change", "house"
_MORNING = time(9)


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """A change that nobody has decided, and for how many days it has waited, in whatever revision."""

    change: ChangeView
    days: int


def owe_due(database: Database, clock: Clock) -> tuple[str, ...]:
    """Asks for the reminders whose turn has come, and gives their channels.

    The cards of what waits are asked for as well: one that somebody deleted is posted anew.
    """
    now = clock.now()
    with database.read() as session:
        turns = due(session, _timetables(session), now)
    if not turns:
        return ()
    told = []
    with database.write("reminders") as session:
        channels = _channels(session)
        for turn in turns:
            theirs = channels.get(turn.subject, [])
            if take(session, turn, now):
                if _owe(session, clock, turn, theirs):
                    told.append(turn.subject)
                slots.finish(session, turn.job, turn.slot, now)
    return tuple(told)


def show(database: Database, subject: str) -> tuple[StillWaiting, ...]:
    """What a reminder is about that nobody has decided by now; for cards, so without a role."""
    slot, on, ids = subject.split("/")
    with database.read() as session:
        first = changes.first_proposed(session)
        rows = [changes.newest(session, int(each)) for each in ids.split(",")]
        waiting = [row for row in rows if row is not None and row.state == changes.PENDING]
        return tuple(
            StillWaiting(change_view(session, row), (date.fromisoformat(on) - first[row.id]).days)
            for row in waiting
            if not _posted_since(session, row, datetime.fromisoformat(slot).date())
        )


def _timetables(session: Session) -> list[Timetable]:
    """One for each channel with something that waits, in the zone of the first of all clients whose channel it is."""
    busy = changes.clients_that_wait(session)
    return [
        Timetable(f"{REMINDER}:{channel}", channel, Schedule(_MORNING), theirs[0].timezone)
        for channel, theirs in _channels(session).items()
        if any(client.id in busy for client in theirs)
    ]


def _channels(session: Session) -> dict[str, list[ClientRow]]:
    found = defaultdict[str, list[ClientRow]](list)
    for client in sorted(clients.every(session), key=lambda client: client.slug):
        found[client.channel or _HOUSE].append(client)
    return found


def _owe(session: Session, clock: Clock, turn: Turn, theirs: Sequence[ClientRow]) -> bool:
    pending = [row for client in theirs if (row := changes.pending(session, id_of(client))) is not None]
    for row in pending:
        notices.ask_again(session, _CARD, str(row.id))
    today = datetime.fromisoformat(turn.slot).date()
    old = [row for row in pending if not _posted_since(session, row, today)]
    if not old:
        return False
    channel, on = theirs[0].channel, clock.today(theirs[0].timezone)
    # One that never reached its channel gives way to today's.
    notices.forget(session, REMINDER, channel)
    subject = f"{turn.slot}/{on}/{','.join(str(row.id) for row in old)}"
    thread_of = notices.find(session, _CARD, str(old[0].id)) if len(old) == 1 else None
    notices.owe(session, REMINDER, subject, None, channel, thread_of)
    return True


def _posted_since(session: Session, row: ChangeRow, day: date) -> bool:
    """Whether the change's card was posted on a local day or later, or not at all."""
    posted_at, ts = notices.posting(session, _CARD, str(row.id))
    if posted_at is None:
        # Of cards before this was recorded, it isn't known when; they were posted long ago.
        return ts is None
    timezone = clients.get(session, row.client_id).timezone
    return posted_at.astimezone(ZoneInfo(timezone)).date() >= day
