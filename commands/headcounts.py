"""How many people were billed over the months: each roster's number day by day, and who came and went."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billing.calendar import Period, add_months
from billing.quantities import Measure, Step, Timeline
from billing.snapshot import Snapshot

MONTHS = 12

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RosterCount:
    """A roster's number through a period: the first step is its first known day, each further one a change."""

    roster: str
    steps: tuple[Step, ...]

    @property
    def now(self) -> Decimal:
        """The number on the period's last day."""
        return self.steps[-1].quantity


@dataclass(frozen=True, slots=True)
class Month:
    """A month or what has passed of it: each roster's number on its last day, and how many joined and left.

    A number that nobody knew yet is None, and so is a movement before there were seats to open and close.
    """

    period: Period
    counts: tuple[Decimal | None, ...]
    joined: int | None
    left: int | None


def twelve_months(today: date) -> Period:
    """The days of twelve calendar months up to today, the present month among them."""
    return Period(add_months(today.replace(day=1), 1 - MONTHS), today + _ONE_DAY)


def roster_counts(snapshot: Snapshot, rosters: Sequence[str], period: Period) -> tuple[RosterCount, ...]:
    """Each roster that had a number in the period, in the given order; those in the book alone come last.

    The numbers are those that bills are made of: what was stated until a roster's first count, its seats from then on.
    Nothing is said of the days before the first number: that nobody counted doesn't mean that nobody was there.
    """
    quantities = snapshot.quantities(period.end - _ONE_DAY)
    stated = sorted(measure.name for measure in quantities if measure.kind == "roster")
    found = []
    for roster in dict.fromkeys((*rosters, *stated)):
        steps = tuple(_within(quantities.get(Measure("roster", roster), Timeline()), period))
        if steps:
            found.append(RosterCount(roster, steps))
    return tuple(found)


def months(snapshot: Snapshot, counts: Sequence[RosterCount], period: Period) -> tuple[Month, ...]:
    """The calendar months of the period, the oldest first."""
    found = []
    day = period.start
    while day < period.end:
        month = Period(day, min(add_months(day.replace(day=1), 1), period.end))
        last = month.end - _ONE_DAY
        numbers = tuple(_known(count.steps, last) for count in counts)
        joined, left = _movements(snapshot, month)
        found.append(Month(month, numbers, joined, left))
        day = month.end
    return tuple(found)


def _within(timeline: Timeline, period: Period) -> Iterator[Step]:
    known = [step.on for step in timeline.steps if step.on < period.end]
    if not known:
        return
    first = max(period.start, known[0])
    before = None
    for part, quantity in timeline.cut(Period(first, period.end)):
        if quantity != before:
            yield Step(part.start, quantity)
        before = quantity


def _known(steps: Iterable[Step], day: date) -> Decimal | None:
    in_force = [step.quantity for step in steps if step.on <= day]
    return in_force[-1] if in_force else None


def _movements(snapshot: Snapshot, month: Period) -> tuple[int | None, int | None]:
    """How many came and went; who moved between rosters did neither, and a first count is nobody's coming."""
    if not any(first_day < month.end for first_day in snapshot.counted.values()):
        return None, None
    seats = [seat for seat in snapshot.seats if seat.end is None or seat.end > seat.start]
    begun = {(seat.person, seat.start) for seat in seats if seat.start != snapshot.counted.get(seat.roster)}
    ended = {(seat.person, seat.end) for seat in seats if seat.end is not None}
    every_start = {(seat.person, seat.start) for seat in seats}
    joined = sum(month.covers(day) for _, day in begun - ended)
    left = sum(month.covers(day) for _, day in ended - every_start)
    return joined, left
