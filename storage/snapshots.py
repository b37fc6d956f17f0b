"""One client's facts as billing takes them, read within one transaction."""

from sqlmodel import Session

from billing.snapshot import Snapshot
from storage import clients, invoices, quantities, readings, seats
from storage.ids import id_of
from storage.tables import ClientRow


def load(session: Session, client: ClientRow) -> Snapshot:
    """Everything that decides what the client owes."""
    client_id = id_of(client)
    rosters = clients.rosters(session, client_id)
    return Snapshot(
        terms=clients.terms(session, client),
        stated=quantities.stated(session, client_id),
        seats=seats.known(session, client_id),
        counted={row.name: row.counted_from for row in rosters if row.counted_from is not None},
        billed=invoices.billed(session, client_id),
        billed_through=invoices.billed_through(session, client_id),
        readings=readings.of_client(session, client_id),
    )
