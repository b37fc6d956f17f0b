"""How many there were on each day: time lines of quantities, from open seats or from stated numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from billing.calendar import Period
from billing.errors import WrongInput
from billing.money import exact
from billing.people import Seat

MeasureKind = Literal["roster", "licence", "device", "usage", "fixed"]


class QuantityMakesNoSense(WrongInput):
    """A number of people or things below 0."""


@dataclass(frozen=True, slots=True, order=True)
class Measure:
    """What a line counts: a roster, a licence SKU, a device kind or a usage meter by name; or a fixed number.

    A fixed number is written as the name.
    """

    kind: MeasureKind
    name: str

    def __post_init__(self) -> None:
        """Refuses a fixed number that is none, or below 0."""
        if self.kind == "fixed" and exact(self.name) < 0:
            raise QuantityMakesNoSense(f"A fixed number can't be negative ({self.name}).")


@dataclass(frozen=True, slots=True)
class Step:
    """From a day on there are so many; known from a day on (None: always).

    `moved` is how many of those who are gone on that day went over to another roster of the same client.
    """

    on: date
    quantity: Decimal
    known: date | None = None
    moved: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuses an inexact quantity and one below 0."""
        if exact(self.quantity) < 0:
            raise QuantityMakesNoSense(f"There can't be {self.quantity} of something from {self.on}.")


@dataclass(frozen=True, slots=True)
class Timeline:
    """A quantity over time: one step a day at most, in order; before the first step it is 0."""

    steps: tuple[Step, ...] = ()

    def at(self, day: date) -> Decimal:
        """The quantity in force on a day."""
        in_force = [step.quantity for step in self.steps if step.on <= day]
        return in_force[-1] if in_force else Decimal(0)

    def step(self, day: date) -> Step:
        """The day's own step; where it has none, one with the quantity in force."""
        return next((step for step in self.steps if step.on == day), Step(day, self.at(day)))

    def within(self, period: Period) -> Iterator[Step]:
        """The steps of the period's days: the first one on its first day, with the quantity in force on it."""
        yield Step(period.start, self.at(period.start))
        yield from (step for step in self.steps if period.start < step.on < period.end)

    def cut(self, period: Period) -> Iterator[tuple[Period, Decimal]]:
        """The parts of the period with one quantity each, in order."""
        start, quantity = period.start, self.at(period.start)
        for step in self.steps:
            if period.start < step.on < period.end and step.quantity != quantity:
                yield Period(start, step.on), quantity
                start, quantity = step.on, step.quantity
        yield Period(start, period.end), quantity


Quantities = Mapping[Measure, Timeline]


@dataclass(frozen=True, slots=True)
class Reading:
    """So much was used, as a meter said on a day. `key` is the reading's identity: one that comes twice counts once."""

    on: date
    amount: Decimal
    key: str

    def __post_init__(self) -> None:
        """Refuses an inexact amount and one below 0."""
        if exact(self.amount) < 0:
            raise QuantityMakesNoSense(f"A meter can't have read {self.amount} on {self.on}.")


def stated(steps: Iterable[Step], known_on: date | None = None) -> Timeline:
    """A time line from numbers that people stated, as known on a day.

    Two for one day: the later `known` wins, then the later in the given order.
    """
    latest: dict[date, Step] = {}
    for step in sorted(steps, key=lambda step: step.known or date.min):
        if known_on is None or step.known is None or step.known <= known_on:
            latest[step.on] = step
    return Timeline(tuple(latest[on] for on in sorted(latest)))


def seated(roster: str, seats: Iterable[Seat]) -> Timeline:
    """A roster's time line from a client's seats: on each day the number of its seats that are open on it."""
    lasting = [seat for seat in seats if seat.end is None or seat.end > seat.start]
    arrivals = {(seat.person, seat.start) for seat in lasting if seat.roster != roster}
    changes: dict[date, list[int]] = {}
    for seat in lasting:
        if seat.roster == roster:
            changes.setdefault(seat.start, [0, 0])[0] += 1
            if seat.end is not None:
                change = changes.setdefault(seat.end, [0, 0])
                change[0] -= 1
                change[1] += (seat.person, seat.end) in arrivals
    steps, open_seats = [], 0
    for day in sorted(changes):
        difference, moved = changes[day]
        open_seats += difference
        steps.append(Step(day, Decimal(open_seats), moved=Decimal(moved)))
    return Timeline(tuple(steps))


def counted_from(first_day: date, before: Timeline, since: Timeline) -> Timeline:
    """A roster's numbers as stated until its first count, and its seats from that day on."""
    kept = [step for step in before.steps if step.on < first_day]
    opening = Step(first_day, since.at(first_day))
    return Timeline((*kept, opening, *(step for step in since.steps if step.on > first_day)))
