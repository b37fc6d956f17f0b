"""What an approval does: from which days its items hold, and the seats and numbers that they bring."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from billing.quantities import Step
from commands.actors import Clock
from commands.first_counts import on_stated_day, open_counts, refuse_free_days, uncounted
from rosters.changes import ChangeItem, after_earlier_seats, in_step
from storage import audit, changes, clients, notices, quantities, seats
from storage.database import Session
from storage.tables import ChangeItemRow, ChangeRow, ClientRow

DECISION = "decision"
"""The kind of the reply that tells below the card of a change what was decided, item by item."""


def dated(
    session: Session, client: ClientRow, row: ChangeRow, stored: Iterable[ChangeItemRow], effective: date | None
) -> tuple[ChangeItem, ...]:
    """The items with the days from which they hold: their own, or the one that the approver states.

    Raises:
        FirstDayIsMissing: as named.

    """
    fresh = uncounted(session, row.client_id)
    seen = [changes.as_item(item) for item in stored]
    if effective is None:
        refuse_free_days(session, client, seen, fresh)
    seated = seats.known(session, row.client_id, [item.person for item in seen if item.person is not None])
    stated = on_stated_day(seen, fresh, effective, first_count=row.first_count)
    return in_step(after_earlier_seats(stated, seated))


def gone_rosters(session: Session, client_id: int, items: Iterable[ChangeItem]) -> list[str]:
    """The rosters that items would open seats on and that a book has taken away since: no line would bill them."""
    known = {roster.name for roster in clients.rosters(session, client_id)}
    return sorted({item.roster for item in items if item.kind == "join" and item.roster is not None} - known)


def take_up(
    session: Session,
    clock: Clock,
    client: ClientRow,
    row: ChangeRow,
    stored: Sequence[ChangeItemRow],
    items: Sequence[ChangeItem],
) -> None:
    """Opens, closes and states what the items say; `stored` are their rows, in the same order."""
    fresh = uncounted(session, row.client_id)
    for item_row, item in zip(stored, items, strict=True):
        item_row.effective = item.effective
        session.add(item_row)
    seats.move(session, row.client_id, row.id, items)
    open_counts(session, row.client_id, items, fresh)
    known = clock.today(client.timezone)
    numbers = [(i.measure, Step(i.effective, i.after, known)) for i in items if i.measure and i.after is not None]
    quantities.add_approved(session, row.client_id, row.id, numbers)


def record(
    session: Session, by: str, clock: Clock, client: ClientRow, row: ChangeRow, action: str, said: Mapping[str, object]
) -> None:
    """Keeps what was decided of a change, item by item, in the audit log; the card that is owed goes with it."""
    row.undo_open = row.state != changes.PENDING
    session.add(row)
    data = {**said, "items": plain_items(session, row)}
    audit.append(session, client.slug, clock.now(), by, action, f"{row.id}:{row.revision}", data)
    card = notices.owe(session, "change", str(row.id), row.client_id, client.channel)
    if row.state != changes.PENDING:
        notices.owe(session, DECISION, f"{row.id}:{row.revision}", row.client_id, client.channel, card)


def plain_items(session: Session, row: ChangeRow) -> list[dict[str, object]]:
    """The items of a revision as the audit log keeps them."""
    return [_plain(item) for item in changes.item_rows(session, row.id, row.revision)]


def _plain(item: ChangeItemRow) -> dict[str, object]:
    said: dict[str, object] = {
        "kind": item.kind,
        "roster": item.roster,
        "person": item.person_id,
        "on": item.effective,
        "excepted": item.excepted,
    }
    if item.excepted:
        said["reason"] = item.reason
    if item.measure_kind:
        said |= {"of": item.measure_name, "before": item.before, "after": item.after}
    return said
