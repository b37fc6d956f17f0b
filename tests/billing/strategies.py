"""Random clients for the laws, with every term that there is, and the smaller things that laws are about."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import TypeVar

import pytest
from hypothesis import note, settings
from hypothesis import strategies as st

from billing.prices import Flat, Graduated, PerUnit, PriceModel, Tier, Volume
from billing.quantities import Seat
from billing.snapshot import Snapshot
from tests.billing.books_at_random import random_client
from tests.billing.translated import facts_of

FIRST_DAY, LAST_DAY = date(2028, 1, 1), date(2028, 10, 31)
# How often a law about money is tried: by `make test`, and under another profile.
TRIES, OTHER_TRIES = 500, {"thorough": 100_000, "mutants": 25}

Test = TypeVar("Test", bound=Callable[..., None])


def law(test: Test) -> Test:
    """A property about money: tried far more often than the house's default."""
    examples = OTHER_TRIES.get(settings.get_current_profile_name(), TRIES)
    marked: Test = pytest.mark.property(settings(max_examples=examples)(test))
    return marked


@st.composite
def every_client(draw: st.DrawFn) -> Snapshot:
    """A client under any terms. It is drawn as a number, which costs a tenth of drawing its terms one by one."""
    number = draw(st.integers(0, 2**24 - 1))
    note(f"The client is random_client(Random({number})).")
    return facts_of(random_client(Random(number)))


days = st.dates(FIRST_DAY, LAST_DAY)
amounts = st.sampled_from(("0", "1", "45", "40.5", "26.40", "33.33", "0.125", "0.015", "1000", "7.777")).map(Decimal)
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
def seats(draw: st.DrawFn) -> tuple[Seat, ...]:
    spans = draw(st.lists(st.tuples(days, st.none() | days), max_size=8))
    return tuple(
        Seat("full", person, start, None if end is None else max(start, end))
        for person, (start, end) in enumerate(spans)
    )
