"""A price as the figures that it is made of, in the order in which somebody would be asked for them, and back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from billing.prices import Flat, Graduated, Package, PriceModel, Tier, Volume

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount of a price, in major units: of a cycle, of a unit, of a package of `size`, or of a tier.

    A tier is from `first` units up to `last` (None: without end); a `fee` is what it costs to enter it.
    """

    kind: Literal["cycle", "unit", "package", "tier", "fee"]
    amount: Decimal
    first: Decimal = _ONE
    last: Decimal | None = None
    size: Decimal = _ONE


def figures(price: PriceModel) -> tuple[Figure, ...]:
    """Every figure of a price; a tier has a fee where it isn't 0."""
    match price:
        case Flat():
            return (Figure("cycle", price.fixed),)
        case Package():
            return (Figure("package", price.price, size=price.size),)
        case Graduated() | Volume():
            starts = [Decimal(0), *(tier.up_to or Decimal(0) for tier in price.tiers[:-1])]
            return tuple(
                figure for tier, start in zip(price.tiers, starts, strict=True) for figure in _tier(tier, start)
            )
        case _:
            return (Figure("unit", price.unit),)


def with_figures(price: PriceModel, amounts: Sequence[Decimal]) -> PriceModel:
    """The price with other amounts, one for each of its figures.

    Raises:
        PriceMakesNoSense: one of them is negative.
        ValueError: there are more or fewer of them than figures.

    """
    given = iter(amounts)
    if len(amounts) != len(figures(price)):
        raise ValueError(f"{len(amounts)} amounts for {len(figures(price))} figures")
    match price:
        case Flat():
            return replace(price, fixed=next(given))
        case Package():
            return replace(price, price=next(given))
        case Graduated() | Volume():
            tiers = (
                replace(tier, unit=next(given), flat=next(given) if tier.flat else tier.flat) for tier in price.tiers
            )
            return replace(price, tiers=tuple(tiers))
        case _:
            return replace(price, unit=next(given))


def _tier(tier: Tier, start: Decimal) -> Iterator[Figure]:
    first = start + _ONE if start == start.to_integral_value() else start
    yield Figure("tier", tier.unit, first, tier.up_to)
    if tier.flat:
        yield Figure("fee", tier.flat, first, tier.up_to)
