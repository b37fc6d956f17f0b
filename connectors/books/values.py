"""A book as values: what was read, before anything is stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from billing.agreement import STANDARD, Buyer, Seller, Terms
from billing.calendar import Dated, Period
from billing.draft import Item
from billing.prices import PriceModel
from billing.quantities import Measure, Reading
from checks.people import INACTIVE_DAYS
from connectors.books.schedules import Schedule
from rosters.policies import Policies
from rosters.rules import Roster
from rosters.split import EVERYBODY, Scope

# After midnight everywhere in the client's country, and before anybody comes to work.
SYNC_AT = time(2, 30)
# A tax of more than this many percent needs to say that it is meant.
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class BookProduct:
    """An entry of the catalogue. `cost` is the MSP's own for one unit; `ids` are the product's in other systems."""

    code: str
    text: str
    price: Dated[PriceModel] | None = None
    tax: Dated[str] = STANDARD
    vendor: str | None = None
    account: str | None = None
    cost: Dated[Decimal] | None = None
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BookTemplate:
    """What the agreements that follow it have in common: an agreement's keys, checked, as JSON has them."""

    name: str
    keys: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What agreements refer to: products by their code, templates by their name."""

    products: Mapping[str, BookProduct] = field(default_factory=dict)
    templates: Mapping[str, BookTemplate] = field(default_factory=dict)


def catalogue(products: Iterable[BookProduct] | None, templates: Iterable[BookTemplate] | None) -> Catalogue:
    """Products and templates, to be found by what they are called; None is none of them."""
    return Catalogue({each.code: each for each in products or ()}, {each.name: each for each in templates or ()})


@dataclass(frozen=True, slots=True)
class BookDirectory:
    """An identity source of a client; `settings` are the checked keys of its kind, as plain data.

    `only` is the part of it that is the client's.
    """

    name: str
    kind: str
    settings: Mapping[str, object] = field(default_factory=dict)
    only: Scope = EVERYBODY


@dataclass(frozen=True, slots=True)
class BookQuantity:
    """From a day on, so many of something; `known` is when it was learnt (None: always)."""

    of: Measure
    on: date
    quantity: Decimal
    known: date | None = None


@dataclass(frozen=True, slots=True)
class BookReading:
    """What a client's meter read."""

    meter: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class BookBilled:
    """What was billed elsewhere for a line, for the days from `start` up to but without `end`."""

    line: str
    start: date
    end: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class BookCost:
    """What one unit of a line costs the MSP, where the line says so itself."""

    line: str
    cost: Dated[Decimal]


@dataclass(frozen=True, slots=True)
class BookClient:
    """One client. `renamed` holds the old and the new name of every line that was renamed.

    `sync_at` is the local time at which its directories are read every night; after `inactive_days` without a sign-in
    somebody who counts is told of. `people` are the accounts of those who have several, each written
    DIRECTORY/OBJECT_ID; `approvals` what it says itself of who approves what.
    """

    slug: str
    name: str
    timezone: str
    locale: str
    channel: str | None
    buyer: Buyer
    terms: Terms
    directories: tuple[BookDirectory, ...] = ()
    rosters: tuple[Roster, ...] = ()
    quantities: tuple[BookQuantity, ...] = ()
    billed: tuple[BookBilled, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    costs: tuple[BookCost, ...] = ()
    sync_at: time = SYNC_AT
    inactive_days: int = INACTIVE_DAYS
    usage: tuple[BookReading, ...] = ()
    people: tuple[tuple[str, ...], ...] = ()
    approvals: Policies = field(default_factory=Policies)

    def elsewhere(self) -> Iterator[tuple[Item, Period, int]]:
        """What was billed elsewhere, by the item and days that it is charged to here, in minor units."""
        homes = {line.name: agreement.name for agreement in self.terms.agreements for line in agreement.lines}
        for entry in self.billed:
            yield Item(homes[entry.line], "line", entry.line), Period(entry.start, entry.end), entry.amount_minor


@dataclass(frozen=True, slots=True)
class BookDigest:
    """What a channel is told, when, and about whom: the slugs of clients, or None for every client."""

    channel: str
    at: Schedule
    timezone: str = "UTC"
    clients: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that one file says; what is None, it says nothing about.

    `read_with` is the stored catalogue with which it was read, if it was. `money_from` is a role.
    """

    seller: Seller | None = None
    products: tuple[BookProduct, ...] | None = None
    templates: tuple[BookTemplate, ...] | None = None
    clients: tuple[BookClient, ...] = ()
    digests: tuple[BookDigest, ...] | None = None
    read_with: Catalogue | None = None
    approvals: Policies | None = None
    money_from: str | None = None
