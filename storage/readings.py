"""What clients' meters read: added once under a key, never altered."""

from collections.abc import Iterable
from decimal import Decimal

from sqlmodel import Session, col, select

from billing.quantities import Reading
from storage.tables import ReadingRow


def of_client(session: Session, client_id: int) -> dict[str, tuple[Reading, ...]]:
    """A client's readings by meter, each meter's in the order in which they came."""
    query = select(ReadingRow).where(ReadingRow.client_id == client_id).order_by(col(ReadingRow.id))
    found: dict[str, list[Reading]] = {}
    for row in session.exec(query):
        found.setdefault(row.meter, []).append(Reading(row.on, Decimal(row.amount), row.key))
    return {meter: tuple(readings) for meter, readings in found.items()}


def add(session: Session, client_id: int, readings: Iterable[tuple[str, Reading]]) -> None:
    """Stores readings that there weren't, each with its meter."""
    session.add_all(
        ReadingRow(client_id=client_id, meter=meter, key=reading.key, on=reading.on, amount=str(reading.amount))
        for meter, reading in readings
    )
    session.flush()
