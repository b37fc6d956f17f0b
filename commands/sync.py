"""Reading directories: every page into a spool, then one short transaction from accounts to the proposed change."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from billing.errors import RollcallError
from billing.rules import Roster
from billing.safety import Trip
from commands.actors import Actor, Clock
from commands.clients import ClientIsUnknown, named
from commands.permissions import UseCase, require
from commands.proposals import difference, propose, trips
from connectors.directories.entries import Removal
from connectors.directories.port import Directory, Reading
from connectors.directories.spool import Spool
from documents import mismatches
from documents.format import day
from storage import acceptance, audit, clients, directories, notices
from storage.codec import decode, encode
from storage.database import Database, Session
from storage.tables import ClientRow, DirectoryRow

Sources = Callable[[str, Mapping[str, object], str, str], Directory]

# Reading is waiting for the network; a few at a time keep one machine's memory and a vendor's patience.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What became of reading one directory: accepted, held by the safety catch, or failed."""

    client: str
    directory: str
    outcome: str
    accounts_seen: int
    billable: int
    change_id: int | None
    revision: int | None
    message: str


@dataclass(frozen=True, slots=True)
class _Target:
    """One directory to read, as it was when the reading began."""

    id: int
    client: str
    name: str
    kind: str
    settings: Mapping[str, object]
    cursor: str | None


class _Held(Exception):
    """The safety catch is on: leaves the accepting transaction without a trace."""

    def __init__(self, trips: tuple[Trip, ...], seen: int, moving: dict[str, date]) -> None:
        super().__init__()
        self.trips, self.seen, self.moving = trips, seen, moving


async def sync_clients(
    database: Database,
    actor: Actor,
    sources: Sources,
    clock: Clock,
    slugs: Sequence[str] = (),
    *,
    full: bool = False,
    let_through: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[SyncOutcome, ...]:
    """Reads the directories of the named clients (default: of all) and proposes what differs.

    A directory that can't be read leaves the last good state in force; its outcome says so, and the others go on.
    `let_through` is a reason: it lets one held reading through, once.
    """
    targets = await asyncio.to_thread(_targets, database, actor, slugs, let_through)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(target: _Target) -> SyncOutcome:
        async with turns:
            outcome = await _sync(database, actor, sources, clock, target, full=full, let_through=let_through)
        if progress is not None:
            progress(outcome.message)
        return outcome

    return tuple(await asyncio.gather(*(one(target) for target in targets)))


def _targets(database: Database, actor: Actor, slugs: Sequence[str], let_through: str | None) -> list[_Target]:
    with database.read() as session:
        require(session, actor, UseCase.LET_THROUGH if let_through else UseCase.SYNC)
        rows = [named(session, slug) for slug in slugs] if slugs else clients.every(session)
        if not rows:
            raise ClientIsUnknown("There is no client yet: rollcall import BOOK --apply brings them.")
        return [
            _Target(d.id or 0, row.slug, d.name, d.kind, json.loads(d.settings), d.cursor)
            for row in rows
            for d in directories.of_client(session, row.id or 0)
        ]


async def _sync(
    database: Database,
    actor: Actor,
    sources: Sources,
    clock: Clock,
    target: _Target,
    *,
    full: bool,
    let_through: str | None,
) -> SyncOutcome:
    with Spool() as spool:
        try:
            source = sources(target.kind, target.settings, target.client, target.name)
            reading = await source.read(None if full else target.cursor, spool)
        except RollcallError as error:
            return await asyncio.to_thread(_fail, database, clock, target, str(error))
        try:
            return await asyncio.to_thread(_accept, database, actor, clock, target, reading, spool, let_through)
        except _Held as held:
            return await asyncio.to_thread(_hold, database, actor, clock, target, reading, held)


def _accept(
    database: Database,
    actor: Actor,
    clock: Clock,
    target: _Target,
    reading: Reading,
    spool: Spool,
    let_through: str | None,
) -> SyncOutcome:
    with database.write("sync") as session:
        row, client = _locked(session, target)
        if not reading.full and row.cursor != target.cursor:
            return _outcome(target, "accepted", 0, 0, "another reading came first; the next one goes on from there")
        today = clock.today(client.timezone)
        sync = _record(session, row, clock, today, "accepted", reading)
        seen = acceptance.take(session, row, _entries(spool), today, sync, full=reading.full)
        first_seen = _first_days(row)
        rosters = _rosters(session, client)
        for directory in directories.of_client(session, row.client_id):
            days = first_seen if directory.id == row.id else {}
            acceptance.judge(session, directory, rosters, today, sync, days)
        found = difference(session, client)
        tripped = trips(session, client, found, seen)
        if tripped and let_through is None:
            raise _Held(tripped, seen, dict(_moving(session, row, today)))
        if let_through is not None and row.trips is not None:
            said = {"directory": row.name, "reason": let_through}
            audit.append(session, client.slug, clock.now(), actor.id, "sync.let_through", client.slug, said)
        _clear(session, row, client, reading, clock, today, seen)
        change = propose(session, actor, clock, client, found)
        billable = sum(account.roster is not None for account in directories.accounts(session, row.id or 0).values())
        text = f"{seen} accounts, {billable} billable" + (f"; change {change.id} waits for approval" if change else "")
        return _outcome(
            target, "accepted", seen, billable, text, change.id if change else None, change.revision if change else None
        )


def _hold(
    database: Database, actor: Actor, clock: Clock, target: _Target, reading: Reading, held: _Held
) -> SyncOutcome:
    with database.write("sync-held") as session:
        row, client = _locked(session, target)
        today = clock.today(client.timezone)
        _record(session, row, clock, today, "held", reading)
        trips = encode(held.trips, tuple[Trip, ...])
        if row.trips != trips or row.failing_since is not None:
            said = {"directory": row.name, "trips": trips, "accounts": sorted(held.moving)}
            audit.append(session, client.slug, clock.now(), actor.id, "sync.hold", client.slug, said)
            row.trips, row.failing_since, row.failure = trips, None, None
            notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)
        days = {object_id: min(day, _first_days(row).get(object_id, day)) for object_id, day in held.moving.items()}
        row.held, row.accounts_seen = json.dumps(days, default=str), held.seen
        session.add(row)
    return _outcome(target, "held", held.seen, 0, f"held by the safety catch: {mismatches.tripped(held.trips)}")


def _fail(database: Database, clock: Clock, target: _Target, message: str) -> SyncOutcome:
    with database.write("sync-failed") as session:
        row, client = _locked(session, target)
        today = clock.today(client.timezone)
        _record(session, row, clock, today, "failed", None, message)
        newly = row.failing_since is None or row.failure != message
        row.failing_since, row.failure = row.failing_since or today, message
        session.add(row)
        if newly:
            notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)
    return _outcome(target, "failed", 0, 0, message)


def _locked(session: Session, target: _Target) -> tuple[DirectoryRow, ClientRow]:
    row = directories.get(session, target.id)
    client = clients.lock(session, row.client_id)
    session.refresh(row)
    return row, client


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
    return sync.id or 0


def _clear(
    session: Session, row: DirectoryRow, client: ClientRow, reading: Reading, clock: Clock, today: date, seen: int
) -> None:
    if row.failing_since is not None or row.trips is not None:
        notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)
    row.cursor, row.last_read, row.read_at = reading.cursor, today, clock.now()
    row.failing_since = row.failure = row.held = row.trips = None
    row.accounts_seen = seen
    session.add(row)


def _rosters(session: Session, client: ClientRow) -> list[Roster]:
    return [Roster(row.name, clients.rule_of(row)) for row in clients.rosters(session, client.id or 0)]


def _entries(spool: Spool) -> Iterator[tuple[str, Mapping[str, object] | None]]:
    for entry in spool:
        yield entry.object_id, None if isinstance(entry, Removal) else entry.fields


def _first_days(row: DirectoryRow) -> dict[str, date]:
    days = json.loads(row.held) if row.held else {}
    return {object_id: date.fromisoformat(day) for object_id, day in days.items()}


def _moving(session: Session, row: DirectoryRow, today: date) -> Iterator[tuple[str, date]]:
    """The accounts whose verdict this reading would have changed, with the day on which that was seen."""
    for object_id, account in directories.accounts(session, row.id or 0).items():
        if account.since == today or object_id in _first_days(row):
            yield object_id, account.since


def _outcome(
    target: _Target,
    outcome: str,
    seen: int,
    billable: int,
    text: str,
    change_id: int | None = None,
    revision: int | None = None,
) -> SyncOutcome:
    message = f"{target.client}/{target.name}: {text}"
    return SyncOutcome(target.client, target.name, outcome, seen, billable, change_id, revision, message)


@dataclass(frozen=True, slots=True)
class AlertView:
    """A directory that needs somebody, or no longer does (`cleared`)."""

    client: str
    client_name: str
    locale: str
    channel: str | None
    title: str
    sentences: tuple[str, ...]
    remedy: str
    cleared: bool


def alert(database: Database, directory_id: int) -> AlertView:
    """What the channel is told about a directory, as it stands now."""
    with database.read() as session:
        row = directories.get(session, directory_id)
        client = clients.get(session, row.client_id)
        sentences: tuple[str, ...] = ()
        if row.failing_since is not None:
            title = f"{client.name}: {row.name} can't be read since {day(row.failing_since)}"
            sentences = (row.failure or "", "The last good state stays in force; the next invoice waits.")
            remedy = f"When it is mended: rollcall sync {client.slug}"
        elif row.trips is not None:
            title = f"{client.name}: the last reading of {row.name} would change too much at once"
            why = mismatches.tripped(decode(tuple[Trip, ...], row.trips))
            sentences = (f"Nothing is proposed: {why}.", "The last good state stays in force; the next invoice waits.")
            remedy = f"If it is true: rollcall sync {client.slug} --let-through REASON"
        else:
            title, remedy = f"{client.name}: {row.name} is read again", ""
        return AlertView(
            client=client.slug,
            client_name=client.name,
            locale=client.locale,
            channel=client.channel,
            title=title,
            sentences=sentences,
            remedy=remedy,
            cleared=row.failing_since is None and row.trips is None,
        )
