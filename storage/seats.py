"""The seats that changes open and close: who is paid for on which roster, from a day on and until another."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, delete, select, update

from billing.quantities import Seat, Seats
from rosters.changes import ChangeItem
from storage import bulk, placed
from storage.tables import RosterRow, SeatRow


def every(session: Session, client_id: int) -> list[SeatRow]:
    """Every seat of a client, open and closed, in the order of opening."""
    return list(session.exec(select(SeatRow).where(SeatRow.client_id == client_id).order_by(col(SeatRow.id))))


def known(session: Session, client_id: int, people: Collection[int] | None = None) -> Seats:
    """Every seat of a client, or of some of its people, as billing knows it, in the order of opening."""
    stays = defaultdict[tuple[str, date, date | None], list[int]](list)
    query = (
        columns(col(SeatRow.roster), col(SeatRow.person_id), col(SeatRow.starts), col(SeatRow.ends))
        .where(col(SeatRow.client_id) == client_id)
        .order_by(col(SeatRow.id))
    )
    for roster, person, starts, ends in placed.among(session, query, col(SeatRow.person_id), people):
        stays[roster, starts, ends].append(person)
    return Seats(dict(stays))


def open_counts(session: Session, client_id: int) -> dict[str, int]:
    """How many seats are open on each roster."""
    is_open = (col(SeatRow.client_id) == client_id, col(SeatRow.ends).is_(None))
    query = columns(col(SeatRow.roster), func.count()).where(*is_open).group_by(col(SeatRow.roster))
    return {row[0]: row[1] for row in session.execute(query)}


def as_seat(row: SeatRow) -> Seat:
    """A stored seat as billing knows it."""
    return Seat(row.roster, row.person_id, row.starts, row.ends)


def open_of(session: Session, person: int) -> SeatRow | None:
    """The seat that somebody has now."""
    return session.exec(select(SeatRow).where(SeatRow.person_id == person, col(SeatRow.ends).is_(None))).first()


def by_person(session: Session, client_id: int) -> dict[int, SeatRow]:
    """The open seats of a client, by person."""
    rows = session.exec(select(SeatRow).where(SeatRow.client_id == client_id, col(SeatRow.ends).is_(None)))
    return {row.person_id: row for row in rows}


def move(session: Session, client_id: int, change_id: int, items: Sequence[ChangeItem]) -> None:
    """Closes the leavers' seats and opens the joiners', leavers first, so that a move keeps one open seat a person."""
    held = by_person(session, client_id)
    for item in items:
        seat = held.get(item.person) if item.kind == "leave" and item.person is not None else None
        if seat is not None and seat.roster == item.roster:
            seat.ends, seat.closed_by = max(item.effective, seat.starts), change_id
            session.add(seat)
    session.flush()
    joining = (item for item in items if item.kind == "join" and item.roster is not None and item.person is not None)
    rows = ((client_id, item.roster, item.person, item.effective.isoformat(), change_id) for item in joining)
    bulk.insert(session, SeatRow, ("client_id", "roster", "person_id", "starts", "opened_by"), rows)


def stand_as_left(session: Session, client_id: int, change_id: int) -> bool:
    """Whether no later change closed a seat that this one opened, or gave one to somebody whose seat it closed."""
    theirs = every(session, client_id)
    closed = {seat.person_id for seat in theirs if seat.closed_by == change_id}
    for seat in theirs:
        if seat.opened_by == change_id and seat.ends is not None:
            return False
        if seat.ends is None and seat.opened_by != change_id and seat.person_id in closed:
            return False
    return True


def put_back(session: Session, client_id: int, change_id: int) -> None:
    """Takes away the seats that a change opened, and opens those that it closed, as if it had never been.

    A roster without any seat is then one that was never counted.
    """
    session.execute(delete(SeatRow).where(col(SeatRow.client_id) == client_id, col(SeatRow.opened_by) == change_id))
    closed = (col(SeatRow.client_id) == client_id, col(SeatRow.closed_by) == change_id)
    session.execute(update(SeatRow).where(*closed).values(ends=None, closed_by=None))
    used = select(SeatRow.roster).where(SeatRow.client_id == client_id)
    never = (col(RosterRow.client_id) == client_id, col(RosterRow.name).not_in(used))
    session.execute(update(RosterRow).where(*never).values(counted_from=None))
    session.expire_all()
