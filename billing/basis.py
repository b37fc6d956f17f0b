"""What an amount rests on beside its segments: facts for whoever explains it, from which nothing is reckoned again."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.calendar import Period
from billing.counting import Counting
from billing.discounts import Reduction


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which so many were wanted, and so many in force once a commitment has held back decreases."""

    period: Period
    wanted: Decimal
    in_force: Decimal


@dataclass(frozen=True, slots=True)
class Counted:
    """A line that doesn't simply count each day's own number: the rule, and the numbers before it."""

    counting: Counting
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Metered:
    """How many readings were added up, and the days of the first and the last (None: there was none)."""

    readings: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class TakenOff:
    """A discount: the texts and the sum of what is in its scope, what earlier discounts left of that, and the terms."""

    scope: tuple[str, ...]
    base_minor: int
    left_minor: int
    terms: tuple[tuple[Period, Reduction], ...]


@dataclass(frozen=True, slots=True)
class ToppedUp:
    """A minimum amount: what counts towards it, and the minimum of a cycle on which days."""

    net_minor: int
    terms: tuple[tuple[Period, int], ...]


Basis = Counted | Metered | TakenOff | ToppedUp
