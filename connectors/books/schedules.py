"""When something comes round: on which days, at what local time, and which turn was the last to come.

A turn is named by its local date and time as written, so that a change of the clocks neither doubles nor drops one.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.calendar import add_months
from billing.errors import WrongInput

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY_DAY = frozenset(range(7))
_WEEKDAYS = frozenset(range(5))
_WRITTEN = re.compile(r"(?:(?P<days>[a-z]+(?:\s*,\s*[a-z]+)*|[0-9]{1,2})\s+)?(?P<at>[0-9]{2}:[0-9]{2})", re.ASCII)
_LATEST_MONTH_DAY = 31
_ONE_DAY = timedelta(days=1)
_ONE_MOMENT = timedelta(seconds=1)

EXPECTED = '"09:00", "mon 09:00", "mon,thu 09:00", "weekdays 08:30", or "1 09:00" for a day of the month'


class ScheduleIsUnclear(WrongInput):
    """The words make no schedule; the message says which do."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A local time on some days of the week (0 is Monday), or on one day of the month.

    A day that a month doesn't have is its last one.
    """

    at: time
    weekdays: frozenset[int] = _EVERY_DAY
    month_day: int | None = None

    def __str__(self) -> str:
        """As it is written in a book; reading that gives the same schedule."""
        return f"{self._days()} {self.at:%H:%M}".strip()

    def falls_on(self, day: date) -> bool:
        """Whether a turn is due on that day."""
        if self.month_day is not None:
            return day == add_months(date(day.year, 1, self.month_day), day.month - 1)
        return day.weekday() in self.weekdays

    def latest(self, now: datetime, timezone: str) -> datetime:
        """The last turn that has come in a time zone, as its local date and time."""
        zone = ZoneInfo(timezone)
        # Clocks that were put back across midnight show yesterday, although turns of today have come.
        day = now.astimezone(zone).date() + _ONE_DAY
        while not (self.falls_on(day) and _moment(datetime.combine(day, self.at), zone) <= now):
            day -= _ONE_DAY
        return datetime.combine(day, self.at)

    def _days(self) -> str:
        if self.month_day is not None:
            return str(self.month_day)
        if self.weekdays == _EVERY_DAY:
            return ""
        return "weekdays" if self.weekdays == _WEEKDAYS else ",".join(_DAYS[day] for day in sorted(self.weekdays))


def schedule(text: str) -> Schedule:
    """The schedule that the words mean.

    Raises:
        ScheduleIsUnclear: they mean none.

    """
    found = _WRITTEN.fullmatch(text.strip().lower())
    if found is None:
        raise ScheduleIsUnclear(f"{text!r} is no schedule: expected {EXPECTED}.")
    try:
        at = time.fromisoformat(found["at"])
        return _on_days(found["days"], at)
    except ValueError:
        raise ScheduleIsUnclear(f"{text!r} is no schedule: expected {EXPECTED}.") from None


def _on_days(days: str | None, at: time) -> Schedule:
    if days is None:
        return Schedule(at)
    if days.isdecimal():
        if not 1 <= int(days) <= _LATEST_MONTH_DAY:
            raise ValueError(days)
        return Schedule(at, month_day=int(days))
    if days == "weekdays":
        return Schedule(at, _WEEKDAYS)
    return Schedule(at, frozenset(_DAYS.index(day.strip()) for day in days.split(",")))


def _moment(slot: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which the zone's clocks show the slot, or have just leapt over it."""
    # A slot that is leapt over lies after the leap by the offset before it, and before the leap by the one after it.
    # Any other slot is shown at the first of these two moments, and the second isn't earlier.
    after, before = slot.replace(tzinfo=zone).astimezone(UTC), slot.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while after - before > _ONE_MOMENT:
        middle = before + timedelta(seconds=(after - before) // (2 * _ONE_MOMENT))
        before, after = (before, middle) if _local(middle, zone) >= slot else (middle, after)
    return after


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
