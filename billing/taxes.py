"""Which tax falls on which part of an amount, and the taxes of a document, each rounded once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.agreement import TaxRate
from billing.money import allocate, percent_of


@dataclass(frozen=True, slots=True)
class TaxShare:
    """The part of an amount, in minor units, on which one category's rates fall."""

    category: str
    rates: tuple[TaxRate, ...]
    amount_minor: int


def shares_of(amount_minor: int, owed: Sequence[TaxShare], billed: Iterable[TaxShare]) -> tuple[TaxShare, ...]:
    """The tax shares of a difference between what is owed and what was billed; they add up to it.

    What is taken back is taxed as it was billed, the last rates first; what is added, as it is owed. `billed` is in the
    order of issue.
    """
    taken: list[TaxShare] = []
    left_minor = amount_minor
    for share in _still_billed(billed):
        if share.amount_minor * left_minor >= 0:
            continue
        size = min(abs(share.amount_minor), abs(left_minor))
        part_minor = size if left_minor > 0 else -size
        taken.append(TaxShare(share.category, share.rates, part_minor))
        left_minor -= part_minor
    if left_minor:
        weights = [abs(share.amount_minor) for share in owed]
        parts = allocate(left_minor, weights if any(weights) else [1, *[0] * (len(owed) - 1)])
        taken += [TaxShare(share.category, share.rates, part) for share, part in zip(owed, parts, strict=True)]
    return tuple(_together(taken))


def _still_billed(billed: Iterable[TaxShare]) -> list[TaxShare]:
    """What is left of everything billed, by category and rates, the latest first."""
    left: dict[tuple[str, tuple[TaxRate, ...]], int] = {}
    for share in billed:
        if share.category:
            key = (share.category, share.rates)
            left[key] = left.pop(key, 0) + share.amount_minor
    return [TaxShare(category, rates, amount) for (category, rates), amount in reversed(left.items())]


def _together(shares: Iterable[TaxShare]) -> Iterator[TaxShare]:
    sums: dict[tuple[str, tuple[TaxRate, ...]], int] = {}
    for share in shares:
        key = (share.category, share.rates)
        sums[key] = sums.get(key, 0) + share.amount_minor
    for (category, rates), amount_minor in sums.items():
        if amount_minor:
            yield TaxShare(category, rates, amount_minor)


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
    bases: dict[tuple[str, TaxRate], int] = {}
    for share in shares:
        for rate in share.rates:
            bases[share.category, rate] = bases.get((share.category, rate), 0) + share.amount_minor
    return tuple(
        TaxTotal(category, rate.name, rate.percent, base_minor, percent_of(base_minor, rate.percent))
        for (category, rate), base_minor in bases.items()
    )
