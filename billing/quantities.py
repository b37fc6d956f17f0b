"""How many there were on each day: time lines of quantities, from open seats or from stated numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.agreement import Measure
from billing.calendar import Period
from billing.errors import WrongInput
from billing.money import exact
from billing.people import Seat


class QuantityMakesNoSense(WrongInput):
    """A number of people or things below 0."""


@dataclass(frozen=True, slots=True)
class Step:
    """From a day on there are so many; known from a day on (None: always)."""

    on: date
    quantity: Decimal
    known: date | None = None

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

    def cut(self, period: Period) -> Iterator[tuple[Period, Decimal]]:
        """The parts of the period with one quantity each, in order."""
        start, quantity = period.start, self.at(period.start)
        for step in self.steps:
            if period.start < step.on < period.end and step.quantity != quantity:
                yield Period(start, step.on), quantity
                start, quantity = step.on, step.quantity
        yield Period(start, period.end), quantity


Quantities = Mapping[Measure, Timeline]


def stated(steps: Iterable[Step], known_on: date | None = None) -> Timeline:
    """A time line from numbers that people stated, as known on a day.

    Two for one day: the later `known` wins, then the later in the given order.
    """
    latest: dict[date, Step] = {}
    for step in sorted(steps, key=lambda step: step.known or date.min):
        if known_on is None or step.known is None or step.known <= known_on:
            latest[step.on] = step
    return Timeline(tuple(latest[on] for on in sorted(latest)))


def seated(seats: Iterable[Seat]) -> Timeline:
    """A time line from seats: on each day the number of seats that are open on it."""
    moves: dict[date, int] = {}
    for seat in seats:
        if seat.end is not None and seat.end <= seat.start:
            continue
        moves[seat.start] = moves.get(seat.start, 0) + 1
        if seat.end is not None:
            moves[seat.end] = moves.get(seat.end, 0) - 1
    steps, open_seats = [], 0
    for day in sorted(moves):
        open_seats += moves[day]
        steps.append(Step(day, Decimal(open_seats)))
    return Timeline(tuple(steps))


def counted_from(first_day: date, before: Timeline, since: Timeline) -> Timeline:
    """A roster's numbers as stated until its first count, and its seats from that day on."""
    kept = [step for step in before.steps if step.on < first_day]
    opening = Step(first_day, since.at(first_day))
    return Timeline((*kept, opening, *(step for step in since.steps if step.on > first_day)))
