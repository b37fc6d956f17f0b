"""Local days: half-open periods, the cycles that cut time into them, and terms that change on a date.

A day here is a date in the client's own time zone; what time it is there is the caller's business.
"""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise, starmap
from typing import Generic, TypeVar

from billing.errors import WrongInput

_MONTHS_A_YEAR = 12
_IN_EVERY_MONTH = 28
_ONE_DAY = timedelta(days=1)


class PeriodIsEmpty(WrongInput):
    """A period must end after it starts."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to but without `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuses a period without a day in it."""
        if self.end <= self.start:
            raise PeriodIsEmpty(f"A period from {self.start} to {self.end} has no day in it.")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - _ONE_DAY

    def covers(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day < self.end

    def within(self, start: date | None, end: date | None) -> "Period | None":
        """The part of it that lies in `[start, end)`; an open side doesn't cut; None when nothing is left."""
        if (start is None or start <= self.start) and (end is None or end >= self.end):
            return self
        first = self.start if start is None else max(self.start, start)
        last = self.end if end is None else min(self.end, end)
        return Period(first, last) if first < last else None


# Clients share a few anchors, and each draft asks for the same boundaries some times over.
@lru_cache(maxsize=4096)
def add_months(anchor: date, months: int) -> date:
    """The anchor moved by whole months, clamped to the month's end, always counted from the anchor itself.

    So 31 January + 1 is 28 February and + 2 is 31 March: the 31st comes back.
    """
    month_index = anchor.year * _MONTHS_A_YEAR + anchor.month - 1 + months
    year, month = divmod(month_index, _MONTHS_A_YEAR)
    if anchor.day <= _IN_EVERY_MONTH:
        return date(year, month + 1, anchor.day)
    last_day = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor.day, last_day))


@dataclass(frozen=True, slots=True)
class Cycle:
    """Periods of so many months, laid end to end in both directions from an anchor day."""

    months: int
    anchor: date

    def __post_init__(self) -> None:
        """Refuses a cycle that does not move."""
        if self.months < 1:
            raise WrongInput(f"A cycle has at least one month, not {self.months}.")

    def boundary(self, number: int) -> date:
        """The first day of the period with this number; the anchor's own period is number 0."""
        return add_months(self.anchor, number * self.months)

    def number_of(self, day: date) -> int:
        """The number of the period that covers the day."""
        months_apart = (day.year - self.anchor.year) * _MONTHS_A_YEAR + day.month - self.anchor.month
        number = months_apart // self.months
        # Within its month the boundary may still lie ahead; then the day belongs to the period before.
        return number if self.boundary(number) <= day else number - 1

    def period_of(self, day: date) -> Period:
        """The whole period that covers the day."""
        number = self.number_of(day)
        return Period(self.boundary(number), self.boundary(number + 1))

    def periods(self, start: date, through: date) -> Iterator[Period]:
        """Every whole period from the one that covers `start` to the one that covers `through`."""
        first, last = self.number_of(start), self.number_of(through)
        return starmap(Period, pairwise(map(self.boundary, range(first, last + 2))))

    def first_boundary(self, on_or_after: date) -> date:
        """The first boundary on the day or after it."""
        number = self.number_of(on_or_after)
        before = self.boundary(number)
        return before if before == on_or_after else self.boundary(number + 1)


Value = TypeVar("Value")


class DatesAreAmbiguous(WrongInput):
    """Two entries of one dated term apply from the same day."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[Value]):
    """One value in force from a day on (None: from ever), known from a day on (None: always)."""

    value: Value
    since: date | None = None
    known: date | None = None


@dataclass(frozen=True, slots=True)
class Dated(Generic[Value]):
    """A term with one or more values over time; each day takes the entry in force on it."""

    entries: tuple[Entry[Value], ...]

    def __post_init__(self) -> None:
        """Refuses a term without a value and two values for one day that were known on one day."""
        if len(self.entries) == 1:
            return
        if not self.entries:
            raise DatesAreAmbiguous("A dated term needs at least one entry.")
        keys = [(entry.since, entry.known) for entry in self.entries]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise DatesAreAmbiguous(f"Two entries apply from {twice[0] or 'the beginning'}; only one can.")

    def as_known(self, on: date) -> "Dated[Value]":
        """The term as somebody knew it on a day; what was learnt later falls away, unless nothing else is left."""
        known = tuple(entry for entry in self.entries if entry.known is None or entry.known <= on)
        return Dated(known or self.entries[:1])

    def at(self, day: date) -> Value:
        """The value in force on the day; before the first entry, the first entry's."""
        if len(self.entries) == 1:
            return self.entries[0].value
        return self._from(day)[0][1]

    def cut(self, period: Period) -> Sequence[tuple[Period, Value]]:
        """The parts of the period with one value each, in order."""
        if len(self.entries) == 1:
            return ((period, self.entries[0].value),)
        parts, start = [], period.start
        in_order = self._from(start)
        ends = (*(since for since, _ in in_order[1:]), period.end)
        for (_, value), end in zip(in_order, ends, strict=True):
            if start < min(end, period.end):
                parts.append((Period(start, min(end, period.end)), value))
                start = end
        return parts

    def _from(self, day: date) -> list[tuple[date, Value]]:
        """The values in order with their first days, beginning with the one in force on a day, or with the first."""
        # For one day, the entry that was learnt last is the one in force.
        by_learning = sorted(self.entries, key=lambda entry: entry.known or date.min)
        latest = {entry.since or date.min: entry.value for entry in by_learning}
        begun = sum(since <= day for since in latest)
        return [(since, latest[since]) for since in sorted(latest)[max(begun - 1, 0) :]]


def always(value: Value) -> Dated[Value]:
    """A term that never changes."""
    return Dated((Entry(value),))
