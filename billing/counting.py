"""What a line counts on each day of a period: its quantities after the agreed treatment of changes in mid-period.

Each rule takes the quantities of a period's covered days and gives others for the same days. Minimum and included come
afterwards. docs/explanation/counting.md has a worked number for every cell that is allowed.

Licence terms come before that: a number that may rise any day, and falls only within a window or when the term ends.
The model is Microsoft's new commerce terms: seats may be returned for some days after they were bought, added or
renewed, and are committed from then on until the term ends (learn.microsoft.com/partner-center, "Cancel or reduce").
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from billing.calendar import Period, add_months
from billing.errors import WrongInput
from billing.quantities import Step, Timeline

Proration = Literal["daily", "next_period", "full_period"]
Removals = Literal["credit", "keep"]

_NOTHING = Decimal(0)
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
    kept = tuple(_kept(days)) if counting.removals == "keep" else days
    return Timeline(tuple(_from_the_start(kept)) if counting.proration == "full_period" else kept)


def _constant(first: date, quantity: Decimal) -> Timeline:
    return Timeline((Step(first, quantity),))


def _kept(days: tuple[Step, ...]) -> Iterator[Step]:
    """A freed place stays paid for and may be refilled; only who moved to another roster takes the place along."""
    held = _NOTHING
    for step in days:
        held = max(held - step.moved, step.quantity)
        yield Step(step.on, held)


def _from_the_start(days: tuple[Step, ...]) -> Iterator[Step]:
    """A rise counts from the period's first covered day, a fall from its own."""
    quantity = days[0].quantity
    quantity += sum((max(after.quantity - before.quantity, _NOTHING) for before, after in pairwise(days)), _NOTHING)
    yield Step(days[0].on, quantity)
    for before, after in pairwise(days):
        if after.quantity < before.quantity:
            quantity -= before.quantity - after.quantity
            yield Step(after.on, quantity)


class CommitmentMakesNoSense(WrongInput):
    """A term that ends before it begins, or that doesn't last."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A term from `start` until `end` (the first day that isn't bound), renewed by so many months (None: not).

    Units that were added may be returned until the day before `window_days` have passed.
    """

    start: date
    end: date
    renews_months: int | None = None
    window_days: int = 7

    def __post_init__(self) -> None:
        """Refuses a term without a day in it, a renewal that doesn't last, and a negative window."""
        if self.end <= self.start:
            raise CommitmentMakesNoSense(f"A commitment until {self.end} doesn't end after it begins on {self.start}.")
        if self.renews_months is not None and self.renews_months < 1:
            raise CommitmentMakesNoSense(f"A commitment renews by at least a month, not by {self.renews_months}.")
        if self.window_days < 0:
            raise CommitmentMakesNoSense(f"A window of {self.window_days} days is none: expected 0 or more.")

    def terms(self, through: date) -> Iterator[Period]:
        """The term and its renewals, up to the one that covers a day."""
        yield Period(self.start, self.end)
        end, number = self.end, 0
        while self.renews_months is not None and end <= through:
            number += 1
            start, end = end, add_months(self.end, number * self.renews_months)
            yield Period(start, end)


@dataclass(frozen=True, slots=True)
class Deferral:
    """A decrease that the term doesn't let through: wanted on a day, in force instead, and when it can take effect."""

    on: date
    wanted: Decimal
    in_force: Decimal
    until: date


@dataclass(slots=True)
class _Floor:
    """How many units are committed, and which can still be returned: those added last are returned first."""

    committed: Decimal
    pending: list[tuple[date, Decimal]]

    def pass_to(self, day: date) -> None:
        """Units whose window is over by a day are committed."""
        self.committed += sum((units for joins, units in self.pending if joins <= day), _NOTHING)
        self.pending = [(joins, units) for joins, units in self.pending if joins > day]

    def give_back(self, units: Decimal) -> None:
        """Takes so many of the units away that can still be returned."""
        while units > 0:
            joins, last = self.pending.pop()
            if last > units:
                self.pending.append((joins, last - units))
            units -= min(last, units)


def committed(timeline: Timeline, commitment: Commitment, through: date) -> tuple[Timeline, tuple[Deferral, ...]]:
    """The quantities in force under a term up to and with a day, and the decreases that it put off."""
    steps = [step for step in timeline.steps if step.on < commitment.start]
    deferrals: list[Deferral] = []
    for term in commitment.terms(through):
        found, put_off = _in_term(timeline, term, timedelta(days=commitment.window_days))
        steps += found
        deferrals += put_off
    if commitment.renews_months is None:
        steps.append(timeline.step(commitment.end))
        steps += [step for step in timeline.steps if step.on > commitment.end]
    return Timeline(tuple(steps)), tuple(deferrals)


def _in_term(timeline: Timeline, term: Period, window: timedelta) -> tuple[list[Step], list[Deferral]]:
    """One term: it opens with what is wanted on its first day, which can be returned like any other addition."""
    opening = timeline.step(term.start)
    floor = _Floor(_NOTHING, [(term.start + window, opening.quantity)])
    steps, deferrals, in_force = [opening], [], opening.quantity
    for wanted in timeline.steps:
        if not term.start < wanted.on < term.end:
            continue
        floor.pass_to(wanted.on)
        now = max(wanted.quantity, floor.committed)
        if now > in_force:
            floor.pending.append((wanted.on + window, now - in_force))
        else:
            floor.give_back(in_force - now)
        if now > wanted.quantity:
            deferrals.append(Deferral(wanted.on, wanted.quantity, now, term.end))
        steps.append(replace(wanted, quantity=now))
        in_force = now
    return steps, deferrals
