"""The one pending change of a client: made from the difference between who counts and who has a seat."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import date

from billing.quantities import Measure, Timeline
from billing.snapshot import Snapshot
from commands.actors import Actor, Clock
from commands.bill_dates import next_unbilled
from commands.first_counts import is_first_count
from rosters.catch import Trip, too_many
from rosters.changes import (
    ChangeItem,
    Items,
    after_change,
    after_earlier_seats,
    carried,
    effect_of,
    fingerprint,
    in_step,
    seat_items,
    settled_on,
    still_asked,
)
from rosters.effects import counted_on
from rosters.licences import Bought, bought_items, falls_too_far
from rosters.origins import READ, Origin
from rosters.whole import waiting, without
from storage import (
    audit,
    changes,
    clients,
    directories,
    licences,
    notices,
    placed,
    quantities,
    rejections,
    seats,
    series,
    snapshots,
)
from storage.codec import encode
from storage.database import Session
from storage.ids import id_of
from storage.newcomers import Newcomers
from storage.tables import ChangeRow, ClientRow

_Whose = tuple[str, str | None, int | None, Measure | None]


@dataclass(frozen=True, slots=True)
class RosterMove:
    """A roster's number before and after a change."""

    roster: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: items that nobody decided, those refused before, which rosters were never counted, and licences.

    `unread` are the directories that were never read and for which a first count waits.
    """

    items: Items
    refused: tuple[ChangeItem, ...]
    first_counts: frozenset[str]
    bought: tuple[Bought, ...] = ()
    unread: tuple[str, ...] = ()


def difference(
    session: Session,
    client: ClientRow,
    on: date,
    vanished: frozenset[str] = frozenset(),
    newcomers: Newcomers | None = None,
) -> Difference:
    """How what the sources count differs from the seats and numbers in force on a day.

    The days of the pending revision are kept, refusals set apart. `vanished` are the licences that a directory had
    before its last reading and no longer has any of, `newcomers` those whom it has just stored and judged.
    """
    client_id = id_of(client)
    rosters = clients.rosters(session, client_id)
    bought = licences.bought(session, client_id, vanished)
    first_counts = frozenset(row.name for row in rosters if row.counted_from is None)
    found = _found(session, client, on, bought, newcomers)
    before_refused = {row.id: changes.refused_item(row) for row in rejections.of_client(session, client_id)}
    standing = {item.identity: item for item in before_refused.values()}
    overtaken = rejections.overtaken(session, client_id) if standing else ()
    anew = {before_refused[each].identity for each in overtaken}
    asked, refused = _parted(found, standing, anew) if standing else (found, ())
    if anew:
        asked = tuple(_from(on, item) if item.identity in anew else item for item in asked)
    unread = directories.never_read(session, client_id) if first_counts else []
    uncounted = waiting(clients.rosters_of(session, client_id), first_counts, unread) if unread else ()
    if uncounted:
        # Approved, a count of a part of the people would bill the others to nobody.
        asked = without(asked, uncounted)
    pending = changes.pending(session, client_id)
    before = changes.items(session, pending) if pending else ()
    items = Items(in_step(carried(asked, before, on)))
    return Difference(items, refused, first_counts, bought, tuple(unread) if uncounted else ())


def _from(day: date, item: ChangeItem) -> ChangeItem:
    """The item from a day on: until then it was refused."""
    return item._replace(effective=max(item.effective, day))


def _parted(
    found: tuple[ChangeItem, ...], standing: Mapping[_Whose, ChangeItem], anew: AbstractSet[_Whose]
) -> tuple[tuple[ChangeItem, ...], tuple[ChangeItem, ...]]:
    """What is to be asked, and what was refused; a move is one decision: where half of it is asked again, all is.

    `anew` are the items whose refusal was overtaken by another verdict.
    """
    again = (item for item in found if item.identity in anew or not _is_refused(item, standing))
    asked = {(item.person, item.measure) for item in again}
    refused = tuple(item for item in found if (item.person, item.measure) not in asked)
    return tuple(item for item in found if (item.person, item.measure) in asked), refused


def as_seen(session: Session, client: ClientRow, items: Iterable[ChangeItem], on: date) -> tuple[ChangeItem, ...]:
    """Items with the days on which the directory shows them, whatever day an earlier revision gave them.

    A refusal is bound to that day: it stands as long as the account's verdict is the one that was refused.
    """
    days = {item.identity: item.effective for item in _found(session, client, on)}
    return tuple(item._replace(effective=days.get(item.identity, item.effective)) for item in items)


def _found(
    session: Session,
    client: ClientRow,
    on: date,
    bought: tuple[Bought, ...] | None = None,
    newcomers: Newcomers | None = None,
) -> tuple[ChangeItem, ...]:
    client_id = id_of(client)
    names = [row.name for row in clients.rosters(session, client_id)]
    unsettled = placed.unsettled(session, client_id)
    seated = seats.known(session, client_id, unsettled)
    # So many are best not read again.
    fresh = newcomers if unsettled is None else None
    placements = placed.placements(session, client_id, unsettled, before=fresh.first if fresh else None)
    joins = fresh.joins() if fresh else ()
    people = after_earlier_seats(seat_items(names, placements, seated, joins), seated)
    counted = licences.bought(session, client_id) if bought is None else bought
    if not counted:
        return people
    numbers, through = quantities.stated(session, client_id), quantities.approved_through(session, client_id)
    measures = counted_on(clients.terms(session, client), on)
    return (*people, *bought_items(measures, counted, numbers, through, on))


def newly_found(session: Session, client: ClientRow, found: Difference) -> tuple[ChangeItem, ...]:
    """The items that the pending change doesn't have yet, or with another number."""
    pending = changes.pending(session, id_of(client))
    waiting = changes.items(session, pending) if pending else ()
    before = {(item.identity, item.after) for item in still_asked(waiting, found.items)}
    return tuple(item for item in found.items if (item.identity, item.after) not in before)


def trips(session: Session, client: ClientRow, found: Difference, accounts_seen: int) -> tuple[Trip, ...]:
    """What the safety catch says of the items that the pending change doesn't have yet."""
    client_id = id_of(client)
    pending = changes.pending(session, client_id)
    waiting = changes.items(session, pending) if pending else ()
    before = {item.identity for item in still_asked(waiting, found.items)}
    newly = [item for item in found.items if item.identity not in before] if before else found.items
    falling = falls_too_far(found.items, waiting, found.bought)
    open_counts = seats.open_counts(session, client_id)
    return (*too_many(newly, open_counts, found.first_counts, accounts_seen), *falling)


def propose(
    session: Session, actor: Actor, clock: Clock, client: ClientRow, found: Difference, origin: Origin = READ
) -> ChangeRow | None:
    """Brings the pending change in line with the difference; the card that is owed goes with it.

    Nothing new writes nothing. Other items or other money make a new revision; no difference withdraws the change.
    `origin` is what the items came of that the pending revision doesn't have.
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
    snapshot, items = snapshots.load(session, client), found.items
    changed = after_change(snapshot, items, known=today)
    money = effect_of(snapshot, changed, items, today, next_unbilled(session, client_id, snapshot.terms, today))
    seal = fingerprint(items, money)
    counts = encode(roster_moves(snapshot, changed, items, today), tuple[RosterMove, ...])
    if pending is not None and (pending.fingerprint, pending.counts) == (seal, counts):
        return pending
    if pending is not None:
        changes.decide(session, pending, "replaced", None, clock.now(), today, None)
    row = ChangeRow(
        id=pending.id if pending else series.take(session, series.CHANGES),
        revision=pending.revision + 1 if pending else 1,
        client_id=client_id,
        state=changes.PENDING,
        first_count=any(is_first_count(first, found.first_counts) for first, _ in items.alike),
        proposed_on=today,
        proposed_at=clock.now(),
        fingerprint=seal,
        counts=counts,
        monthly_minor=money.monthly_minor,
        next_invoice_minor=money.next_invoice_minor,
        next_bill_date=money.next_bill_date,
    )
    changes.add(session, row, items, origin)
    audit.append(
        session, client.slug, clock.now(), actor.id, "change.propose", f"{row.id}:{row.revision}", _plain(items, origin)
    )
    notices.owe(session, "change", str(row.id), client_id, client.channel)
    return row


def roster_moves(snapshot: Snapshot, changed: Snapshot, items: Items, today: date) -> tuple[RosterMove, ...]:
    """Each roster's number before (its seats, or what was stated until its first count) and after."""
    day = settled_on(items, today)
    before, after = snapshot.quantities(day), changed.quantities(day)
    rosters = dict.fromkeys(first.roster for first, _ in items.alike if first.roster is not None)
    measures = [Measure("roster", roster) for roster in rosters]
    return tuple(RosterMove(m.name, _number(before.get(m), day), _number(after.get(m), day)) for m in measures)


def _number(timeline: Timeline | None, day: date) -> int:
    return int(timeline.at(day)) if timeline else 0


def _plain(items: Items, origin: Origin) -> list[dict[str, object]]:
    """The items as the audit keeps them: those of one kind, roster, day and origin together, as they may be many.

    `origin` is that of the items that don't say it.
    """
    together: dict[tuple[str, str | None, date, Origin], tuple[list[int | None], list[int | None]]] = {}
    for first, run in items.alike:
        if first.measure is None:
            key = (first.kind, first.roster, first.effective, first.origin or origin)
            people, accounts = together.setdefault(key, ([], []))
            people += [item.person for item in run]
            accounts += [item.account for item in run]
    seats: list[dict[str, object]] = [
        {"kind": kind, "roster": roster, "effective": effective, "people": people, "accounts": accounts}
        | _plain_origin(came_of)
        for (kind, roster, effective, came_of), (people, accounts) in together.items()
    ]
    numbers: list[dict[str, object]] = [
        {"kind": i.kind, "effective": i.effective, "of": i.measure.name, "before": i.before, "after": i.after}
        | _plain_origin(i.origin or origin)
        for i in items
        if i.measure is not None
    ]
    return [*seats, *numbers]


def _plain_origin(origin: Origin) -> dict[str, object]:
    return {} if origin == READ else asdict(origin)


def _forget(session: Session, client_id: int, found: Difference) -> None:
    """A refusal stands until that account's verdict or that number changes again; then it has said its last."""
    standing = {item.identity: item for item in found.refused}
    whole = licences.counting(session, client_id)
    rows = [row for row in rejections.of_client(session, client_id) if whole or row.measure_kind is None]
    gone = (row for row in rows if not _is_refused(changes.refused_item(row), standing))
    rejections.forget(session, gone)


def _is_refused(item: ChangeItem, standing: Mapping[_Whose, ChangeItem]) -> bool:
    """Whether it is what was refused: somebody's verdict is bound to its day, a number to itself."""
    other = standing.get(item.identity)
    if other is None:
        return False
    return item.after == other.after if item.measure is not None else item.effective == other.effective
