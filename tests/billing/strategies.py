"""Random clients for the laws: every model, cycle, timing, dated term and way of counting that there is."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from billing.agreement import Agreement, Line, OneOff, TaxCategory, TaxRate, Terms
from billing.calendar import Cycle
from billing.dated import Dated, Entry
from billing.people import Seat
from billing.prices import Flat, Graduated, PerUnit, PriceModel, Tier, Volume
from billing.quantities import Measure, Step
from billing.snapshot import Snapshot
from tests.billing.books_at_random import random_client
from tests.billing.build import FULL
from tests.billing.translated import facts_of

LICENCE = Measure("licence", "O365")
FIRST_DAY, LAST_DAY = date(2028, 1, 1), date(2028, 10, 31)
# By then the last cycle that any client begins is over, everything is learnt, and nothing is left pending.
HORIZON = date(2029, 11, 30)
# How often a law about money is tried: by `make test`, and by `make properties`.
TRIES, THOROUGH_TRIES = 500, 100_000

Test = TypeVar("Test", bound=Callable[..., None])
Value = TypeVar("Value")


def law(test: Test) -> Test:
    """A property about money: tried far more often than the house's default."""
    examples = THOROUGH_TRIES if settings.get_current_profile_name() == "thorough" else TRIES
    marked: Test = pytest.mark.property(settings(max_examples=examples)(test))
    return marked


days = st.dates(FIRST_DAY, LAST_DAY)
maybe_days = st.none() | days
amounts = st.sampled_from(("0", "1", "45", "40.5", "26.40", "33.33", "0.125", "0.015", "1000", "7.777")).map(Decimal)
quantities = st.integers(0, 60).map(Decimal)
percents = st.sampled_from(("0", "5", "8.25", "19", "7.7")).map(Decimal)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    ends = sorted(draw(st.sets(st.integers(1, 50), max_size=3)))
    bounds = [*(Decimal(end) for end in ends), None]
    fees = st.sampled_from((Decimal(0), Decimal(0), Decimal("9.99")))
    return tuple(Tier(draw(amounts), bound, draw(fees)) for bound in bounds)


flats: st.SearchStrategy[PriceModel] = amounts.map(Flat)
counted_prices: st.SearchStrategy[PriceModel] = st.one_of(
    amounts.map(PerUnit), tiers().map(Graduated), tiers().map(Volume)
)


@st.composite
def dated(draw: st.DrawFn, values: st.SearchStrategy[Value]) -> Dated[Value]:
    """A term that mostly never changes, and else up to three times, learnt before or after."""
    later = draw(st.lists(st.tuples(values, days, maybe_days), max_size=2, unique_by=lambda entry: entry[1:]))
    first = Entry(draw(values), since=draw(st.none() | st.just(FIRST_DAY)))
    others = (Entry(value, since, known) for value, since, known in later if (since, known) != (first.since, None))
    return Dated((first, *others))


@st.composite
def lines(draw: st.DrawFn, name: str) -> Line:
    counts = draw(st.sampled_from((FULL, FULL, LICENCE, Measure("fixed", "3"), None)))
    starts, ends = sorted((draw(days), draw(days)))
    small = st.integers(0, 12).map(Decimal)
    nothing = st.just(Decimal(0))
    return Line(
        name=name,
        text=name,
        price=draw(dated(flats if counts is None else counted_prices)),
        count=counts,
        start=starts if draw(st.booleans()) else None,
        end=ends if draw(st.booleans()) and starts < ends else None,
        included=draw(dated(small if draw(st.booleans()) else nothing)),
        minimum=draw(dated(small if draw(st.booleans()) else nothing)),
        tax=draw(st.sampled_from(("standard", "reduced"))),
    )


@st.composite
def agreements(draw: st.DrawFn, name: str) -> Agreement:
    start, end = sorted((draw(days), draw(days)))
    ends = draw(st.booleans()) and start < end
    anchors = days | st.sampled_from((date(2028, 2, 29), date(2027, 12, 31), start, date(2026, 1, 30)))
    one_offs = st.builds(OneOff, days, st.just(""), st.integers(-5000, 5000), st.just("standard"), maybe_days)
    return Agreement(
        name=name,
        start=start,
        cycle=Cycle(draw(st.sampled_from((1, 1, 3, 12))), draw(anchors)),
        lines=tuple(draw(lines(f"{name} line {number}")) for number in range(draw(st.integers(1, 2)))),
        timing=draw(st.sampled_from(("advance", "arrears"))),
        end=end if ends else None,
        end_known=draw(maybe_days) if ends else None,
        bills_from=draw(st.none() | st.none() | days),
        one_offs=tuple(
            OneOff(item.on, f"{name} one-off {number}", item.amount_minor, item.tax, item.known)
            for number, item in enumerate(draw(st.lists(one_offs, max_size=2)))
        ),
    )


@st.composite
def seats(draw: st.DrawFn) -> tuple[Seat, ...]:
    spans = draw(st.lists(st.tuples(days, maybe_days), max_size=8))
    return tuple(
        Seat("full", person, start, None if end is None else max(start, end))
        for person, (start, end) in enumerate(spans)
    )


steps = st.lists(st.builds(Step, days, quantities, maybe_days), max_size=5).map(tuple)
named_rates = st.builds(TaxRate, st.sampled_from(("A", "B")), percents)
several_rates = st.lists(named_rates, max_size=2, unique_by=lambda rate: rate.name).map(tuple)
categories = dated(several_rates).map(TaxCategory)


@st.composite
def clients(draw: st.DrawFn) -> Snapshot:
    """A client with one or two agreements, numbers, seats and taxes, and nothing billed yet."""
    names = ("A", "B")[: draw(st.sampled_from((1, 1, 2)))]
    counted = draw(st.booleans())
    return Snapshot(
        terms=Terms(
            slug="acme",
            currency=draw(st.sampled_from(("USD", "USD", "JPY", "KWD"))),
            agreements=tuple(draw(agreements(name)) for name in names),
            taxes=(("standard", draw(categories)), ("reduced", draw(categories))),
        ),
        stated={FULL: draw(steps), LICENCE: draw(steps)},
        seats=draw(seats()) if counted else (),
        counted={"full": draw(days)} if counted else {},
    )


# Clients under every term that there is, also those that `clients` leaves out: discounts, minimum amounts, commitments,
# every way of counting, usage, packages, a day of their own, and what was billed elsewhere.
every_client: st.SearchStrategy[Snapshot] = st.randoms(use_true_random=False).map(random_client).map(facts_of)
