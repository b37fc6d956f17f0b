"""The safety catch: a directory reading that would move too many seats at once proposes nothing.

Limits as in the accidental-deletion guards of Entra Connect and Okta: an absolute floor for small clients, a share for
large ones, counted before anything is written.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from rosters.changes import ChangeItem, Items

CLOSES_FLOOR, CLOSES_PERCENT = 3, 10
OPENS_FLOOR, OPENS_PERCENT = 5, 25
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Trip:
    """Why the catch closed: on which roster, how many of how many seats would close or open.

    For a licence, how many of how many units would go.
    """

    roster: str | None
    closes: int
    opens: int
    open_seats: int
    licence: str | None = None


def too_many(
    items: Iterable[ChangeItem], open_seats: Mapping[str, int], first_counts: AbstractSet[str], accounts_seen: int
) -> tuple[Trip, ...]:
    """The rosters on which the newly seen items exceed the limits; also a directory that shows nobody at all.

    `first_counts` are the rosters on which no seat was ever opened: they are exempt from the limit on growth.
    """
    if accounts_seen == 0:
        return (Trip(None, sum(open_seats.values()), 0, sum(open_seats.values())),)
    closes: dict[str, int] = {}
    opens: dict[str, int] = {}
    for item, run in Items.of(items).alike:
        if item.roster is not None:
            counter = closes if item.kind == "leave" else opens
            counter[item.roster] = counter.get(item.roster, 0) + len(run)
    trips = []
    for roster in sorted({*closes, *opens}):
        seats, closing, opening = open_seats.get(roster, 0), closes.get(roster, 0), opens.get(roster, 0)
        falls = over_limit(closing, seats, CLOSES_FLOOR, CLOSES_PERCENT)
        grows = roster not in first_counts and over_limit(opening, seats, OPENS_FLOOR, OPENS_PERCENT)
        if falls or grows:
            trips.append(Trip(roster, closing, opening, seats))
    return tuple(trips)


def over_limit(count: int | Decimal, of: int | Decimal, floor: int, percent: int) -> bool:
    """Whether a count is more than max(floor, percent of `of`)."""
    return count > floor and count * _WHOLE > of * percent
