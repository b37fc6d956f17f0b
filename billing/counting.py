"""What a line counts on each day of a period: its quantities after the agreed treatment of changes in mid-period.

Each rule takes the quantities of a period's covered days and gives others for the same days. Minimum and included come
afterwards. docs/explanation/counting.md has a worked number for every cell that is allowed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from billing.calendar import Period
from billing.errors import WrongInput
from billing.quantities import Step, Timeline

Proration = Literal["daily", "next_period", "full_period"]
Removals = Literal["credit", "keep"]

_LAST_DAY_OF_A_MONTH = 31


class CountingMakesNoSense(WrongInput):
    """Two ways of counting that exclude each other, or a day that no month has."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How a line counts. `basis` is "daily", "peak", or the number of the day whose quantity counts throughout."""

    basis: Literal["daily", "peak"] | int = "daily"
    proration: Proration = "daily"
    removals: Removals = "credit"

    def __post_init__(self) -> None:
        """Refuses what `basis` excludes: with one quantity for the whole period there is nothing to prorate or keep."""
        if isinstance(self.basis, int) and not 1 <= self.basis <= _LAST_DAY_OF_A_MONTH:
            raise CountingMakesNoSense(f"A basis on day {self.basis} is none: expected a day from 1 to 31.")
        if self.basis == "daily":
            return
        basis = self.basis if isinstance(self.basis, str) else f"on day {self.basis}"
        if self.proration != "daily":
            raise CountingMakesNoSense(f"The basis {basis} gives a period one quantity, so proration must be daily.")
        if self.removals != "credit":
            raise CountingMakesNoSense(f"The basis {basis} gives a period one quantity, so removals must be credit.")


BY_DAY = Counting()


def counted(timeline: Timeline, covered: Period, counting: Counting) -> Timeline:
    """The quantities that count on the covered days of one period."""
    if counting == BY_DAY:
        return timeline
    first, days = covered.start, tuple(timeline.within(covered))
    if counting.basis == "peak":
        return _constant(first, max(step.quantity for step in days))
    if isinstance(counting.basis, int):
        return _constant(first, timeline.at(min(first + timedelta(days=counting.basis - 1), covered.last)))
    if counting.proration == "next_period":
        return _constant(first, days[0].quantity)
    kept = _kept(days) if counting.removals == "keep" else days
    return Timeline(_from_the_start(kept) if counting.proration == "full_period" else kept)


def _constant(first: date, quantity: Decimal) -> Timeline:
    return Timeline((Step(first, quantity),))


def _kept(days: tuple[Step, ...]) -> tuple[Step, ...]:
    """A freed place stays paid for and may be refilled; only who moved to another roster takes the place along."""

    def places() -> Iterator[Step]:
        held = Decimal(0)
        for number, step in enumerate(days):
            moved = step.moved if number else Decimal(0)
            held = max(held - moved, step.quantity)
            yield Step(step.on, held)

    return tuple(places())


def _from_the_start(days: tuple[Step, ...]) -> tuple[Step, ...]:
    """A rise counts from the period's first covered day, a fall from its own."""
    rises = sum((max(after.quantity - before.quantity, Decimal(0)) for before, after in _pairs(days)), Decimal(0))

    def counts() -> Iterator[Step]:
        quantity = days[0].quantity + rises
        yield Step(days[0].on, quantity)
        for before, after in _pairs(days):
            if after.quantity < before.quantity:
                quantity -= before.quantity - after.quantity
                yield Step(after.on, quantity)

    return tuple(counts())


def _pairs(days: tuple[Step, ...]) -> Iterator[tuple[Step, Step]]:
    return pairwise(days)
