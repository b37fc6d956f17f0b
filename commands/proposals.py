"""The one pending change of a client: made from the difference between who counts and who has a seat."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from billing.changes import (
    ChangeItem,
    after_change,
    after_earlier_seats,
    carried,
    effect,
    fingerprint,
    in_step,
    seat_items,
)
from billing.quantities import Measure, Timeline
from billing.safety import Trip, too_many
from billing.snapshot import Snapshot
from commands.actors import Actor, Clock
from commands.bill_dates import next_unbilled
from storage import audit, changes, clients, directories, notices, series, snapshots
from storage.codec import encode
from storage.database import Session
from storage.ids import id_of
from storage.tables import ChangeRow, ClientRow, RejectionRow


@dataclass(frozen=True, slots=True)
class RosterMove:
    """A roster's number before and after a change."""

    roster: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: items that nobody decided, those refused before, and which rosters were never counted."""

    items: tuple[ChangeItem, ...]
    refused: tuple[ChangeItem, ...]
    first_counts: frozenset[str]


def difference(session: Session, client: ClientRow) -> Difference:
    """How who counts differs from who has a seat, the days of the pending revision kept, refusals set apart."""
    client_id = id_of(client)
    rosters = clients.rosters(session, client_id)
    found = _found(session, client_id)
    standing = {_identity(row): row.effective for row in changes.rejections(session, client_id)}
    # A move is one decision: where half of it is to be asked again, all of it is.
    asked = {item.person for item in found if standing.get(_of_item(item)) != item.effective}
    refused = tuple(item for item in found if item.person not in asked)
    pending = changes.pending(session, client_id)
    before = changes.items(session, pending) if pending else ()
    items = in_step(carried((item for item in found if item not in refused), before))
    first_counts = frozenset(row.name for row in rosters if row.counted_from is None)
    return Difference(items, refused, first_counts)


def as_seen(session: Session, client_id: int, items: Iterable[ChangeItem]) -> tuple[ChangeItem, ...]:
    """Items with the days on which the directory shows them, whatever day an earlier revision gave them.

    A refusal is bound to that day: it stands as long as the account's verdict is the one that was refused.
    """
    days = {item.identity: item.effective for item in _found(session, client_id)}
    return tuple(replace(item, effective=days.get(item.identity, item.effective)) for item in items)


def _found(session: Session, client_id: int) -> tuple[ChangeItem, ...]:
    names = [row.name for row in clients.rosters(session, client_id)]
    seats = [changes.as_seat(row) for row in changes.seats(session, client_id)]
    return after_earlier_seats(seat_items(names, directories.placements(session, client_id), seats), seats)


def trips(session: Session, client: ClientRow, found: Difference, accounts_seen: int) -> tuple[Trip, ...]:
    """What the safety catch says of the items that the pending change doesn't have yet."""
    client_id = id_of(client)
    pending = changes.pending(session, client_id)
    before = {item.identity for item in changes.items(session, pending)} if pending else set()
    open_seats: dict[str, int] = {}
    for seat in changes.open_seats(session, client_id).values():
        open_seats[seat.roster] = open_seats.get(seat.roster, 0) + 1
    newly = (item for item in found.items if item.identity not in before)
    return too_many(newly, open_seats, found.first_counts, accounts_seen)


def propose(session: Session, actor: Actor, clock: Clock, client: ClientRow, found: Difference) -> ChangeRow | None:
    """Brings the pending change in line with the difference; the card that is owed goes with it.

    Nothing new writes nothing. Other items or other money make a new revision; no difference withdraws the change.
    """
    client_id, today = id_of(client), clock.today(client.timezone)
    _forget(session, client_id, found)
    pending = changes.pending(session, client_id)
    if not found.items:
        if pending is not None:
            changes.decide(session, pending, "withdrawn", None, clock.now(), today, "the difference is gone")
            audit.append(session, client.slug, clock.now(), actor.id, "change.withdraw", str(pending.id), {})
            notices.owe(session, "change", str(pending.id), client_id, client.channel)
        return None
    snapshot = snapshots.load(session, client)
    money = effect(snapshot, found.items, today, next_unbilled(session, client_id, snapshot.terms, today))
    seal = fingerprint(found.items, money)
    counts = encode(_counts(snapshot, found.items, today), tuple[RosterMove, ...])
    if pending is not None and (pending.fingerprint, pending.counts) == (seal, counts):
        return pending
    if pending is not None:
        changes.decide(session, pending, "replaced", None, clock.now(), today, None)
    row = ChangeRow(
        id=pending.id if pending else series.take(session, series.CHANGES),
        revision=pending.revision + 1 if pending else 1,
        client_id=client_id,
        state=changes.PENDING,
        first_count=any(item.roster in found.first_counts for item in found.items),
        proposed_on=today,
        proposed_at=clock.now(),
        fingerprint=seal,
        counts=counts,
        monthly_minor=money.monthly_minor,
        next_invoice_minor=money.next_invoice_minor,
        next_bill_date=money.next_bill_date,
    )
    changes.add(session, row, found.items)
    audit.append(
        session, client.slug, clock.now(), actor.id, "change.propose", f"{row.id}:{row.revision}", _plain(found.items)
    )
    notices.owe(session, "change", str(row.id), client_id, client.channel)
    return row


def _counts(snapshot: Snapshot, items: tuple[ChangeItem, ...], today: date) -> tuple[RosterMove, ...]:
    """Each roster's number before (its seats, or what was stated until its first count) and after."""
    day = max([today, *(item.effective for item in items)])
    before, after = snapshot.quantities(day), after_change(snapshot, items).quantities(day)
    rosters = dict.fromkeys(item.roster for item in items if item.roster is not None)
    measures = [Measure("roster", roster) for roster in rosters]
    return tuple(RosterMove(m.name, _number(before.get(m), day), _number(after.get(m), day)) for m in measures)


def _number(timeline: Timeline | None, day: date) -> int:
    return int(timeline.at(day)) if timeline else 0


def _plain(items: tuple[ChangeItem, ...]) -> list[dict[str, object]]:
    return [
        {"kind": i.kind, "roster": i.roster, "person": i.person, "account": i.account, "effective": i.effective}
        for i in items
    ]


def _forget(session: Session, client_id: int, found: Difference) -> None:
    """A refusal stands until that account's verdict changes again; then it has said its last."""
    standing = {_of_item(item): item.effective for item in found.refused}
    rows = changes.rejections(session, client_id)
    changes.forget_rejections(session, (row for row in rows if standing.get(_identity(row)) != row.effective))


def _identity(row: RejectionRow) -> tuple[str, str | None, int | None]:
    return (row.kind, row.roster, row.person_id)


def _of_item(item: ChangeItem) -> tuple[str, str | None, int | None]:
    return (item.kind, item.roster, item.person)
