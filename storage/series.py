"""Numbers without gaps: a counter moves in the transaction that uses its number, or not at all."""

from sqlmodel import Session, select

from storage.conflicts import insert_into
from storage.tables import SeriesRow

# A name that no invoice series of a book can have.
CHANGES = "#changes"


def take(session: Session, name: str) -> int:
    """The next number of a series, from 1. Whoever takes one holds the series until its transaction ends."""
    held = select(SeriesRow).where(SeriesRow.name == name).with_for_update()
    row = session.exec(held).first()
    if row is None:
        # Several may be the first at the same time; PostgreSQL lets the others wait here for the one who was.
        session.execute(insert_into(session, SeriesRow).values(name=name, next=1).on_conflict_do_nothing())
        row = session.exec(held).one()
    number = row.next
    row.next = number + 1
    session.add(row)
    session.flush()
    return number
