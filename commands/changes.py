"""Changes: what waits, and the decision that opens and closes seats."""

from collections.abc import Iterable, Sequence
from datetime import date

from billing.changes import ChangeItem, after_earlier_seats, in_step
from billing.errors import Refused, WrongInput
from commands.actors import Actor, Clock
from commands.change_cards import ChangeView, change_view, differs
from commands.clients import named
from commands.first_counts import on_stated_day, open_counts, refuse_free_days, uncounted
from commands.left_out import leave_out
from commands.permissions import UseCase, require
from commands.proposals import as_seen, difference, propose
from commands.reasons import require_reason
from storage import audit, changes, clients, notices
from storage.database import Database, Session
from storage.tables import ChangeItemRow, ChangeRow, ClientRow


class NoSuchChange(WrongInput):
    """There is no change with that id."""


class AlreadyDecided(Refused):
    """Somebody was first; the message says who, when and what."""


class ChangeWasReplaced(Refused):
    """The card that was clicked shows an older revision, or its amounts are no longer true."""


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


def to_be_decided(database: Database, actor: Actor, change_id: int) -> ChangeView:
    """A change as it is now, for whoever may decide it: refused before they are asked for a day or a reason."""
    with database.read() as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
    return show(database, change_id)


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
        AlreadyDecided, ChangeWasReplaced, FirstDayIsMissing, MoveIsOneDecision, NoSuchChange, NoSuchItem,
            ReasonIsMissing, NotAllowed: as named.

    """
    if except_items:
        require_reason(reason, "these people are left out")
    with database.write("approve") as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row, client = _to_decide(session, change_id, revision)
        refusal = None if revision is None else _shown_anew(session, actor, clock, client, row)
        if refusal is None:
            item_rows = changes.item_rows(session, row.id, row.revision)
            leave_out(session, item_rows, except_items)
            _settle(session, row, actor, clock, client, "approved", reason)
            _move_seats(session, client, row, [item for item in item_rows if not item.excepted], effective)
            left_out = [changes.as_item(item) for item in item_rows if item.excepted]
            refused = as_seen(session, row.client_id, left_out)
            changes.add_rejections(session, row.client_id, row.id, refused, reason or "")
            _record(session, actor, clock, client, row, "change.approve", reason)
            return change_view(session, row)
    # Raised only now: the card that is owed with the new revision must outlast the refusal.
    raise refusal


def reject(
    database: Database, actor: Actor, clock: Clock, change_id: int, *, revision: int | None = None, reason: str
) -> ChangeView:
    """Refuses a pending change; each item stays refused until that account's verdict changes again."""
    require_reason(reason, "the change is rejected")
    with database.write("reject") as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row, client = _to_decide(session, change_id, revision)
        refusal = None if revision is None else _shown_anew(session, actor, clock, client, row)
        if refusal is None:
            # A first count is asked for again: until somebody approves one, the roster isn't counted at all.
            fresh = uncounted(session, row.client_id)
            items = [item for item in changes.items(session, row) if item.roster not in fresh]
            _settle(session, row, actor, clock, client, "rejected", reason)
            changes.add_rejections(session, row.client_id, row.id, as_seen(session, row.client_id, items), reason)
            _record(session, actor, clock, client, row, "change.reject", reason)
            return change_view(session, row)
    # Raised only now, as above.
    raise refusal


def _to_decide(session: Session, change_id: int, revision: int | None) -> tuple[ChangeRow, ClientRow]:
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
    return row, client


def _shown_anew(
    session: Session, actor: Actor, clock: Clock, client: ClientRow, row: ChangeRow
) -> ChangeWasReplaced | None:
    """What was shown must still be what would be proposed now; otherwise that is proposed, and this is the refusal."""
    now = propose(session, actor, clock, client, difference(session, client))
    if now is None:
        return ChangeWasReplaced(f"Change {row.id} was withdrawn, since the difference is gone; nothing was decided.")
    if now.revision == row.revision:
        return None
    return ChangeWasReplaced(
        f"Change {row.id} is no longer what its card showed, so nothing was decided: {differs(row, now, client)}. "
        f"Revision {now.revision} shows it anew: look at it and decide there."
    )


def _decided(row: ChangeRow) -> str:
    if row.state == "withdrawn":
        return f"Change {row.id} was withdrawn on {row.decided_on}: {row.reason}."
    return f"Change {row.id} was already {row.state} by {row.decided_by} on {row.decided_on}."


def _move_seats(
    session: Session, client: ClientRow, row: ChangeRow, stored: Sequence[ChangeItemRow], effective: date | None
) -> None:
    """Opens and closes what the items say, on their own days or the one that the approver stated."""
    fresh = uncounted(session, row.client_id)
    seen = [changes.as_item(item) for item in stored]
    if effective is None:
        refuse_free_days(session, client, seen, fresh)
    seats = [changes.as_seat(seat) for seat in changes.seats(session, row.client_id)]
    stated = on_stated_day(seen, fresh, effective, first_count=row.first_count)
    items = in_step(after_earlier_seats(stated, seats))
    _refuse_gone_rosters(session, client, row, items)
    for item_row, item in zip(stored, items, strict=True):
        item_row.effective = item.effective
        session.add(item_row)
    changes.move_seats(session, row.client_id, row.id, items)
    open_counts(session, row.client_id, items, fresh)


def _refuse_gone_rosters(session: Session, client: ClientRow, row: ChangeRow, items: Iterable[ChangeItem]) -> None:
    """Seats on a roster that a book has taken away since would be billed by no line."""
    known = {roster.name for roster in clients.rosters(session, row.client_id)}
    gone = sorted({item.roster for item in items if item.kind == "join" and item.roster is not None} - known)
    if gone:
        raise ChangeWasReplaced(
            f"Change {row.id} is about {', '.join(gone)}, which is no longer in the book, so nothing was decided. "
            f"rollcall sync {client.slug} proposes it anew."
        )


def _settle(
    session: Session, row: ChangeRow, actor: Actor, clock: Clock, client: ClientRow, state: str, reason: str | None
) -> None:
    today = clock.today(client.timezone)
    if not changes.decide(session, row, state, actor.id, clock.now(), today, reason):
        raise AlreadyDecided(_decided(row))
    session.refresh(row)


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
