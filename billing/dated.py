"""Terms that change on a date, and that may be learnt later than they apply."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from billing.calendar import Period
from billing.errors import WrongInput

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
        if not self.entries:
            raise DatesAreAmbiguous("A dated term needs at least one entry.")
        keys = [(entry.since, entry.known) for entry in self.entries]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise DatesAreAmbiguous(f"Two entries apply from {twice[0] or 'the beginning'}; only one can.")

    def as_known(self, on: date) -> "Dated[Value]":
        """The term as somebody knew it on a day; what was learnt later falls away, unless nothing else is left."""
        if all(entry.known is None or entry.known <= on for entry in self.entries):
            return self
        known = tuple(entry for entry in self.entries if entry.known is None or entry.known <= on)
        return Dated(known or self.entries[:1])

    def at(self, day: date) -> Value:
        """The value in force on the day; before the first entry, the first entry's."""
        return self._in_order()[self._index(day)].value

    def cut(self, period: Period) -> Iterator[tuple[Period, Value]]:
        """The parts of the period with one value each, in order."""
        if len(self.entries) == 1:
            yield period, self.entries[0].value
            return
        ordered = self._in_order()
        start = period.start
        for index in range(self._index(start), len(ordered)):
            following = ordered[index + 1].since if index + 1 < len(ordered) else None
            end = period.end if following is None else min(following, period.end)
            if start < end:
                yield Period(start, end), ordered[index].value
                start = end

    def _in_order(self) -> list[Entry[Value]]:
        # For one day, the entry that was learnt last is the one in force.
        latest: dict[date, Entry[Value]] = {}
        for entry in sorted(self.entries, key=lambda entry: entry.known or date.min):
            latest[entry.since or date.min] = entry
        return [latest[since] for since in sorted(latest)]

    def _index(self, day: date) -> int:
        ordered = self._in_order()
        in_force = [index for index, entry in enumerate(ordered) if (entry.since or date.min) <= day]
        return in_force[-1] if in_force else 0


def always(value: Value) -> Dated[Value]:
    """A term that never changes."""
    return Dated((Entry(value),))
