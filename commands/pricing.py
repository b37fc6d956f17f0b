"""A price that changes from a day on: of one client's line, or of a product and so of everybody who follows it.

It goes the way of an import, so that what it does is shown before, what was billed isn't altered without a reason, and
the audit log has it.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from billing.agreement import Agreement, Line, next_bill_date
from billing.calendar import Dated, Entry
from billing.errors import WrongInput
from billing.prices import PriceModel, highest_figure
from commands.actors import Actor, Clock
from commands.catalogue import stored
from commands.clients import ClientRef, named_to_alter, ref
from commands.exports import book_of
from commands.import_book import ImportPlan, take_in
from commands.imports import import_in
from commands.permissions import UseCase, require
from commands.price_figures import Figure, figures, with_figures
from connectors.books.values import UNLIKELY, Book, BookProduct, catalogue
from storage import clients
from storage.database import Database, Session
from storage.tables import ClientRow


class LineIsUnknown(WrongInput):
    """The client has no such line, or not any more."""


class PriceIsUnlikely(WrongInput):
    """A figure so high that it is more likely a slip of the keyboard."""


class PriceIsOtherwise(WrongInput):
    """The price has other figures than those that were given, as after another change of it."""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line that isn't over."""

    name: str
    text: str
    agreement: str


@dataclass(frozen=True, slots=True)
class PriceForm:
    """What is asked of whoever changes a price.

    `figures` are those of the chosen line as of `since`, the day from which they are to be others; `following` is the
    first day after that on which yet another price is agreed. `product` is the one whose price the line follows, with
    the number of clients that do.
    """

    client: ClientRef
    lines: tuple[PricedLine, ...]
    chosen: PricedLine | None
    figures: tuple[Figure, ...]
    since: date
    following: date | None
    product: str | None = None
    followers: int = 0


@dataclass(frozen=True, slots=True)
class NewPrice:
    """Other amounts for the figures of a line's price, from a day on; `for_all` changes the product that it follows."""

    client: str
    line: str
    amounts: tuple[Decimal, ...]
    since: date
    for_all: bool = False


def price_form(
    database: Database, actor: Actor, clock: Clock, client: str, line: str | None = None, since: date | None = None
) -> PriceForm:
    """A client's lines, and the price of one of them (default: the first) on a day (default: its next bill date).

    Raises:
        LineIsUnknown, NotAllowed: as named.

    """
    with database.read() as session:
        require(session, actor, UseCase.IMPORT)
        row = named_to_alter(session, client)
        terms, today = clients.terms(session, row), clock.today(row.timezone)
        lines = {
            each.name: (each, PricedLine(each.name, each.text, agreement.name))
            for agreement in terms.agreements
            for each in agreement.lines
            if _is_open(agreement, each, today)
        }
        if line is not None and line not in lines:
            raise LineIsUnknown(_no_line(row, line))
        name = line or next(iter(lines), None)
        day = since or next_bill_date(terms, today) or today
        form = PriceForm(ref(row), tuple(priced for _, priced in lines.values()), None, (), day, None)
        if name is None:
            return form
        chosen, priced = lines[name]
        product = _followed(chosen, stored(session)[0])
        return replace(
            form,
            chosen=priced,
            figures=figures(chosen.price.at(day)),
            following=_next(chosen.price, day),
            product=product.code if product else None,
            followers=_followers(session, product) if product else 0,
        )


def try_price(database: Database, actor: Actor, clock: Clock, new: NewPrice) -> ImportPlan:
    """What the change would do to amounts: it is done for real and rolled back."""
    with database.rehearse() as session:
        require(session, actor, UseCase.IMPORT)
        return take_in(session, actor, _book(session, new), clock)


def change_price(database: Database, actor: Actor, clock: Clock, new: NewPrice, correct: str | None) -> ImportPlan:
    """Changes the price.

    Raises:
        LineIsUnknown, PriceIsOtherwise, PriceIsUnlikely, PriceMakesNoSense: as named.
        BilledPeriodsWouldChange: it would alter what was owed for periods already billed, and `correct` gives no
            reason for that.

    """
    with database.write("price") as session:
        require(session, actor, UseCase.IMPORT)
        return import_in(session, actor, _book(session, new), clock, correct)


def _book(session: Session, new: NewPrice) -> Book:
    """The book that says nothing but what changes."""
    row = named_to_alter(session, new.client)
    products, templates = stored(session)
    read_with = catalogue(products, templates)
    line = next((each for each in clients.terms(session, row).lines() if each.name == new.line), None)
    if line is None:
        raise LineIsUnknown(_no_line(row, new.line))
    if new.for_all:
        product = _followed(line, products)
        if product is None or product.price is None:
            raise PriceIsOtherwise(f"{new.line} doesn't follow a product's price any more; open the form again.")
        changed = replace(product, price=_changed(product.price, new))
        rest = tuple(changed if each.code == product.code else each for each in products)
        return Book(products=rest, read_with=read_with)
    client = book_of(session, row)
    agreements = tuple(
        replace(each, lines=tuple(_repriced(one, new) for one in each.lines)) for each in client.terms.agreements
    )
    return Book(clients=(replace(client, terms=replace(client.terms, agreements=agreements)),), read_with=read_with)


def _repriced(line: Line, new: NewPrice) -> Line:
    return replace(line, price=_changed(line.price, new)) if line.name == new.line else line


def _changed(price: Dated[PriceModel], new: NewPrice) -> Dated[PriceModel]:
    """The price with other amounts from the day on; what was agreed for a later day stays."""
    was = price.at(new.since)
    if len(figures(was)) != len(new.amounts):
        raise PriceIsOtherwise(f"The price of {new.line} was changed meanwhile; open the form again.")
    now = with_figures(was, new.amounts)
    if highest_figure(now) >= UNLIKELY:
        raise PriceIsUnlikely(
            f"A price of {highest_figure(now):f} looks like a slip of the keyboard. One that is meant is brought by "
            "the client's book, with confirmed: true."
        )
    if now == was:
        return price
    kept = tuple(entry for entry in price.entries if entry.since != new.since)
    return Dated((*kept, Entry(now, new.since)))


def _is_open(agreement: Agreement, line: Line, today: date) -> bool:
    return all(end is None or today < end for end in (agreement.end, line.end))


def _next(price: Dated[PriceModel], day: date) -> date | None:
    return min((entry.since for entry in price.entries if entry.since is not None and entry.since > day), default=None)


def _followed(line: Line, products: tuple[BookProduct, ...]) -> BookProduct | None:
    """The product whose price a line has from there."""
    return next((each for each in products if each.code == line.product and each.price == line.price), None)


def _followers(session: Session, product: BookProduct) -> int:
    """How many clients have a line that follows the product's price."""
    everybody = clients.terms_of(session, clients.every(session))
    return sum(any(_followed(line, (product,)) for line in terms.lines()) for _, terms in everybody)


def _no_line(row: ClientRow, line: str) -> str:
    return f"{row.name} has no line {line!r} that goes on; open the form again."
