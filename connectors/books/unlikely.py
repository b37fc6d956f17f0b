"""Figures so high that hardly anybody means them: they need to say that they are meant."""

from decimal import Decimal

from billing.errors import WrongInput
from billing.prices import Flat, Graduated, Package, PerUnit, PriceModel, Usage, Volume

UNLIKELY = Decimal(10**9)
"""From this figure on."""


class PriceIsUnlikely(WrongInput):
    """A figure so high that it is more likely a slip of the keyboard."""


def refuse_unlikely(what: str, figure: Decimal, *, confirmed: bool | None, within: str | None = None) -> None:
    """Refuses a figure that nobody has confirmed and hardly anybody means; it may stand `within` what is confirmed."""
    if abs(figure) >= UNLIKELY and not confirmed:
        raise PriceIsUnlikely(slip(what, f"{figure:f}", within))


def slip(what: str, figure: str, within: str | None = None) -> str:
    """What is said of a figure that hardly anybody means."""
    return (
        f"{'An' if what == 'amount' else 'A'} {what} of {figure} looks like a slip of the keyboard; "
        f"correct it, or add confirmed: true to the {within or what} if it is meant."
    )


def highest_quantity(price: PriceModel) -> Decimal:
    """The largest number of units that a price names: the end of a tier, or what is in a package; 0 for none."""
    match price:
        case Package():
            return price.size
        case Graduated() | Volume():
            return max(tier.up_to or Decimal(0) for tier in price.tiers)
        case _:
            return Decimal(0)


def highest_figure(price: PriceModel) -> Decimal:
    """The largest amount of money that a price names, by which a slip of the finger is recognised."""
    match price:
        case Flat():
            return price.fixed
        case PerUnit() | Usage():
            return price.unit
        case Package():
            return price.price
        case Graduated() | Volume():
            return max(max(tier.unit, tier.flat) for tier in price.tiers)
