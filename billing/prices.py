"""Price models: what a quantity costs for one whole cycle.

One protocol, `amount(quantity) -> Fraction` in major units. `parts` says how the amount comes about, tier by tier.
Quantity 0 costs nothing except under a flat price.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal, Protocol

from billing.errors import WrongInput
from billing.money import fraction, plus_product

_ONE = Decimal(1)


class PriceMakesNoSense(WrongInput):
    """A price that is negative, or tiers that overlap, fall or leave a gap."""


@dataclass(frozen=True, slots=True)
class Part:
    """So many units at a unit price, and a fixed amount where the tier or the model has one.

    `size` is how much one unit holds where the units are packages.
    """

    quantity: Decimal
    unit: Decimal
    fixed: Decimal = Decimal(0)
    size: Decimal | None = None


def added(parts: Iterable[Part]) -> Fraction:
    """What the parts cost together, in major units."""
    cost = Decimal(0)
    for part in parts:
        cost = plus_product(cost, part.quantity, part.unit)
        if part.fixed:
            cost = plus_product(cost, part.fixed, _ONE)
    return fraction(cost)


class Price(Protocol):
    """What every model can do."""

    __slots__ = ()

    def amount(self, quantity: Decimal) -> Fraction:
        """The price of the quantity for one whole cycle, in major units."""
        return added(self.parts(quantity))

    def parts(self, quantity: Decimal) -> tuple[Part, ...]:
        """How that amount comes about."""
        ...


def _not_negative(what: str, value: Decimal) -> None:
    if not isinstance(value, Decimal):
        raise PriceMakesNoSense(f"{what} must be an exact decimal, not {value!r}.")
    if not value.is_finite():
        raise PriceMakesNoSense(f"{what} must be a finite number, not {value}.")
    if value < 0:
        raise PriceMakesNoSense(f"{what} can't be negative ({value}); a reduction is a one-off or a discount.")


@dataclass(frozen=True, slots=True)
class Flat(Price):
    """One amount a cycle, whatever the quantity."""

    fixed: Decimal
    model: Literal["flat"] = "flat"

    def __post_init__(self) -> None:
        """Refuses a negative amount."""
        _not_negative("A flat amount", self.fixed)

    def parts(self, quantity: Decimal) -> tuple[Part, ...]:
        """One part without units."""
        return (Part(Decimal(0), Decimal(0), self.fixed),)


@dataclass(frozen=True, slots=True)
class _ByTheUnit(Price):
    """A price that is the same for every unit."""

    unit: Decimal

    def __post_init__(self) -> None:
        """Refuses a negative unit price."""
        _not_negative("A unit price", self.unit)

    def parts(self, quantity: Decimal) -> tuple[Part, ...]:
        """One part."""
        return (Part(quantity, self.unit),)


@dataclass(frozen=True, slots=True)
class PerUnit(_ByTheUnit):
    """Every unit costs the same."""

    model: Literal["per_unit"] = "per_unit"


@dataclass(frozen=True, slots=True)
class Usage(_ByTheUnit):
    """What a meter has read is priced by the unit; the readings of a period are added up before."""

    model: Literal["usage"] = "usage"


@dataclass(frozen=True, slots=True)
class Tier:
    """A unit price up to and including a quantity (None: without end), with a fee once the tier is entered."""

    unit: Decimal
    up_to: Decimal | None = None
    flat: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuses negative prices and a tier that ends at nothing."""
        _not_negative("A tier's unit price", self.unit)
        _not_negative("A tier's flat fee", self.flat)
        if self.up_to is not None and self.up_to <= 0:
            raise PriceMakesNoSense(f"A tier ends above 0, not at {self.up_to}.")


@dataclass(frozen=True, slots=True)
class _Tiered(Price):
    """A price by tiers, which leave no quantity without a price."""

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        """Refuses tiers that overlap or leave a quantity without a price."""
        if not self.tiers:
            raise PriceMakesNoSense("Tiers are missing: write at least one.")
        if self.tiers[-1].up_to is not None:
            raise PriceMakesNoSense(
                f"The last tier ends at {self.tiers[-1].up_to}: leave out its up_to, so that none is unpriced."
            )
        ends = [tier.up_to for tier in self.tiers[:-1] if tier.up_to is not None]
        if len(ends) < len(self.tiers) - 1:
            raise PriceMakesNoSense("Only the last tier may be without up_to.")
        overlap = next((after for before, after in pairwise(ends) if after <= before), None)
        if overlap is not None:
            raise PriceMakesNoSense(f"Tiers overlap at {overlap}: each up_to must be above the one before.")


@dataclass(frozen=True, slots=True)
class Graduated(_Tiered):
    """Each tier prices the units that fall into it."""

    model: Literal["graduated"] = "graduated"

    def parts(self, quantity: Decimal) -> tuple[Part, ...]:
        """One part for each tier that was entered."""
        parts, below = [], Decimal(0)
        for tier in self.tiers:
            if quantity <= below:
                break
            top = quantity if tier.up_to is None else min(quantity, tier.up_to)
            parts.append(Part(top - below, tier.unit, tier.flat))
            below = top
        return tuple(parts)


@dataclass(frozen=True, slots=True)
class Volume(_Tiered):
    """The whole quantity is priced at the tier it reaches, so more can cost less."""

    model: Literal["volume"] = "volume"

    def parts(self, quantity: Decimal) -> tuple[Part, ...]:
        """One part at the reached tier."""
        if quantity == 0:
            return ()
        reached = next(tier for tier in self.tiers if tier.up_to is None or quantity <= tier.up_to)
        return (Part(quantity, reached.unit, reached.flat),)


@dataclass(frozen=True, slots=True)
class Package(Price):
    """Units come in packages: a started one counts whole."""

    size: Decimal
    price: Decimal
    model: Literal["package"] = "package"

    def __post_init__(self) -> None:
        """Refuses a package of nothing and a negative price."""
        _not_negative("The price of a package", self.price)
        _not_negative("The size of a package", self.size)
        if self.size == 0:
            raise PriceMakesNoSense("A package holds more than 0 units.")

    def parts(self, quantity: Decimal) -> tuple[Part, ...]:
        """One part, counted in packages."""
        return (Part(self._started(quantity), self.price, size=self.size),)

    def _started(self, quantity: Decimal) -> Decimal:
        whole, rest = divmod(Fraction(quantity), Fraction(self.size))
        return Decimal(whole + (rest > 0))


PriceModel = Flat | PerUnit | Graduated | Volume | Package | Usage
