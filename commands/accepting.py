"""What becomes of a reading, each in one short transaction: accepted with its proposal, held, failed, or dropped."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from billing.safety import Trip
from commands.actors import Actor, Clock
from commands.proposals import difference, propose, trips
from commands.targets import ReadingIsOutdated, Target, locked
from connectors.directories.entries import Removal
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from documents import mismatches
from storage import acceptance, audit, changes, clients, directories, notices
from storage.codec import encode
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ChangeRow, ClientRow, DirectoryRow


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What became of reading one directory: accepted, held by the safety catch, failed, or dropped as outdated.

    `exit_code` is that of the error that stood in the way (0: none), so that a missing setting is told apart from a
    source that doesn't answer.
    """

    client: str
    directory: str
    outcome: str
    accounts_seen: int
    billable: int
    change_id: int | None
    revision: int | None
    message: str
    exit_code: int = 0


class Held(Exception):
    """The safety catch is on: leaves the accepting transaction without a trace."""

    def __init__(self, trips: tuple[Trip, ...], seen: int, moving: dict[str, date]) -> None:
        super().__init__()
        self.trips, self.seen, self.moving = trips, seen, moving


def accept(
    database: Database,
    actor: Actor,
    clock: Clock,
    target: Target,
    reading: Reading,
    spool: Spool,
    let_through: str | None,
) -> SyncOutcome:
    with database.write("sync") as session:
        row, client = locked(session, target)
        rosters = clients.rosters_of(session, row.client_id)
        today = clock.today(client.timezone)
        sync = _record(session, row, clock, today, "accepted", reading)
        seen = acceptance.take(session, row, _entries(spool), today, sync, full=reading.full)
        first_seen = _first_days(row)
        for directory in directories.of_client(session, row.client_id):
            days = first_seen if directory.id == row.id else {}
            acceptance.judge(session, directory, rosters, today, sync, days)
        found = difference(session, client)
        tripped = trips(session, client, found, seen)
        if tripped and let_through is None:
            raise Held(tripped, seen, dict(_moving(session, row, today)))
        if let_through is not None and (tripped or row.trips is not None):
            said = {"directory": row.name, "reason": let_through}
            audit.append(session, client.slug, clock.now(), actor.id, "sync.let_through", client.slug, said)
        _clear(session, row, client, reading, clock, today, seen)
        waited = changes.pending(session, row.client_id)
        change = propose(session, actor, clock, client, found)
        billable = sum(account.roster is not None for account in directories.accounts(session, id_of(row)).values())
        text = f"{seen} accounts, {billable} billable" + _what_waits(change, waited)
        return _outcome(
            target, "accepted", seen, billable, text, change.id if change else None, change.revision if change else None
        )


def _what_waits(change: ChangeRow | None, waited: ChangeRow | None) -> str:
    if change is not None:
        return f"; change {change.id} waits for approval"
    return f"; change {waited.id} was withdrawn, since the difference is gone" if waited is not None else ""


def hold(database: Database, actor: Actor, clock: Clock, target: Target, reading: Reading, held: Held) -> SyncOutcome:
    with database.write("sync-held") as session:
        row, client = locked(session, target)
        today = clock.today(client.timezone)
        _record(session, row, clock, today, "held", reading)
        if row.failing_since is not None:
            # What was told was the failure; that it is the safety catch now must be told anew.
            row.trips = row.failing_since = row.failure = None
        hold_back(session, actor, clock, client, row, held.trips, held.moving)
        if held.seen:
            # Where nobody at all was seen, nothing was learnt of the day on which somebody left.
            keep_first_days(row, held.moving)
        row.accounts_seen = held.seen
        session.add(row)
    tripped = mismatches.tripped(held.trips)
    remedy = f"Nothing was changed. If it is true: rollcall sync {target.client} --let-through REASON"
    return _outcome(target, "held", held.seen, 0, f"held by the safety catch: {tripped}. {remedy}")


def hold_back(
    session: Session,
    actor: Actor,
    clock: Clock,
    client: ClientRow,
    row: DirectoryRow,
    tripped: tuple[Trip, ...],
    moving: Mapping[str, date],
) -> None:
    """Puts the safety catch on a directory; what is told already isn't told again."""
    encoded = encode(tripped, tuple[Trip, ...])
    if row.trips == encoded:
        return
    said = {"directory": row.name, "trips": encoded, "accounts": sorted(moving)}
    audit.append(session, client.slug, clock.now(), actor.id, "sync.hold", client.slug, said)
    row.trips = encoded
    session.add(row)
    notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)


def keep_first_days(row: DirectoryRow, moving: Mapping[str, date]) -> None:
    """Keeps the day on which each account would first have moved, for when it is let through."""
    first = _first_days(row)
    days = {object_id: min(day, first.get(object_id, day)) for object_id, day in moving.items()}
    row.held = json.dumps(days, default=str)


def fail(database: Database, clock: Clock, target: Target, message: str) -> SyncOutcome:
    with database.write("sync-failed") as session:
        row, client = locked(session, target)
        today = clock.today(client.timezone)
        _record(session, row, clock, today, "failed", None, message)
        newly = row.failing_since is None or row.failure != message
        row.failing_since, row.failure = row.failing_since or today, message
        session.add(row)
        if newly:
            notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)
    return _outcome(target, "failed", 0, 0, message)


def dropped(target: Target, outdated: ReadingIsOutdated) -> SyncOutcome:
    """What is said of a reading that isn't worth taking any more; where a newer one is stored, nothing is missing."""
    told = _outcome(target, "dropped", 0, 0, str(outdated))
    return told if outdated.is_superseded else replace(told, exit_code=outdated.exit_code)


def _record(
    session: Session,
    row: DirectoryRow,
    clock: Clock,
    today: date,
    outcome: str,
    reading: Reading | None,
    detail: str = "",
) -> int:
    seen, full = (reading.people, reading.full) if reading else (0, False)
    sync = directories.add_sync(
        session,
        directory_id=row.id,
        at=clock.now(),
        on=today,
        outcome=outcome,
        full=full,
        accounts_seen=seen,
        detail=detail,
    )
    return id_of(sync)


def _clear(
    session: Session, row: DirectoryRow, client: ClientRow, reading: Reading, clock: Clock, today: date, seen: int
) -> None:
    if row.failing_since is not None or row.trips is not None:
        notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)
    row.cursor, row.last_read, row.read_at = reading.cursor, today, clock.now()
    row.failing_since = row.failure = row.held = row.trips = None
    row.accounts_seen = seen
    session.add(row)


def _entries(spool: Spool) -> Iterator[tuple[str, Mapping[str, object] | None]]:
    for entry in spool:
        yield entry.object_id, None if isinstance(entry, Removal) else entry.fields


def _first_days(row: DirectoryRow) -> dict[str, date]:
    days = json.loads(row.held) if row.held else {}
    return {object_id: date.fromisoformat(day) for object_id, day in days.items()}


def _moving(session: Session, row: DirectoryRow, today: date) -> Iterator[tuple[str, date]]:
    """The accounts whose verdict this reading would have changed, with the day on which that was seen."""
    for object_id, account in directories.accounts(session, id_of(row)).items():
        if account.since == today or object_id in _first_days(row):
            yield object_id, account.since


def _outcome(
    target: Target,
    outcome: str,
    seen: int,
    billable: int,
    text: str,
    change_id: int | None = None,
    revision: int | None = None,
) -> SyncOutcome:
    message = f"{target.client}/{target.name}: {text}"
    return SyncOutcome(target.client, target.name, outcome, seen, billable, change_id, revision, message)
