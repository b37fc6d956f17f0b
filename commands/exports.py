"""The book of what is stored, which reads back to the same."""

import json
from collections.abc import Iterator, Sequence
from datetime import time

from commands.actors import Actor, Clock
from commands.catalogue import stored as stored_catalogue
from commands.clients import named
from commands.digest_schedules import stored
from commands.links import written
from commands.permissions import Role, UseCase, require
from connectors.books.values import (
    Book,
    BookBilled,
    BookClient,
    BookCost,
    BookDirectory,
    BookQuantity,
    BookReading,
)
from rosters.policies import Policies
from rosters.rules import Roster
from storage import audit, clients, directories, invoices, readings
from storage.codec import decode
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow


def export_book(database: Database, actor: Actor, clock: Clock, slugs: Sequence[str] = ()) -> Book:
    """The book of the named clients (default: of all), with the seller and the catalogue.

    Digests may be about any client, so the book of some of them is silent about those.
    What leaves the house is kept in the audit log, as what comes in is.
    """
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        rows = [named(session, slug) for slug in slugs] if slugs else clients.every(session)
        products, templates = stored_catalogue(session)
        policies, money_from = clients.house_policies(session), clients.money_from(session)
        book = Book(
            seller=clients.seller(session),
            products=products or None,
            templates=templates or None,
            clients=tuple(book_of(session, row) for row in rows),
            digests=None if slugs else stored(session) or None,
            approvals=None if policies == Policies() else policies,
            money_from=None if money_from == Role.VIEWER else money_from,
        )
    with database.write("export") as session:
        said = {"clients": [client.slug for client in book.clients]}
        audit.append(session, audit.HOUSE, clock.now(), actor.id, "book.export", "book", said)
    return book


def book_of(session: Session, row: ClientRow) -> BookClient:
    """A stored client as its book has it."""
    client_id = id_of(row)
    return BookClient(
        slug=row.slug,
        name=row.name,
        timezone=row.timezone,
        locale=row.locale,
        channel=row.channel,
        buyer=clients.buyer(row),
        terms=clients.terms(session, row),
        directories=tuple(
            BookDirectory(d.name, d.kind, json.loads(d.settings), directories.scope_of(d))
            for d in directories.of_client(session, client_id)
        ),
        rosters=tuple(Roster(r.name, clients.rule_of(r)) for r in clients.rosters(session, client_id)),
        quantities=tuple(_quantities(session, client_id)),
        billed=tuple(
            BookBilled(charge.item, charge.starts, charge.ends, charge.amount_minor)
            for charge in invoices.elsewhere(session, client_id)
        ),
        people=written(session, row),
        costs=decode(tuple[BookCost, ...], row.costs),
        sync_at=time.fromisoformat(row.sync_at),
        inactive_days=row.inactive_days,
        approvals=clients.policies(row),
        usage=tuple(
            BookReading(meter, reading)
            for meter, found in readings.of_client(session, client_id).items()
            for reading in found
        ),
    )


def _quantities(session: Session, client_id: int) -> Iterator[BookQuantity]:
    for measure, steps in clients.stated(session, client_id).items():
        for step in steps:
            yield BookQuantity(measure, step.on, step.quantity, step.known)
