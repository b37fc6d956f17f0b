"""How many there were on each day: time lines of quantities, from open seats or from stated numbers.

A person is named by id alone; names live with the storage and join at the last moment, in a document or a card.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Literal, NamedTuple

from billing.calendar import Period
from billing.errors import WrongInput
from billing.money import exact


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """One person on one roster from a day on, until another (None: still there)."""

    roster: str
    person: int
    start: date
    end: date | None = None


class Span(NamedTuple):
    """A person's days on a roster inside one period; a bare tuple, since a draft lists everybody."""

    person: int
    period: Period


@dataclass(frozen=True, slots=True)
class RosterPeople:
    """Everyone with a seat on any day of a period that a document bills."""

    roster: str
    period: Period
    spans: tuple[Span, ...]


Stays = Mapping[tuple[str, date, date | None], Sequence[int]]
"""Who has seats: people by roster, first day and end, as most come and go together."""


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of a client, kept by roster and days: of a hundred thousand people, most came on one day."""

    stays: Stays

    def __iter__(self) -> Iterator[Seat]:
        """Each seat, those of the same days together."""
        for (roster, start, end), people in self.stays.items():
            for person in people:
                yield Seat(roster, person, start, end)


def stays_of(seats: Iterable[Seat]) -> Stays:
    """The seats of a client by roster and days."""
    if isinstance(seats, Seats):
        return seats.stays
    stays = defaultdict[tuple[str, date, date | None], list[int]](list)
    for seat in seats:
        stays[seat.roster, seat.start, seat.end].append(seat.person)
    return dict(stays)


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
        for step in reversed(self.steps):
            if step.on <= day:
                return step.quantity
        return Decimal(0)

    def step(self, day: date) -> Step:
        """The day's own step; where it has none, one with the quantity in force."""
        return next((step for step in self.steps if step.on == day), Step(day, self.at(day)))

    def within(self, period: Period) -> Iterator[Step]:
        """The steps of the period's days: the first one on its first day, with the quantity in force on it."""
        yield Step(period.start, self.at(period.start))
        yield from (step for step in self.steps if period.start < step.on < period.end)

    def cut(self, period: Period) -> Sequence[tuple[Period, Decimal]]:
        """The parts of the period with one quantity each, in order."""
        parts, start, quantity = [], period.start, self.at(period.start)
        for step in self.steps:
            if period.start < step.on < period.end and step.quantity != quantity:
                parts.append((Period(start, step.on), quantity))
                start, quantity = step.on, step.quantity
        return [*parts, (Period(start, period.end) if parts else period, quantity)]


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


def seated(roster: str, stays: Stays) -> Timeline:
    """A roster's time line from a client's seats: on each day the number of its seats that are open on it."""
    lasting = [(*stay, people) for stay, people in stays.items() if stay[2] is None or stay[2] > stay[1]]
    arrivals = {(person, start) for name, start, _, people in lasting if name != roster for person in people}
    changes: dict[date, int] = {}
    moved: dict[date, int] = {}
    for _, start, end, people in (each for each in lasting if each[0] == roster):
        changes[start] = changes.get(start, 0) + len(people)
        if end is not None:
            changes[end] = changes.get(end, 0) - len(people)
            moved[end] = moved.get(end, 0) + sum((person, end) in arrivals for person in people)
    days = sorted(changes)
    numbers = accumulate(changes[day] for day in days)
    steps = (Step(day, Decimal(n), moved=Decimal(moved.get(day, 0))) for day, n in zip(days, numbers, strict=True))
    return Timeline(tuple(steps))


def counted_from(first_day: date, before: Timeline, since: Timeline) -> Timeline:
    """A roster's numbers as stated until its first count, and its seats from that day on."""
    kept = [step for step in before.steps if step.on < first_day]
    opening = Step(first_day, since.at(first_day))
    return Timeline((*kept, opening, *(step for step in since.steps if step.on > first_day)))
