"""One client of a book, put into the database in place of what was stored of it."""

import json

from billing.errors import Refused
from billing.quantities import Step
from billing.snapshot import Snapshot
from commands.import_readings import put_readings
from connectors.books.values import BookClient, BookCost
from rosters.policies import Policies
from storage import clients, directories, invoices, quantities, rejections
from storage.codec import encode
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow


class CurrencyCannotChange(Refused):
    """Amounts were issued in the old currency."""


class DirectoryHasPeople(Refused):
    """A directory whose accounts are counted can't just disappear."""


class RosterHasSeats(Refused):
    """A roster on which people were counted can't just disappear."""


def put_client(session: Session, row: ClientRow | None, client: BookClient, before: Snapshot | None) -> ClientRow:
    """Stores all that the book says of the client; `before` are the facts that were stored.

    Raises:
        CurrencyCannotChange, RosterHasSeats, ReadingIsKnownOtherwise, DirectoryHasPeople: what is stored forbids it.

    """
    if row is not None and before is not None and row.currency != client.terms.currency and before.billed:
        raise CurrencyCannotChange(
            f"{client.slug} was billed in {row.currency}; it can't become {client.terms.currency}. "
            "End the agreement and add a client for the new currency."
        )
    row = row or ClientRow(slug=client.slug, name="", currency="", timezone="", locale="", buyer="", taxes="")
    row.name, row.timezone, row.locale, row.channel = client.name, client.timezone, client.locale, client.channel
    row.sync_at, row.inactive_days = f"{client.sync_at:%H:%M}", client.inactive_days
    row.approvals = encode(client.approvals, Policies)
    put_terms(session, row, client)
    client_id = id_of(row)
    _put_rosters(session, client_id, client)
    quantities.put_stated(session, client_id, ((q.of, Step(q.on, q.quantity, q.known)) for q in client.quantities))
    put_readings(session, client_id, client)
    invoices.put_elsewhere(session, client_id, client.elsewhere())
    _put_directories(session, client_id, client)
    return row


def put_terms(session: Session, row: ClientRow, client: BookClient) -> None:
    """Stores what the client pays and what that costs, and who stands on its documents."""
    row.costs = encode(client.costs, tuple[BookCost, ...])
    clients.put_client(session, row, client.terms, client.buyer)


def _put_rosters(session: Session, client_id: int, client: BookClient) -> None:
    named = {roster.name for roster in client.rosters}
    counted = [row.name for row in clients.rosters(session, client_id) if row.counted_from is not None]
    missing = [name for name in counted if name not in named]
    if missing:
        raise RosterHasSeats(
            f"{client.slug}: people were counted on {', '.join(missing)}, so it can't be removed; keep it in the book."
        )
    # What was refused under another rule is another question now.
    for roster in clients.put_rosters(session, client_id, client.rosters):
        rejections.forget_roster(session, client_id, roster)


def _put_directories(session: Session, client_id: int, client: BookClient) -> None:
    for directory in client.directories:
        settings = json.dumps(dict(directory.settings), sort_keys=True, default=str)
        directories.put(session, client_id, directory.name, directory.kind, settings, directory.only)
    named = {directory.name for directory in client.directories}
    for row in directories.of_client(session, client_id):
        if row.name in named:
            continue
        if directories.accounts(session, id_of(row)):
            raise DirectoryHasPeople(
                f"{client.slug}: the directory {row.name} was read and its people may hold seats; keep it in the book."
            )
        directories.drop(session, row)
