"""Documents made of stored facts: a draft with seller, buyer and the names of the people on it."""

import json

from billing.agreement import Buyer, Seller
from billing.draft import Draft
from billing.errors import WrongInput
from documents.document import Document
from storage import clients, identities, invoices
from storage.codec import decode
from storage.database import Session
from storage.tables import ClientRow, InvoiceRow


class SellerIsUnknown(WrongInput):
    """No book has said yet who sends the invoices."""


def people_on(draft: Draft) -> set[int]:
    """Everyone a document names."""
    listed = {span.person for entry in draft.people for span in entry.spans}
    moved = {p for charge in draft.charges for move in charge.moves for p in (*move.joined, *move.left)}
    return listed | moved


def preview_of(session: Session, client: ClientRow, draft: Draft) -> Document:
    """A draft as a document, with the parties and names as they are now."""
    names = identities.current_names(session, people_on(draft))
    return Document(draft, seller_of(session), clients.buyer(client), client.locale, None, None, names)


def seller_of(session: Session) -> Seller:
    """Who sends the invoices, or `SellerIsUnknown`."""
    seller = clients.seller(session)
    if seller is None:
        raise SellerIsUnknown("Nobody knows yet who sends the invoices: import a book with seller: {name: …}.")
    return seller


def stored(session: Session, row: InvoiceRow) -> Document:
    """A stored document: an issued one exactly as it was frozen, but for names that were erased since."""
    draft = invoices.content(row)
    digests = {int(person): digest for person, digest in json.loads(row.digests).items()}
    if row.state == invoices.ISSUED:
        names = identities.names_by_digest(session, digests)
    else:
        names = identities.current_names(session, people_on(draft))
    return Document(
        draft=draft,
        seller=decode(Seller, row.seller),
        buyer=decode(Buyer, row.buyer),
        locale=row.locale,
        number=row.number_text,
        issued_on=row.issued_on,
        names=names,
    )
