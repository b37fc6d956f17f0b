"""The MSP and its catalogue from a book, and the stored clients that follow the catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from billing.agreement import Terms
from billing.errors import Refused, WrongInput
from commands.actors import Actor
from commands.permissions import Role, UseCase, require
from connectors.books.following import followed
from connectors.books.values import Book, BookClient, BookCost, BookProduct, BookTemplate, Catalogue, catalogue
from documents.policies import altered
from rosters.rules import Roster
from storage import clients
from storage.codec import decode, encode
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow

# Whose the house's approval policies are, where a client's slug would stand.
APPROVALS, MONEY = "approvals", "money"

Products = tuple[BookProduct, ...]
Templates = tuple[BookTemplate, ...]


class SellerIsMissing(WrongInput):
    """Nobody knows yet who sends the invoices."""


class ProductIsUsed(Refused):
    """A product or a template that agreements refer to can't just disappear from the catalogue."""


class CatalogueWasChanged(Refused):
    """Somebody changed the catalogue after the book was read with it."""


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """What the catalogue was and is; `said` are the sentences about house and catalogue."""

    before: Catalogue
    after: Catalogue
    said: tuple[str, ...]


def stored_catalogue(database: Database, actor: Actor) -> Catalogue:
    """The products and templates to read a book with that says nothing about them."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        return catalogue(*stored(session))


def stored(session: Session) -> tuple[Products, Templates]:
    """The products and templates in the order of the book."""
    products, templates = clients.catalogue(session)
    return decode(Products, products), decode(Templates, templates)


def put_house(session: Session, book: Book) -> CatalogueChange:
    """Stores the seller, products, templates and approval policies that the book names; what it doesn't name stays.

    Raises:
        SellerIsMissing: the book has no seller, and none is stored.
        CatalogueWasChanged: the book was read with another catalogue than the one that is stored by now.

    """
    held, (products, templates) = clients.seller(session), stored(session)
    seller = book.seller or held
    if seller is None:
        raise SellerIsMissing("The book has no seller, and none is stored yet: add seller: {name: …, address: …}.")
    before = catalogue(products, templates)
    if book.read_with not in (None, before):
        raise CatalogueWasChanged("The products or templates were changed while the book was read: import it again.")
    written = (
        products if book.products is None else book.products,
        templates if book.templates is None else book.templates,
    )
    said = [f"seller: {seller.name}"] if held != seller else []
    said += ["products: changed"] if written[0] != products else []
    said += ["templates: changed"] if written[1] != templates else []
    policies = clients.house_policies(session)
    wanted = policies if book.approvals is None else book.approvals
    said += altered(APPROVALS, policies, wanted)
    shown_from = clients.money_from(session) or Role.VIEWER
    wanted_from = book.money_from or shown_from
    said += [f"{MONEY}: shown in Slack to {wanted_from} and above"] if wanted_from != shown_from else []
    if said:
        encoded = encode(written[0], Products), encode(written[1], Templates)
        clients.put_house(session, seller, *encoded, wanted, wanted_from)
    return CatalogueChange(before, catalogue(*written), tuple(said))


def followers(session: Session, change: CatalogueChange, rows: Sequence[ClientRow]) -> dict[str, BookClient]:
    """By slug, what those clients become whose lines or agreements follow something that has changed.

    Raises:
        ProductIsUsed: one of them refers to what isn't in the catalogue any more.
        CatalogueDoesNotFit: with the new catalogue one of them would make no sense.

    """
    products, templates = (
        _changed(change.before.products, change.after.products),
        _changed(change.before.templates, change.after.templates),
    )
    found = {}
    for row, terms in clients.terms_of(session, rows) if products or templates else ():
        uses = [use for use in _uses(terms) if use.name in (products if use.kind == "product" else templates)]
        for use in uses:
            if use.name not in (change.after.products if use.kind == "product" else change.after.templates):
                raise ProductIsUsed(
                    f"{use.kind}s: {use.name} is what {use.by} of {row.slug} refers to, so it can't be removed; "
                    "keep it in the book."
                )
        before = _as_book(session, row, terms)
        now = followed(before, change.before, change.after) if uses else before
        if (now.terms, now.costs) != (before.terms, before.costs):
            found[row.slug] = replace(now, buyer=before.buyer)
    return found


def _changed(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {name for name, each in before.items() if after.get(name) != each}


@dataclass(frozen=True, slots=True)
class _Use:
    """That something of a client refers to a product or a template."""

    kind: str
    name: str
    by: str


def _uses(terms: Terms) -> Iterator[_Use]:
    for agreement in terms.agreements:
        if agreement.template is not None:
            yield _Use("template", agreement.template, f"the agreement {agreement.name}")
        for line in agreement.lines:
            if line.product is not None:
                yield _Use("product", line.product, f"the line {line.name}")


def _as_book(session: Session, row: ClientRow, terms: Terms) -> BookClient:
    """As much of the client as its book needs to say what it pays."""
    return BookClient(
        slug=row.slug,
        name=row.name,
        timezone=row.timezone,
        locale=row.locale,
        channel=row.channel,
        buyer=clients.buyer(row),
        terms=terms,
        rosters=tuple(Roster(roster.name) for roster in clients.rosters(session, id_of(row))),
        costs=decode(tuple[BookCost, ...], row.costs),
    )
