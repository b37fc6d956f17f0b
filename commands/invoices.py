"""Invoices to read: the preview, what was issued, and what a book by itself would produce."""

from dataclasses import dataclass
from datetime import date

from billing.agreement import Seller
from billing.calendar import add_months
from billing.errors import WrongInput
from billing.invoice import draft_invoice
from billing.quantities import Measure, Reading, Step
from billing.snapshot import BilledCharge, Snapshot
from commands import paper
from commands.actors import Actor, Clock
from commands.bill_dates import next_unbilled
from commands.bounds import breaches
from commands.clients import ClientRef, named, ref
from commands.import_book import check_locale
from commands.permissions import UseCase, require
from connectors.books.values import Book, BookClient
from documents import bounds
from documents.document import Document
from documents.format import Format
from rosters.quote import month_by_month
from storage import clients, invoices, snapshots
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow, InvoiceRow

_NAMED_AT_MOST = 3
_MONTHS_AHEAD = 240


class NoSuchInvoice(WrongInput):
    """No issued document has that number."""


class NotInTheBook(WrongInput):
    """The book has no such client."""


class QuotedTooFar(WrongInput):
    """So many documents that nobody reads them, each of which takes longer than the one before."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The document as it would be drafted; None with a note when nothing is owed.

    `warnings` say which safety bounds it hits: a run would hold the client.
    """

    document: Document | None
    client: ClientRef
    bill_date: date
    note: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """An issued document in a list."""

    number: str
    client: str
    document: str
    bill_date: date
    issued_on: date
    currency: str
    locale: str
    total_minor: int
    state: str


def preview(database: Database, actor: Actor, clock: Clock, client: str, bill_date: date | None = None) -> Preview:
    """What the client would be sent on a bill date (default: the next one that wasn't billed yet).

    Raises:
        NotABillDate: the client isn't billed on that day.

    """
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        return preview_in(session, clock, named(session, client), bill_date)


def preview_in(session: Session, clock: Clock, row: ClientRow, bill_date: date | None = None) -> Preview:
    """As `preview`, inside a transaction."""
    snapshot = snapshots.load(session, row)
    on = bill_date or next_unbilled(session, id_of(row), snapshot.terms, clock.today(row.timezone))
    if on is None:
        note = f"{row.slug} has no agreement, so there is nothing to bill."
        return Preview(None, ref(row), clock.today(row.timezone), note)
    draft = draft_invoice(snapshot, on)
    style = Format(row.locale, row.currency)
    hit = breaches(session, row, snapshot, draft, on, clock.today(row.timezone))
    warnings = tuple(f"{each.code} would hold this: {bounds.text(each.cause, style)}" for each in hit if each.holds)
    if draft is None:
        return Preview(None, ref(row), on, f"Nothing more is owed by {row.name} on {on}.", warnings)
    return Preview(paper.preview_of(session, row, draft), ref(row), on, None, warnings)


def issued(database: Database, actor: Actor, number: str) -> Document:
    """An issued document by its number."""
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        row = _numbered(session, number)
        if row is None:
            have = ", ".join(invoices.newest_numbers(session, _NAMED_AT_MOST)) or "none was issued yet"
            raise NoSuchInvoice(f"No document has the number {number!r}. The newest: {have}.")
        return paper.stored(session, row)


def of_client(database: Database, actor: Actor, client: str, number: str | None = None) -> Document:
    """A client's issued document by its number, or its newest invoice.

    Raises:
        NoSuchInvoice: the client has none, or none of that number; the message says which ones there are.

    """
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        return document_of(session, named(session, client), number)


def document_of(session: Session, row: ClientRow, number: str | None) -> Document:
    """As `of_client`, inside a transaction."""
    found = _numbered(session, number) if number else invoices.newest_invoice(session, id_of(row))
    if found is not None and found.client_id == row.id:
        return paper.stored(session, found)
    theirs = [one.number_text or "" for one in invoices.listed(session, id_of(row))]
    if not theirs:
        raise NoSuchInvoice(
            f"No invoice was issued to {row.name} yet; /invoice {row.slug} preview shows it as it stands."
        )
    wanted = repr(number) if number else "that is an invoice"
    newest = ", ".join(theirs[-_NAMED_AT_MOST:])
    raise NoSuchInvoice(f"{row.name} has no document {wanted}. The newest: {newest}.")


def _numbered(session: Session, number: str) -> InvoiceRow | None:
    return invoices.by_number(session, number.strip().upper()) or invoices.by_number(session, number.strip())


def history(database: Database, actor: Actor, client: str | None = None) -> tuple[InvoiceSummary, ...]:
    """Issued documents, in the order of issue."""
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        client_id = named(session, client).id if client else None
        slugs = {row.id: row for row in clients.every(session)}
        return tuple(
            InvoiceSummary(
                number=row.number_text or "",
                client=slugs[row.client_id].slug,
                document=row.document,
                bill_date=row.bill_date,
                issued_on=row.issued_on or row.bill_date,
                currency=slugs[row.client_id].currency,
                locale=row.locale,
                total_minor=row.total_minor,
                state=row.state,
            )
            for row in invoices.listed(session, client_id)
        )


def quote(book: Book, client: str | None, through: date, today: date) -> tuple[Document, ...]:
    """The documents that the book by itself would produce up to a day, in order, without a database."""
    if through > add_months(today, _MONTHS_AHEAD):
        raise QuotedTooFar(f"{through} is more than twenty years ahead; write an earlier day after --through.")
    chosen = [entry for entry in book.clients if client is None or entry.slug == client]
    if client is not None and not chosen:
        have = ", ".join(entry.slug for entry in book.clients) or "none"
        raise NotInTheBook(f"The book has no client {client!r}. There: {have}.")
    for entry in chosen:
        check_locale(entry)
    seller = book.seller or Seller(name="")
    found = [
        Document(draft, seller, entry.buyer, entry.locale, None, None, {})
        for entry in chosen
        for draft in month_by_month(of_book(entry), through)
    ]
    return tuple(sorted(found, key=lambda document: document.draft.bill_date))


def of_book(client: BookClient) -> Snapshot:
    """A book's client as billing takes it."""
    stated: dict[Measure, list[Step]] = {}
    for entry in client.quantities:
        stated.setdefault(entry.of, []).append(Step(entry.on, entry.quantity, entry.known))
    billed = tuple(BilledCharge(item, period.start, amount) for item, period, amount in client.elsewhere())
    readings: dict[str, list[Reading]] = {}
    for read in client.usage:
        readings.setdefault(read.meter, []).append(read.reading)
    return Snapshot(
        client.terms,
        {measure: tuple(steps) for measure, steps in stated.items()},
        billed=billed,
        readings={meter: tuple(found) for meter, found in readings.items()},
    )
