"""Which tax falls on which part of an amount, and the taxes of a document, each rounded once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.calendar import Dated, always
from billing.errors import WrongInput
from billing.money import allocate, exact, percent_of


class RateMakesNoSense(WrongInput):
    """A rate below 0."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One named tax, in percent."""

    name: str
    percent: Decimal

    def __post_init__(self) -> None:
        """Refuses a negative rate."""
        if exact(self.percent) < 0:
            raise RateMakesNoSense(f"The rate of {self.name} can't be negative ({self.percent}).")


@dataclass(frozen=True, slots=True)
class TaxCategory:
    """The taxes due on a category, or the reason why none is due (exempt, reverse charge)."""

    rates: Dated[tuple[TaxRate, ...]]
    reason: str | None = None


UNTAXED = TaxCategory(always(()))


@dataclass(frozen=True, slots=True)
class TaxShare:
    """The part of an amount, in minor units, on which one category's rates fall."""

    category: str
    rates: tuple[TaxRate, ...]
    amount_minor: int


def differences(owed: Sequence[TaxShare], billed: Iterable[TaxShare]) -> tuple[TaxShare, ...]:
    """What is owed less what was billed, in the order of issue: category by category, nothing where they are equal.

    What is taken back is taxed as it was billed, the last rates first; what is added is taxed as it is owed. Where an
    amount goes over to another category, one share gives back and another adds, and together they may be nothing. What
    was billed without a word of its tax, such as elsewhere, counts as taxed as it is owed.
    """
    before = _still_billed(billed, owed[0])
    found = []
    for category in dict.fromkeys(share.category for share in (*owed, *before)):
        mine = [share for share in owed if share.category == category]
        there = [share for share in before if share.category == category]
        left_minor = sum_minor(mine) - sum_minor(there)
        for share in there:
            part_minor = -_common(share.amount_minor, -left_minor)
            if part_minor:
                # What gives nothing back has no place among the parts: their order says what is taken back first.
                found.append(TaxShare(category, share.rates, part_minor))
                left_minor -= part_minor
        # Where nothing is owed, all that was billed has been taken back by now, and nothing is left to be split.
        parts = allocate(left_minor, [abs(share.amount_minor) for share in mine])
        found += [TaxShare(category, share.rates, part) for share, part in zip(mine, parts, strict=True)]
    return tuple(_together(found))


def sum_minor(shares: Iterable[TaxShare]) -> int:
    """What the parts come to together."""
    return sum(share.amount_minor for share in shares)


def _common(one_minor: int, other_minor: int) -> int:
    """The smaller of two amounts of one sign; nothing where their signs differ."""
    return max(min(one_minor, other_minor), 0) or min(max(one_minor, other_minor), 0)


def _still_billed(billed: Iterable[TaxShare], plain: TaxShare) -> list[TaxShare]:
    """What is left of everything billed, by category and rates, the latest first."""
    left: dict[tuple[str, tuple[TaxRate, ...]], int] = {}
    for share in billed:
        key = (share.category, share.rates) if share.category else (plain.category, plain.rates)
        left[key] = left.pop(key, 0) + share.amount_minor
    return [TaxShare(*kind, amount_minor) for kind, amount_minor in reversed(left.items())]


def _together(shares: Iterable[TaxShare]) -> Iterator[TaxShare]:
    sums = Counter[tuple[str, tuple[TaxRate, ...]]]()
    for share in shares:
        sums[share.category, share.rates] += share.amount_minor
    return (TaxShare(*kind, amount_minor) for kind, amount_minor in sums.items() if amount_minor)


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One named tax on everything of one category and rate on a document, rounded once."""

    category: str
    name: str
    percent: Decimal
    base_minor: int
    amount_minor: int


def tax_totals(shares: Iterable[TaxShare]) -> tuple[TaxTotal, ...]:
    """Each named tax on the sum of its category at its rate, rounded once."""
    bases = Counter[tuple[str, TaxRate]]()
    for share in shares:
        for rate in share.rates:
            bases[share.category, rate] += share.amount_minor
    return tuple(
        TaxTotal(category, rate.name, rate.percent, base_minor, percent_of(base_minor, rate.percent))
        for (category, rate), base_minor in bases.items()
    )
