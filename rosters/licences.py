"""Licences bought: how what the sources count differs from the numbers in force, and what is too much at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.quantities import Measure, Step, stated
from rosters.catch import CLOSES_FLOOR, CLOSES_PERCENT, Trip, over_limit
from rosters.changes import ChangeItem


@dataclass(frozen=True, slots=True)
class Bought:
    """So many units of a licence in all of a client's directories, and the day on which so many were first seen.

    `vanished` says that a directory no longer has any of it although it had some before its last reading.
    """

    licence: str
    units: int
    since: date
    vanished: bool = False


def is_licence(measure: Measure, name: str) -> bool:
    """Whether a source's name of a licence is what a line counts; Microsoft's part numbers know no case."""
    return measure.kind == "licence" and measure.name.casefold() == name.casefold()


def bought_items(
    counted: Iterable[Measure],
    bought: Collection[Bought],
    numbers: Mapping[Measure, tuple[Step, ...]],
    through: Mapping[Measure, date],
    on: date,
) -> Iterator[ChangeItem]:
    """The numbers of counted licences that differ from the ones in force on a day.

    `through` has the last day from which an approved number holds, which may be yet to come: that is decided already.
    `before` is None where nobody ever stated a number. An item doesn't reach behind the number that it takes over.
    """
    for measure in counted:
        seen = next((each for each in bought if is_licence(measure, each.licence)), None)
        if seen is None:
            continue
        day = max(on, through.get(measure, on))
        steps = [step for step in stated(numbers.get(measure, ()), on).steps if step.on <= day]
        before = steps[-1].quantity if steps else None
        if seen.units != (before or 0):
            effective = max(seen.since, steps[-1].on) if steps else seen.since
            yield ChangeItem("quantity", effective, measure=measure, before=before, after=Decimal(seen.units))


def falls_too_far(
    items: Iterable[ChangeItem], waiting: Iterable[ChangeItem], bought: Iterable[Bought]
) -> Iterator[Trip]:
    """The safety catch for licences: a number that falls to 0, or by more than may leave a roster at once.

    Also one that a single directory no longer has any of. What the pending change says already was let through.
    """
    known = {(item.measure, item.after) for item in waiting}
    vanished = [each.licence for each in bought if each.vanished]
    for item in items:
        if item.measure is None or item.before is None or item.after is None:
            continue
        fall = item.before - item.after
        gone = item.after == 0 or any(is_licence(item.measure, name) for name in vanished)
        too_far = gone or over_limit(fall, item.before, CLOSES_FLOOR, CLOSES_PERCENT)
        if fall > 0 and too_far and (item.measure, item.after) not in known:
            yield Trip(None, int(fall), 0, int(item.before), licence=item.measure.name)
