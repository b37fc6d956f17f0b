"""Books as values, so that a test shows only what it is about."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from billing.agreement import Agreement, Buyer, Line, Seller, Terms
from billing.prices import PriceModel
from billing.quantities import Measure
from billing.taxes import TaxCategory
from connectors.books.values import Book, BookBilled, BookClient, BookDirectory, BookQuantity
from rosters.rules import Exclusion, Roster, Rule
from rosters.split import EVERYBODY as WHOLE
from rosters.split import Scope
from tests.billing.build import FULL, GRADUATED, agreement, day, line

SELLER = Seller("Northwind IT", ("1 Main St",), "US", invoice_series="NW", credit_series="NWC")
EVERYBODY = Roster("full", Rule(basis="enabled"))


def stating(*quantities: tuple[str, str]) -> tuple[BookQuantity, ...]:
    """Stated numbers of the roster `full`, from (first day, quantity)."""
    return tuple(BookQuantity(FULL, day(on), Decimal(quantity)) for on, quantity in quantities)


def excluding(pattern: str, reason: str = "service account") -> Roster:
    """The roster `full` without those whose sign-in name fits the pattern."""
    return Roster("full", Rule(basis="enabled", exclude=(Exclusion("upn", pattern, reason),)))


def client(  # noqa: PLR0913 - a client has many sides, and each test states the one that it is about
    *terms: Agreement | Line | PriceModel,
    slug: str = "acme",
    name: str = "",
    currency: str = "USD",
    taxes: Mapping[str, TaxCategory] | None = None,
    directories: Iterable[str] = ("hr",),
    only: Scope = WHOLE,
    settings: Mapping[str, object] | None = None,
    rosters: tuple[Roster, ...] = (EVERYBODY,),
    quantities: tuple[BookQuantity, ...] = (),
    billed: tuple[BookBilled, ...] = (),
    renamed: tuple[tuple[str, str], ...] = (),
    timezone: str = "America/New_York",
    channel: str | None = None,
) -> BookClient:
    """A client that pays for the roster `full` by the month in advance: by the graduated table, or as given."""
    agreements = tuple(_agreement(term) for term in terms or (GRADUATED,))
    return BookClient(
        slug=slug,
        name=name or f"{slug.capitalize()} Corp",
        timezone=timezone,
        locale="en_US",
        channel=channel,
        buyer=Buyer(f"{slug.capitalize()} Corp", ("9 High St",), "US"),
        terms=Terms(slug, currency, agreements, tuple((taxes or {}).items())),
        directories=tuple(
            BookDirectory(name, "memory", dict(settings or {"of": f"{slug}/{name}"}), only) for name in directories
        ),
        rosters=rosters,
        quantities=quantities,
        billed=billed,
        renamed=renamed,
    )


def _agreement(term: Agreement | Line | PriceModel) -> Agreement:
    if isinstance(term, Agreement):
        return term
    return agreement(term if isinstance(term, Line) else line(term))


def counting(roster: str, price: PriceModel) -> Line:
    """A line that counts another roster than `full`, by whose name it goes."""
    return line(price, name=roster, count=Measure("roster", roster))


def book(*clients: BookClient, seller: Seller | None = SELLER) -> Book:
    """A book of clients; without one, of the usual one."""
    return Book(seller=seller, clients=clients or (client(),))
