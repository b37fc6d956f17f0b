"""Local days: half-open periods and the cycles that cut time into them.

A day here is a date in the client's own time zone; what time it is there is the caller's business.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from billing.errors import WrongInput

_MONTHS_A_YEAR = 12


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
        return self.end - timedelta(days=1)

    def covers(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day < self.end

    def within(self, start: date | None, end: date | None) -> "Period | None":
        """The part of it that lies in `[start, end)`; an open side doesn't cut; None when nothing is left."""
        first = self.start if start is None else max(self.start, start)
        last = self.end if end is None else min(self.end, end)
        return Period(first, last) if first < last else None


def add_months(anchor: date, months: int) -> date:
    """The anchor moved by whole months, clamped to the month's end, always counted from the anchor itself.

    So 31 January + 1 is 28 February and + 2 is 31 March: the 31st comes back.
    """
    month_index = anchor.year * _MONTHS_A_YEAR + anchor.month - 1 + months
    year, month = divmod(month_index, _MONTHS_A_YEAR)
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
        while self.boundary(number) > day:
            number -= 1
        while self.boundary(number + 1) <= day:
            number += 1
        return number

    def period_of(self, day: date) -> Period:
        """The whole period that covers the day."""
        number = self.number_of(day)
        return Period(self.boundary(number), self.boundary(number + 1))

    def periods(self, start: date, through: date) -> Iterator[Period]:
        """Every whole period from the one that covers `start` to the one that covers `through`."""
        for number in range(self.number_of(start), self.number_of(through) + 1):
            yield Period(self.boundary(number), self.boundary(number + 1))

    def first_boundary(self, on_or_after: date) -> date:
        """The first boundary on the day or after it."""
        number = self.number_of(on_or_after)
        return on_or_after if self.boundary(number) == on_or_after else self.boundary(number + 1)
