"""Numbers without gaps: a counter moves in the transaction that uses its number, or not at all."""

from sqlmodel import Session, select

from storage.tables import SeriesRow

# A name that no invoice series of a book can have.
CHANGES = "#changes"


def take(session: Session, name: str) -> int:
    """The next number of a series, from 1. Whoever takes one holds the series until its transaction ends."""
    row = session.exec(select(SeriesRow).where(SeriesRow.name == name).with_for_update()).first()
    if row is None:
        row = SeriesRow(name=name)
        session.add(row)
        session.flush()
    number = row.next
    row.next = number + 1
    session.add(row)
    session.flush()
    return number
