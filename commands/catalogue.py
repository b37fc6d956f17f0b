"""The MSP and its catalogue from a book, and the lines of stored clients that follow the catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from billing.agreement import Line, Terms
from billing.errors import Refused, WrongInput
from connectors.books.values import Book, BookProduct
from storage import clients
from storage.codec import decode, encode
from storage.database import Session
from storage.tables import ClientRow


class SellerIsMissing(WrongInput):
    """Nobody knows yet who sends the invoices."""


class ProductIsUsed(Refused):
    """A product that lines refer to can't just disappear from the catalogue."""


Catalogue = Mapping[str, BookProduct]


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """What the catalogue was and is, each product by its code; `said` are the sentences about house and catalogue."""

    before: Catalogue
    after: Catalogue
    said: tuple[str, ...]


def put_house(session: Session, book: Book) -> CatalogueChange:
    """Stores the seller and the products that the book names; what it doesn't name stays.

    Raises:
        SellerIsMissing: the book has no seller, and none is stored.

    """
    stored, products = clients.seller(session), clients.products(session)
    seller = book.seller or stored
    if seller is None:
        raise SellerIsMissing("The book has no seller, and none is stored yet: add seller: {name: …, address: …}.")
    written = encode(book.products, tuple[BookProduct, ...]) if book.products else products
    said = [f"seller: {seller.name}"] if stored != seller else []
    said += ["products: changed"] if written != products else []
    if said:
        clients.put_house(session, seller, written)
    return CatalogueChange(_by_code(products), _by_code(written), tuple(said))


def _by_code(products: str) -> Catalogue:
    return {product.code: product for product in decode(tuple[BookProduct, ...], products)}


def followers(session: Session, change: CatalogueChange, rows: Sequence[ClientRow]) -> dict[str, Terms]:
    """By slug, the terms of those clients whose lines follow a product that has changed."""
    if change.before == change.after:
        return {}
    found = ((row.slug, clients.terms(session, row)) for row in rows)
    following = ((slug, terms, _following(terms, change)) for slug, terms in found)
    return {slug: now for slug, before, now in following if now != before}


def _following(terms: Terms, change: CatalogueChange) -> Terms:
    agreements = (
        replace(agreement, lines=tuple(_line(line, change) for line in agreement.lines))
        for agreement in terms.agreements
    )
    return replace(terms, agreements=tuple(agreements))


def _line(line: Line, change: CatalogueChange) -> Line:
    """What the line shares with its product goes on being shared; what it says itself stays."""
    was, now = (catalogue.get(line.product or "") for catalogue in (change.before, change.after))
    if was is None or now is None:
        return line
    return replace(
        line,
        text=now.text if line.text == was.text else line.text,
        price=now.price if now.price is not None and line.price == was.price else line.price,
        tax=now.tax if line.tax == was.tax else line.tax,
        vendor=now.vendor if line.vendor == was.vendor else line.vendor,
        account=now.account if line.account == was.account else line.account,
    )


def refuse_missing_products(session: Session, change: CatalogueChange) -> None:
    """Each product that a stored line refers to must be in the catalogue, or the line could not be read again.

    Raises:
        ProductIsUsed: it isn't.

    """
    gone = set(change.before) - set(change.after)
    used = next(_uses(session, gone), None) if gone else None
    if used is not None:
        raise ProductIsUsed(f"products: {used}, so it can't be removed; keep it in the book.")


def _uses(session: Session, codes: set[str]) -> Iterator[str]:
    for row in clients.every(session):
        for line in clients.terms(session, row).lines():
            if line.product in codes:
                yield f"{line.product} is what the line {line.name} of {row.slug} refers to"
