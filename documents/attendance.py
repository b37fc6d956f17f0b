"""Who is listed on a document, and for which days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from billing.calendar import Period
from billing.draft import Draft
from billing.quantities import Measure


@dataclass(frozen=True, slots=True, order=True)
class Attendance:
    """A person's days without a gap on a roster, within the periods that a document bills."""

    person: int
    days: Period


@dataclass(frozen=True, slots=True)
class RosterAttendance:
    """A roster's billed days without their gaps, and everyone who was there on any of them, by person."""

    roster: str
    billed: tuple[Period, ...]
    people: tuple[Attendance, ...]


def attendances(draft: Draft) -> tuple[RosterAttendance, ...]:
    """Every roster that a recurring charge counts; periods that are only adjusted list nobody."""
    rosters = dict.fromkeys(entry.roster for entry in draft.people)
    found = (_attendance(draft, roster) for roster in rosters)
    return tuple(entry for entry in found if entry.people)


def _attendance(draft: Draft, roster: str) -> RosterAttendance:
    measure = Measure("roster", roster)
    charged = [charge.period for charge in draft.charges if charge.kind == "recurring" and charge.measure == measure]
    billed = joined_up(charged)
    days = sorted(
        (span.person, inside)
        for entry in draft.people
        if entry.roster == roster
        for span in entry.spans
        for period in billed
        if (inside := span.period.within(period.start, period.end))
    )
    people = (
        Attendance(person, period)
        for person, theirs in groupby(days, key=itemgetter(0))
        for period in joined_up(span for _, span in theirs)
    )
    return RosterAttendance(roster, billed, tuple(people))


def joined_up(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days as periods in order, with those that touch or overlap made one."""
    return tuple(_joined_up(sorted(periods)))


def _joined_up(ordered: Iterable[Period]) -> Iterator[Period]:
    current: Period | None = None
    for period in ordered:
        if current is None:
            current = period
        elif period.start <= current.end:
            current = Period(current.start, max(current.end, period.end))
        else:
            yield current
            current = period
    if current is not None:
        yield current
