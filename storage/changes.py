"""Changes, their items, what was refused, and the seats that they open and close."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import get_args

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select, update

from billing.changes import ChangeItem, ItemKind
from billing.people import Seat
from billing.quantities import Measure, MeasureKind
from storage.tables import ChangeItemRow, ChangeRow, RejectionRow, SeatRow

PENDING = "pending"


def pending(session: Session, client_id: int) -> ChangeRow | None:
    """The client's one pending change."""
    return session.exec(select(ChangeRow).where(ChangeRow.client_id == client_id, ChangeRow.state == PENDING)).first()


def newest(session: Session, change_id: int) -> ChangeRow | None:
    """The newest revision of a change."""
    query = select(ChangeRow).where(ChangeRow.id == change_id).order_by(col(ChangeRow.revision).desc())
    return session.exec(query).first()


def get(session: Session, change_id: int, revision: int) -> ChangeRow | None:
    """One revision of a change."""
    return session.get(ChangeRow, (change_id, revision))


def every(session: Session, client_id: int | None, *, only_pending: bool) -> list[ChangeRow]:
    """Changes in the order in which they were proposed."""
    query = select(ChangeRow).order_by(col(ChangeRow.id), col(ChangeRow.revision))
    if client_id is not None:
        query = query.where(ChangeRow.client_id == client_id)
    if only_pending:
        query = query.where(ChangeRow.state == PENDING)
    return list(session.exec(query))


def first_proposed(session: Session) -> dict[int, date]:
    """The day on which each pending change was proposed for the first time, in whatever revision."""
    waiting = select(ChangeRow.id).where(ChangeRow.state == PENDING)
    first = columns(col(ChangeRow.id), func.min(col(ChangeRow.proposed_on))).where(col(ChangeRow.id).in_(waiting))
    return {row[0]: row[1] for row in session.execute(first.group_by(col(ChangeRow.id)))}


def add(session: Session, row: ChangeRow, items: Iterable[ChangeItem]) -> ChangeRow:
    """Stores a revision with its items."""
    session.add(row)
    session.flush()
    for position, item in enumerate(items, start=1):
        session.add(
            ChangeItemRow(
                change_id=row.id,
                revision=row.revision,
                position=position,
                kind=item.kind,
                effective=item.effective,
                roster=item.roster,
                person_id=item.person,
                account_id=item.account,
                measure_kind=item.measure.kind if item.measure else None,
                measure_name=item.measure.name if item.measure else None,
                before=None if item.before is None else str(item.before),
                after=None if item.after is None else str(item.after),
            )
        )
    session.flush()
    return row


def decide(
    session: Session, row: ChangeRow, state: str, by: str | None, at: datetime, on: date, reason: str | None
) -> bool:
    """Moves a pending revision to another state; False when somebody else was first."""
    statement = (
        update(ChangeRow)
        .where(col(ChangeRow.id) == row.id, col(ChangeRow.revision) == row.revision, col(ChangeRow.state) == PENDING)
        .values(state=state, decided_by=by, decided_at=at, decided_on=on, reason=reason)
        .execution_options(synchronize_session=False)
    )
    done = session.exec(statement).rowcount == 1
    session.expire(row)
    return done


def item_rows(session: Session, change_id: int, revision: int) -> list[ChangeItemRow]:
    """A revision's items in order."""
    query = (
        select(ChangeItemRow)
        .where(ChangeItemRow.change_id == change_id, ChangeItemRow.revision == revision)
        .order_by(col(ChangeItemRow.position))
    )
    return list(session.exec(query))


def as_item(row: ChangeItemRow) -> ChangeItem:
    """A stored item as billing knows it."""
    kinds: dict[str, ItemKind] = {kind: kind for kind in get_args(ItemKind)}
    measures: dict[str, MeasureKind] = {kind: kind for kind in get_args(MeasureKind)}
    measure = Measure(measures[row.measure_kind], row.measure_name or "") if row.measure_kind else None
    return ChangeItem(
        kind=kinds[row.kind],
        effective=row.effective,
        roster=row.roster,
        person=row.person_id,
        account=row.account_id,
        measure=measure,
        before=None if row.before is None else Decimal(row.before),
        after=None if row.after is None else Decimal(row.after),
    )


def items(session: Session, row: ChangeRow) -> tuple[ChangeItem, ...]:
    """A revision's items as billing knows them."""
    return tuple(as_item(item) for item in item_rows(session, row.id, row.revision))


def seats(session: Session, client_id: int) -> list[SeatRow]:
    """Every seat of a client, open and closed, in the order of opening."""
    return list(session.exec(select(SeatRow).where(SeatRow.client_id == client_id).order_by(col(SeatRow.id))))


def as_seat(row: SeatRow) -> Seat:
    """A stored seat as billing knows it."""
    return Seat(row.roster, row.person_id, row.starts, row.ends)


def open_seats(session: Session, client_id: int) -> dict[int, SeatRow]:
    """The open seats of a client, by person."""
    rows = session.exec(select(SeatRow).where(SeatRow.client_id == client_id, col(SeatRow.ends).is_(None)))
    return {row.person_id: row for row in rows}


def move_seats(session: Session, client_id: int, change_id: int, items: Sequence[ChangeItem]) -> None:
    """Closes the leavers' seats and opens the joiners', leavers first, so that a move keeps one open seat a person."""
    held = open_seats(session, client_id)
    for item in items:
        seat = held.get(item.person) if item.kind == "leave" and item.person is not None else None
        if seat is not None and seat.roster == item.roster:
            seat.ends, seat.closed_by = max(item.effective, seat.starts), change_id
            session.add(seat)
    session.flush()
    for item in items:
        if item.kind == "join" and item.roster is not None and item.person is not None:
            session.add(
                SeatRow(
                    client_id=client_id,
                    roster=item.roster,
                    person_id=item.person,
                    starts=item.effective,
                    opened_by=change_id,
                )
            )
    session.flush()


def rejections(session: Session, client_id: int) -> list[RejectionRow]:
    """What was refused and still stands."""
    return list(session.exec(select(RejectionRow).where(RejectionRow.client_id == client_id)))


def add_rejections(session: Session, client_id: int, change_id: int, items: Iterable[ChangeItem], reason: str) -> None:
    """Keeps a refusal per item."""
    for item in items:
        session.add(
            RejectionRow(
                client_id=client_id,
                change_id=change_id,
                kind=item.kind,
                roster=item.roster,
                person_id=item.person,
                account_id=item.account,
                effective=item.effective,
                reason=reason,
            )
        )
    session.flush()


def forget_roster(session: Session, client_id: int, roster: str) -> None:
    """Drops every refusal on a roster."""
    forget_rejections(session, (row for row in rejections(session, client_id) if row.roster == roster))


def forget_rejections(session: Session, gone: Iterable[RejectionRow]) -> None:
    """Drops refusals whose account has another verdict now."""
    for row in gone:
        session.delete(row)
    session.flush()
