"""People on rosters: seats, and the spans of days that they were there.

A person is named by id alone; names live with the storage and join at the last moment, in a document or a card.
"""

from dataclasses import dataclass
from datetime import date

from billing.calendar import Period


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """One person on one roster from a day on, until another (None: still there)."""

    roster: str
    person: int
    start: date
    end: date | None = None

    def within(self, period: Period) -> Period | None:
        """The seat's days inside the period."""
        return period.within(self.start, self.end)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A person's days on a roster inside one period."""

    person: int
    period: Period


@dataclass(frozen=True, slots=True)
class RosterPeople:
    """Everyone with a seat on any day of a period that a document bills."""

    roster: str
    period: Period
    spans: tuple[Span, ...]
