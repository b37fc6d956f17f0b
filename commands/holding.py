"""The safety catch on a directory: what it holds, with the days on which that was first seen, and how it comes off."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from commands.actors import Actor, Clock
from commands.held import Move, forget, keep, seal_of
from commands.sync_outcomes import SyncOutcome, outcome_of, record, recovered
from commands.targets import Target, locked
from connectors.directories.port import Reading
from documents import mismatches
from rosters.catch import Trip
from storage import audit, directories, licences, notices
from storage.codec import encode
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow, DirectoryRow


class Held(Exception):
    """The safety catch is on: leaves the accepting transaction without a trace."""

    def __init__(
        self,
        trips: tuple[Trip, ...],
        seen: int,
        moving: dict[str, date],
        moves: tuple[Move, ...],
        *,
        was_other: bool = False,
    ) -> None:
        """`was_other` says that somebody let another list through than this one, which they haven't seen."""
        super().__init__()
        self.trips, self.seen, self.moving, self.moves, self.was_other = trips, seen, moving, moves, was_other


def hold(database: Database, actor: Actor, clock: Clock, target: Target, reading: Reading, held: Held) -> SyncOutcome:
    """Keeps that a reading is held, and its list; nothing that it saw is taken."""
    with database.write("sync-held") as session:
        row, client = locked(session, target)
        today = clock.today(client.timezone)
        record(session, row, clock, today, "held", reading)
        if row.failing_since is not None:
            # What was told was the failure; that it is the safety catch now must be told anew.
            row.trips = None
            recovered(row)
        # The list that other rules brought up says nothing of this reading, as long as it is the same.
        row.held_by_rules = row.held_by_rules and row.held_seal == seal_of(held.moves)
        hold_back(session, actor, clock, client, row, held)
        if held.seen:
            # Where nobody at all was seen, nothing was learnt of the day on which somebody left.
            keep_first_days(row, held.moving, today)
        row.accounts_seen = held.seen
        session.add(row)
    tripped = mismatches.tripped(held.trips)
    remedy = f"Nothing was changed. If it is true: rollcall sync {target.client} --let-through REASON"
    if held.was_other:
        remedy = f"Another list than this one was shown before, so it wasn't let through. {remedy}"
    text = f"held by the safety catch: {tripped}. {remedy}"
    return replace(outcome_of(target, "held", held.seen, 0, text), moves=held.moves)


def hold_back(
    session: Session,
    actor: Actor,
    clock: Clock,
    client: ClientRow,
    row: DirectoryRow,
    held: Held,
) -> None:
    """Puts the safety catch on a directory; what is told already isn't told again, and other moves void a pass."""
    encoded, seal = encode(held.trips, tuple[Trip, ...]), seal_of(held.moves)
    if (row.trips, row.held_seal) == (encoded, seal):
        return
    keep(session, row, held.moves, clock.today(client.timezone))
    said = {"directory": row.name, "trips": encoded, "accounts": sorted(held.moving), "seal": seal}
    audit.append(session, client.slug, clock.now(), actor.id, "sync.hold", client.slug, said)
    row.trips = encoded
    session.add(row)
    notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)


def keep_first_days(row: DirectoryRow, moving: Mapping[str, date], today: date) -> None:
    """Keeps the day on which each account would first have moved, for when it is let through."""
    first = first_days(row, today)
    days = {object_id: min(day, first.get(object_id, day)) for object_id, day in moving.items()}
    row.held = json.dumps(days, default=str)


def release(session: Session, row: DirectoryRow) -> None:
    """Takes the safety catch off a directory, with the list, its days and the pass for it."""
    forget(session, row)
    row.held = row.trips = None
    row.held_by_rules = False
    session.add(row)


def first_days(row: DirectoryRow, today: date) -> dict[str, date]:
    """The days on which held readings saw a verdict first, by object id; none of them yet to come."""
    days = json.loads(row.held) if row.held else {}
    return {object_id: min(date.fromisoformat(day), today) for object_id, day in days.items()}


def moving_of(session: Session, row: DirectoryRow, today: date) -> Iterator[tuple[str, date]]:
    """The accounts whose verdict this reading would have changed, with the day on which that was seen."""
    first = first_days(row, today)
    for object_id, since in directories.verdict_days(session, id_of(row)):
        if since == today or object_id in first:
            yield object_id, since
    yield from licences.moved(session, row, today)
