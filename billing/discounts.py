"""Discounts: a percentage of what its scope costs in a period, or an amount a cycle; never more than there is."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing.calendar import Period
from billing.dated import Dated
from billing.errors import WrongInput
from billing.money import exact, major_of, minor_of, share, whole

_WHOLE = 100


class DiscountMakesNoSense(WrongInput):
    """A discount that is negative, over 100 %, or both a percentage and an amount."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """Either `percent` of the scope, or `amount_minor` a whole cycle in minor units."""

    percent: Decimal | None = None
    amount_minor: int | None = None

    def __post_init__(self) -> None:
        """Refuses both or neither, and what is negative or more than everything."""
        if (self.percent is None) == (self.amount_minor is None):
            raise DiscountMakesNoSense("A discount is either a percentage or an amount: give one of them.")
        if self.percent is not None and not 0 <= exact(self.percent) <= _WHOLE:
            raise DiscountMakesNoSense(f"A discount of {self.percent} % is none: expected 0 to 100.")
        if self.amount_minor is not None and whole(self.amount_minor) < 0:
            raise DiscountMakesNoSense("A discount can't be negative; what is added to a bill is a line or a one-off.")


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount over an agreement's lines, or those of one vendor; None is the days on which there is none."""

    name: str
    reductions: Dated[Reduction | None]
    vendor: str | None = None


def discounted(
    reductions: Dated[Reduction | None], covered: Period, cycle: Period, base_minor: int, left_minor: int, currency: str
) -> int:
    """What is taken off in a period, in minor units, at most what earlier discounts left; rounded once.

    `base_minor` is the sum of the rounded amounts in the discount's scope. A percentage that isn't in force on every
    covered day counts by its share of them, an amount by its days of the whole cycle.
    """
    off = Fraction(0)
    for days, reduction in reductions.cut(covered):
        if reduction is None:
            continue
        if reduction.percent is not None:
            percentage = Fraction(reduction.percent) * share(days.days, _WHOLE * covered.days)
            off += percentage * major_of(base_minor, currency)
        elif reduction.amount_minor is not None:
            off += major_of(reduction.amount_minor, currency) * share(days.days, cycle.days)
    return max(min(minor_of(off, currency), base_minor, left_minor), 0)
