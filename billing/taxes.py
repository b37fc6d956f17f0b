"""Which tax falls on which part of an amount, and the taxes of a document, each rounded once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    What is taken back is taxed as it was billed: first in the categories in which more was billed than is owed, and the
    last rates first. What is added is taxed as it is owed. `billed` is in the order of issue.
    """
    there = _still_billed(billed)
    if not there and amount_minor == sum(share.amount_minor for share in owed):
        return tuple(_together(owed))
    surplus = Counter[str]()
    for share in there:
        surplus[share.category] += share.amount_minor
    for share in owed:
        surplus[share.category] -= share.amount_minor
    taken: list[TaxShare] = []
    left_minor = amount_minor
    for most_minor in (dict(surplus), {share.category: -amount_minor for share in there}):
        for place, share in enumerate(there):
            part_minor = -_common(share.amount_minor, most_minor[share.category], -left_minor)
            taken.append(TaxShare(share.category, share.rates, part_minor))
            there[place] = TaxShare(share.category, share.rates, share.amount_minor + part_minor)
            most_minor[share.category] += part_minor
            left_minor -= part_minor
    return tuple(_together([*taken, *_added(left_minor, owed, surplus)]))


def _common(*amounts_minor: int) -> int:
    """The smallest of some amounts of one sign; nothing where their signs differ."""
    return max(min(amounts_minor), 0) or min(max(amounts_minor), 0)


def _added(left_minor: int, owed: Sequence[TaxShare], surplus: Mapping[str, int]) -> Iterator[TaxShare]:
    """What is added, in the categories in which less was billed than is owed; where there is none, in all of them."""
    mine: dict[str, list[TaxShare]] = {}
    for share in owed:
        mine.setdefault(share.category, []).append(share)
    lacking = [abs(_common(-surplus[category], left_minor)) for category in mine]
    sizes = [abs(sum(share.amount_minor for share in shares)) for shares in mine.values()]
    for part_minor, shares in zip(_split(left_minor, lacking if any(lacking) else sizes), mine.values(), strict=True):
        parts = _split(part_minor, [abs(share.amount_minor) for share in shares])
        yield from (TaxShare(one.category, one.rates, part) for one, part in zip(shares, parts, strict=True))


def _split(total_minor: int, weights: list[int]) -> list[int]:
    return allocate(total_minor, weights if any(weights) else [1, *[0] * (len(weights) - 1)])


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
