"""Changes: what waits, and the decision that opens and closes seats."""

from collections.abc import Iterable
from datetime import date

from billing.agreement import Measure
from billing.changes import ChangeItem, after_earlier_seats, effect
from billing.errors import Refused, WrongInput
from commands.actors import Actor, Clock
from commands.change_cards import ChangeView, change_view
from commands.clients import named
from commands.permissions import UseCase, require
from commands.proposals import as_seen
from documents.document import NAME_ERASED
from storage import audit, changes, clients, directories, notices, snapshots
from storage.database import Database, Session
from storage.tables import ChangeItemRow, ChangeRow, ClientRow


class NoSuchChange(WrongInput):
    """There is no change with that id."""


class AlreadyDecided(Refused):
    """Somebody was first; the message says who, when and what."""


class ChangeWasReplaced(Refused):
    """The card that was clicked shows an older revision, or its amounts are no longer true."""


class ReasonIsMissing(WrongInput):
    """A refusal without a reason explains nothing."""


class NoSuchItem(WrongInput):
    """The change has no item with that number."""


class FirstDayIsMissing(Refused):
    """Nobody said from which day a first count holds, and the days before it would cost nothing."""


class MoveIsOneDecision(Refused):
    """Somebody would have two seats at once."""


def pending(
    database: Database, actor: Actor, client: str | None = None, *, every: bool = False
) -> tuple[ChangeView, ...]:
    """The changes that wait for approval, or all there ever were, of one client or of all."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        client_id = named(session, client).id if client else None
        return tuple(change_view(session, row) for row in changes.every(session, client_id, only_pending=not every))


def show(database: Database, change_id: int, revision: int | None = None) -> ChangeView:
    """One change as it is now, or one revision of it; for cards, so without a role."""
    with database.read() as session:
        row = changes.newest(session, change_id) if revision is None else changes.get(session, change_id, revision)
        if row is None:
            raise NoSuchChange(f"There is no change {change_id}.")
        return change_view(session, row)


def approve(
    database: Database,
    actor: Actor,
    clock: Clock,
    change_id: int,
    *,
    revision: int | None = None,
    effective: date | None = None,
    except_items: tuple[int, ...] = (),
    reason: str | None = None,
) -> ChangeView:
    """Opens and closes the seats of a pending change.

    `revision` is what the approver saw; without it the newest counts. `effective` replaces the days of a first
    count's items, or of all items where there is no first count; a first count must have it where the days before
    would be billed as nobody. `except_items` are left out, for a reason.

    Raises:
        AlreadyDecided, ChangeWasReplaced, NoSuchChange, NoSuchItem, ReasonIsMissing, NotAllowed: as named.

    """
    if except_items and not (reason or "").strip():
        raise ReasonIsMissing("Say why these people are left out: --reason TEXT.")
    with database.write("approve") as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row, client = _to_decide(session, clock, change_id, revision)
        item_rows = changes.item_rows(session, row.id, row.revision)
        _except(item_rows, except_items)
        fresh = _uncounted(session, row.client_id)
        if effective is None:
            moving = {item.person_id for item in item_rows if item.kind == "leave"}
            firsts = [item for item in item_rows if item.roster in fresh and item.person_id not in moving]
            _refuse_free_days(session, client, map(changes.as_item, firsts))
        stated = [_effective(changes.as_item(i), row, fresh, effective) for i in item_rows if not i.excepted]
        seats = [changes.as_seat(seat) for seat in changes.seats(session, row.client_id)]
        items = after_earlier_seats(stated, seats)
        _refuse_gone_rosters(session, client, row, items)
        _refuse_half_moves(session, row.client_id, items)
        left_out = [changes.as_item(item) for item in item_rows if item.excepted]
        _settle(session, row, actor, clock, client, "approved", reason)
        for stored, item in zip((i for i in item_rows if not i.excepted), items, strict=True):
            stored.effective = item.effective
            session.add(stored)
        changes.move_seats(session, row.client_id, row.id, items)
        _open_counts(session, row.client_id, items, fresh)
        refused = as_seen(session, row.client_id, left_out)
        changes.add_rejections(session, row.client_id, row.id, refused, reason or "")
        _record(session, actor, clock, client, row, "change.approve", reason)
        return change_view(session, row)


def reject(
    database: Database, actor: Actor, clock: Clock, change_id: int, *, revision: int | None = None, reason: str
) -> ChangeView:
    """Refuses a pending change; each item stays refused until that account's verdict changes again."""
    if not reason.strip():
        raise ReasonIsMissing("Say why the change is rejected: --reason TEXT.")
    with database.write("reject") as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row, client = _to_decide(session, clock, change_id, revision)
        # A first count is asked for again: until somebody approves one, the roster isn't counted at all.
        fresh = _uncounted(session, row.client_id)
        items = [item for item in changes.items(session, row) if item.roster not in fresh]
        _settle(session, row, actor, clock, client, "rejected", reason)
        changes.add_rejections(session, row.client_id, row.id, as_seen(session, row.client_id, items), reason)
        _record(session, actor, clock, client, row, "change.reject", reason)
        return change_view(session, row)


def _to_decide(session: Session, clock: Clock, change_id: int, revision: int | None) -> tuple[ChangeRow, ClientRow]:
    found = changes.newest(session, change_id)
    if found is None:
        raise NoSuchChange(f"There is no change {change_id}: rollcall changes lists what waits.")
    client = clients.lock(session, found.client_id)
    session.expire_all()
    row = changes.newest(session, change_id)
    if row is None:
        raise NoSuchChange(f"There is no change {change_id}.")
    if row.state != changes.PENDING:
        raise AlreadyDecided(_decided(row))
    if revision is not None and revision != row.revision:
        raise ChangeWasReplaced(
            f"Change {change_id} has been replaced: you saw revision {revision}, now it is revision {row.revision}. "
            "Nothing was decided; look at the new card and decide there."
        )
    if revision is not None:
        _refuse_other_money(session, clock, client, row)
    return row, client


def _refuse_other_money(session: Session, clock: Clock, client: ClientRow, row: ChangeRow) -> None:
    """What was shown must still be true: other prices since make it another decision."""
    today = clock.today(client.timezone)
    money = effect(snapshots.load(session, client), changes.items(session, row), today)
    if money.monthly_minor != row.monthly_minor:
        raise ChangeWasReplaced(
            f"The amounts of change {row.id} have changed since the card was shown, so nothing was decided. "
            f"rollcall sync {client.slug} shows it anew."
        )


def _decided(row: ChangeRow) -> str:
    if row.state == "withdrawn":
        return f"Change {row.id} was withdrawn on {row.decided_on}: {row.reason}."
    return f"Change {row.id} was already {row.state} by {row.decided_by} on {row.decided_on}."


def _uncounted(session: Session, client_id: int) -> set[str]:
    """The rosters on which no seat was ever opened."""
    return {roster.name for roster in clients.rosters(session, client_id) if roster.counted_from is None}


def _refuse_free_days(session: Session, client: ClientRow, first_count: Iterable[ChangeItem]) -> None:
    """Days that are covered, but before the count and without a stated number, would silently be billed as nobody."""
    snapshot = snapshots.load(session, client)
    for item in first_count:
        measure = Measure("roster", item.roster or "")
        lines = [(agreement, line) for agreement in snapshot.terms.agreements for line in agreement.lines]
        ours = [(line.start, a.start, a.bills_from) for a, line in lines if line.count == measure]
        begins = [max(day for day in days if day is not None) for days in ours]
        if begins and min(begins) < item.effective and measure not in snapshot.stated:
            raise FirstDayIsMissing(
                f"From which day does the first count hold? {client.slug} pays for {measure.name} from {min(begins)}, "
                f"the count was made on {item.effective}, and no number is stated for the days between. "
                f"Say it: --effective {min(begins)}, or --effective {item.effective} to bill nobody for them."
            )


def _except(items: list[ChangeItemRow], numbers: tuple[int, ...]) -> None:
    known = {item.position for item in items}
    wrong = [number for number in numbers if number not in known]
    if wrong:
        raise NoSuchItem(f"The change has items 1 to {len(items)}, not {', '.join(map(str, wrong))}.")
    for item in items:
        item.excepted = item.position in numbers


def _refuse_gone_rosters(session: Session, client: ClientRow, row: ChangeRow, items: Iterable[ChangeItem]) -> None:
    """Seats on a roster that a book has taken away since would be billed by no line."""
    known = {roster.name for roster in clients.rosters(session, row.client_id)}
    gone = sorted({item.roster for item in items if item.roster is not None} - known)
    if gone:
        raise ChangeWasReplaced(
            f"Change {row.id} is about {', '.join(gone)}, which is no longer in the book, so nothing was decided. "
            f"rollcall sync {client.slug} proposes it anew."
        )


def _refuse_half_moves(session: Session, client_id: int, items: Iterable[ChangeItem]) -> None:
    """Somebody who has a seat can only take another one by leaving it."""
    seated = changes.open_seats(session, client_id)
    leaving = {item.person for item in items if item.kind == "leave"}
    for item in items:
        if item.kind == "join" and item.person is not None and item.person not in leaving and item.person in seated:
            name = directories.current_names(session, [item.person]).get(item.person, NAME_ERASED)
            raise MoveIsOneDecision(
                f"{name} moves from {seated[item.person].roster} to {item.roster}: "
                "leave out both items of the move, or none."
            )


def _effective(item: ChangeItem, row: ChangeRow, fresh: set[str], effective: date | None) -> ChangeItem:
    applies = not row.first_count or (item.kind == "join" and item.roster in fresh)
    if effective is None or not applies:
        return item
    return ChangeItem(
        kind=item.kind,
        effective=effective,
        roster=item.roster,
        person=item.person,
        account=item.account,
        measure=item.measure,
        before=item.before,
        after=item.after,
    )


def _settle(
    session: Session, row: ChangeRow, actor: Actor, clock: Clock, client: ClientRow, state: str, reason: str | None
) -> None:
    today = clock.today(client.timezone)
    if not changes.decide(session, row, state, actor.id, clock.now(), today, reason):
        raise AlreadyDecided(_decided(row))
    session.refresh(row)


def _open_counts(session: Session, client_id: int, items: Iterable[ChangeItem], fresh: set[str]) -> None:
    for roster in clients.rosters(session, client_id):
        days = [item.effective for item in items if item.kind == "join" and item.roster == roster.name]
        if days and roster.name in fresh:
            roster.counted_from = min(days)
            session.add(roster)
    session.flush()


def _record(
    session: Session,
    actor: Actor,
    clock: Clock,
    client: ClientRow,
    row: ChangeRow,
    action: str,
    reason: str | None,
) -> None:
    rows = changes.item_rows(session, row.id, row.revision)
    said = {
        "reason": reason,
        "items": [
            {"kind": i.kind, "roster": i.roster, "person": i.person_id, "on": i.effective, "excepted": i.excepted}
            for i in rows
        ],
    }
    audit.append(session, client.slug, clock.now(), actor.id, action, f"{row.id}:{row.revision}", said)
    notices.owe(session, "change", str(row.id), row.client_id, client.channel)
