"""Short ways to write down terms, so that a test shows only what it is about."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from billing.agreement import Agreement, Line, OneOff, Terms, Timing
from billing.calendar import Cycle, Dated, Entry, Period, always
from billing.prices import Flat, Graduated, PerUnit, PriceModel, Tier, Volume
from billing.quantities import Measure, Seat, Step
from billing.snapshot import BilledCharge, Snapshot
from billing.taxes import TaxCategory, TaxRate

FULL = Measure("roster", "full")


def day(text: str) -> date:
    return date.fromisoformat(text)


def days(start: str, end: str) -> Period:
    return Period(day(start), day(end))


def tiers(*rows: tuple[str | None, str]) -> tuple[Tier, ...]:
    """Tiers from (up to, unit price)."""
    return tuple(Tier(Decimal(unit), None if up_to is None else Decimal(up_to)) for up_to, unit in rows)


# The table of the worked examples: 1-25 at 45, 26-50 at 40, from 51 at 35.
TABLE = tiers(("25", "45"), ("50", "40"), (None, "35"))
GRADUATED = Graduated(TABLE)
VOLUME = Volume(TABLE)


def per_unit(unit: str) -> PerUnit:
    return PerUnit(Decimal(unit))


def flat(amount: str) -> Flat:
    return Flat(Decimal(amount))


def numbers(*values: tuple[str | None, str]) -> Dated[Decimal]:
    """A dated number from (first day, value)."""
    return Dated(tuple(Entry(Decimal(value), None if since is None else day(since)) for since, value in values))


def prices(first: PriceModel, *later: tuple[str, PriceModel, str | None]) -> Dated[PriceModel]:
    """A dated price: the first, then (first day, price, day on which it was learnt)."""
    entries = (Entry(price, day(since), day(known) if known else None) for since, price, known in later)
    return Dated((Entry(first), *entries))


def rates(
    first: tuple[TaxRate, ...], *later: tuple[str, tuple[TaxRate, ...], str | None]
) -> Dated[tuple[TaxRate, ...]]:
    """Dated rates, written as dated prices are."""
    entries = (Entry(value, day(since), day(known) if known else None) for since, value, known in later)
    return Dated((Entry(first), *entries))


def line(
    price: PriceModel | Dated[PriceModel],
    *,
    name: str = "managed-user",
    count: Measure | None = FULL,
    start: str | None = None,
    end: str | None = None,
    minimum: str | Dated[Decimal] = "0",
    included: str | Dated[Decimal] = "0",
    tax: str | Dated[str] = "standard",
) -> Line:
    return Line(
        name=name,
        text="Managed user",
        price=price if isinstance(price, Dated) else always(price),
        count=None if isinstance(price, Flat) else count,
        start=day(start) if start else None,
        end=day(end) if end else None,
        minimum=minimum if isinstance(minimum, Dated) else always(Decimal(minimum)),
        included=included if isinstance(included, Dated) else always(Decimal(included)),
        tax=tax if isinstance(tax, Dated) else always(tax),
    )


def agreement(
    *lines: Line,
    name: str = "Managed services",
    start: str = "2027-01-01",
    end: str | None = None,
    end_known: str | None = None,
    months: int = 1,
    anchor: str = "2027-01-01",
    timing: Timing = "advance",
    one_offs: tuple[OneOff, ...] = (),
) -> Agreement:
    return Agreement(
        name=name,
        start=day(start),
        cycle=Cycle(months, day(anchor)),
        lines=lines,
        timing=timing,
        end=day(end) if end else None,
        end_known=day(end_known) if end_known else None,
        one_offs=one_offs,
    )


def one_off(on: str, amount_minor: int, *, text: str = "Goodwill", known: str | None = None) -> OneOff:
    return OneOff(day(on), text, amount_minor, known=day(known) if known else None)


def tax(percent: str, *, name: str = "Sales tax") -> TaxCategory:
    return TaxCategory(always((TaxRate(name, Decimal(percent)),)))


def terms(*agreements: Agreement, currency: str = "USD", taxes: Mapping[str, TaxCategory] | None = None) -> Terms:
    return Terms("acme", currency, agreements, tuple((taxes or {}).items()))


def steps(*values: tuple[str, ...]) -> tuple[Step, ...]:
    """Stated numbers from (first day, quantity) or (first day, quantity, day on which it was learnt)."""
    return tuple(
        Step(day(on), Decimal(quantity), known=day(known[0]) if known else None) for on, quantity, *known in values
    )


def seat(person: int, start: str, end: str | None = None, *, roster: str = "full") -> Seat:
    return Seat(roster, person, day(start), day(end) if end else None)


def snapshot(
    of: Terms | Agreement | Line,
    quantities: Iterable[Step] = (),
    *,
    seats: Iterable[Seat] = (),
    counted: str | None = None,
    billed: tuple[BilledCharge, ...] = (),
    taxes: Mapping[str, TaxCategory] | None = None,
) -> Snapshot:
    """A client's facts; `counted` is the first count of the roster `full`."""
    if isinstance(of, Line):
        of = agreement(of)
    if isinstance(of, Agreement):
        of = terms(of, taxes=taxes)
    return Snapshot(
        terms=of,
        stated={FULL: tuple(quantities)},
        seats=tuple(seats),
        counted={"full": day(counted)} if counted else {},
        billed=billed,
    )
