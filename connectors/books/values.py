"""A book as values: what was read, before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from billing.agreement import Terms
from billing.dated import Dated
from billing.parties import Buyer, Seller
from billing.prices import PriceModel
from billing.quantities import Measure, Reading
from billing.rules import Roster
from billing.schedule import Schedule

# After midnight everywhere in the client's country, and before anybody comes to work.
SYNC_AT = time(2, 30)
# From this figure on, a price needs to say that it is meant.
UNLIKELY = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class BookProduct:
    """An entry of the catalogue. `cost` is the MSP's own for one unit; `ids` are the product's in other systems."""

    code: str
    text: str
    price: Dated[PriceModel] | None = None
    tax: str = "standard"
    vendor: str | None = None
    account: str | None = None
    cost: Dated[Decimal] | None = None
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BookDirectory:
    """An identity source of a client; `settings` are the checked keys of its kind, as plain data."""

    name: str
    kind: str
    settings: Mapping[str, object] = field(default_factory=dict)


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

    `sync_at` is the local time at which its directories are read every night.
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
    usage: tuple[BookReading, ...] = ()


@dataclass(frozen=True, slots=True)
class BookDigest:
    """What a channel is told, when, and about whom: the slugs of clients, or None for every client."""

    channel: str
    at: Schedule
    timezone: str = "UTC"
    clients: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that one file says. Without `digests` (None) it says nothing about them."""

    seller: Seller | None = None
    products: tuple[BookProduct, ...] = ()
    clients: tuple[BookClient, ...] = ()
    digests: tuple[BookDigest, ...] | None = None
