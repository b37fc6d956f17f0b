"""A price that changes from a day on: of one client's line, or of a product and so of everybody who follows it.

It goes the way of an import, so that what it does is shown before, what was billed isn't altered without a reason, and
the audit log has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from billing.agreement import Line, Terms
from billing.calendar import Dated, Entry
from billing.errors import WrongInput
from billing.prices import PriceModel
from commands.actors import Actor, Clock
from commands.catalogue import stored
from commands.clients import named_to_alter
from commands.exports import book_of
from commands.import_effects import AmountEffect, effects_of
from commands.imports import import_in
from commands.permissions import UseCase, require
from commands.price_figures import figures, with_figures
from connectors.books.unlikely import UNLIKELY, highest_figure
from connectors.books.values import Book, BookProduct, catalogue
from documents.format import day
from storage import clients, snapshots
from storage.database import Database, Session
from storage.tables import ClientRow


class LineIsUnknown(WrongInput):
    """The client has no such line, or not any more."""


class PriceIsUnlikely(WrongInput):
    """A figure so high that it is more likely a slip of the keyboard."""


class PriceIsOtherwise(WrongInput):
    """The price has other figures than those that were given, as after another change of it."""


@dataclass(frozen=True, slots=True)
class NewPrice:
    """Other amounts for the figures of a line's price, from a day on; `for_all` changes the product that it follows.

    `shown` is the day whose amounts somebody saw when they gave others (default: the same).
    """

    client: str
    line: str
    amounts: tuple[Decimal, ...]
    since: date
    for_all: bool = False
    shown: date | None = None


@dataclass(frozen=True, slots=True)
class PriceEffect:
    """Whether anything changes at all, and which amounts do."""

    changes: bool
    effects: tuple[AmountEffect, ...]


def try_price(database: Database, actor: Actor, clock: Clock, new: NewPrice) -> PriceEffect:
    """What the change would do to amounts, worked out beside what is stored, so that nobody waits for it."""
    with database.read() as session:
        require(session, actor, UseCase.IMPORT)
        altered = [(row, terms, _altered(terms, new, product)) for row, terms, product in _concerned(session, new)]
        effects = (
            effect for row, terms, after in altered if after != terms for effect in _effects(session, clock, row, after)
        )
        return PriceEffect(any(after != terms for _, terms, after in altered), tuple(effects))


def change_price(database: Database, actor: Actor, clock: Clock, new: NewPrice, correct: str | None) -> PriceEffect:
    """Changes the price.

    Raises:
        LineIsUnknown, PriceIsOtherwise, PriceIsUnlikely, PriceMakesNoSense: as named.
        BilledPeriodsWouldChange: it would alter what was owed for periods already billed, and `correct` gives no
            reason for that.

    """
    with database.write("price") as session:
        require(session, actor, UseCase.IMPORT)
        plan = import_in(session, actor, _book(session, new), clock, correct)
        return PriceEffect(bool(plan.changes), plan.effects)


def _concerned(session: Session, new: NewPrice) -> Iterator[tuple[ClientRow, Terms, BookProduct | None]]:
    """Whose price changes: the client's, or of a product all who follow it."""
    row, line, product = _named(session, new)
    if not new.for_all:
        yield row, clients.terms(session, row), None
        return
    if product is None:
        raise PriceIsOtherwise(f"{line.name} doesn't follow a product's price any more; open the form again.")
    for each, terms in clients.terms_of(session, clients.every(session)):
        if any(product_of(one, (product,)) for one in terms.lines()):
            yield each, terms, product


def _altered(terms: Terms, new: NewPrice, product: BookProduct | None) -> Terms:
    def priced(line: Line) -> Line:
        is_meant = line.name == new.line if product is None else product_of(line, (product,)) is not None
        return replace(line, price=_changed(line.price, new)) if is_meant else line

    return replace(
        terms,
        agreements=tuple(replace(each, lines=tuple(map(priced, each.lines))) for each in terms.agreements),
    )


def _effects(session: Session, clock: Clock, row: ClientRow, after: Terms) -> Iterator[AmountEffect]:
    before = snapshots.load(session, row)
    yield from effects_of(row, before, replace(before, terms=after), clock)


def _named(session: Session, new: NewPrice) -> tuple[ClientRow, Line, BookProduct | None]:
    """The client and its line, and the product whose price that has."""
    row = named_to_alter(session, new.client)
    line = next((each for each in clients.terms(session, row).lines() if each.name == new.line), None)
    if line is None:
        raise LineIsUnknown(no_line(row, new.line))
    return row, line, product_of(line, stored(session)[0])


def _book(session: Session, new: NewPrice) -> Book:
    """The book that says nothing but what changes."""
    row, line, product = _named(session, new)
    products, templates = stored(session)
    read_with = catalogue(products, templates)
    if not new.for_all:
        client = book_of(session, row)
        return Book(clients=(replace(client, terms=_altered(client.terms, new, None)),), read_with=read_with)
    if product is None or product.price is None:
        raise PriceIsOtherwise(f"{line.name} doesn't follow a product's price any more; open the form again.")
    changed = replace(product, price=_changed(product.price, new))
    return Book(
        products=tuple(changed if each.code == product.code else each for each in products), read_with=read_with
    )


def _changed(price: Dated[PriceModel], new: NewPrice) -> Dated[PriceModel]:
    """The price with other amounts from the day on; what was agreed for a later day stays."""
    was, shown = price.at(new.since), price.at(new.shown or new.since)
    if figures(was) != figures(shown):
        raise PriceIsOtherwise(
            f"On {day(new.since)} other amounts are agreed than on {day(new.shown or new.since)}, which were shown. "
            "Choose the day again: the form shows them then."
        )
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


def product_of(line: Line, products: tuple[BookProduct, ...]) -> BookProduct | None:
    """The product whose price a line has from there."""
    return next((each for each in products if each.code == line.product and each.price == line.price), None)


def no_line(row: ClientRow, line: str) -> str:
    """What is said where a client has no such line."""
    return f"{row.name} has no line {line!r} that goes on; open the form again."
