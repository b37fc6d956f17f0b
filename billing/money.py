"""Money: integer minor units, exact unit prices, and the only two places where an amount loses digits.

Amounts on documents are `int` minor units of a currency. Unit prices and quantities are exact `Decimal`s. Everything
in between is a `Fraction`. This is the only module of `billing` that may divide.
"""

from collections.abc import Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from billing.errors import WrongInput

# ISO 4217, table A.1 (published 2024-06-25): the currencies whose minor unit is not a hundredth.
_UNUSUAL_DIGITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_USUAL_DIGITS = 2
_CODE_LENGTH = 3

# Sums and products of decimals are exact here; the usual context would cut them off at its precision.
_EXACTLY = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


class NotAnAmount(WrongInput):
    """The text is no exact decimal number, or it is finer than the currency's smallest coin."""


@lru_cache(maxsize=256)
def digits_of(currency: str) -> int:
    """How many digits a currency has after the point (ISO 4217: JPY 0, USD 2, KWD 3)."""
    if len(currency) != _CODE_LENGTH or not currency.isascii() or not currency.isupper():
        raise NotAnAmount(f"{currency!r} is not a currency: expected three capital letters, such as USD.")
    return _UNUSUAL_DIGITS.get(currency, _USUAL_DIGITS)


def exact(value: str | int | Decimal) -> Decimal:
    """A finite decimal number, exactly as written. Floats are refused, since they have already lost digits."""
    if type(value) is Decimal and value.is_finite():
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise NotAnAmount(f'{value!r} is not an exact number: write it in quotes, such as "45.00".')
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise NotAnAmount(f'{value!r} is not a number: expected digits with a point, such as "45.00".') from None
    if not number.is_finite():
        raise NotAnAmount(f"{value!r} is not a finite number.")
    return number


def whole(amount_minor: int) -> int:
    """The amount as it is, if it is whole minor units; anything else, a float above all, is refused."""
    if isinstance(amount_minor, bool) or not isinstance(amount_minor, int):
        raise NotAnAmount(f"{amount_minor!r} is not a whole number of minor units.")
    return amount_minor


def rounded(amount: Fraction) -> int:
    """The nearest integer, half away from zero: 2.5 is 3 and -2.5 is -3."""
    return _nearest(amount.numerator, amount.denominator)


def minor_of(amount: Fraction, currency: str) -> int:
    """The one rounding of an amount: exact major units to integer minor units of the currency."""
    return _nearest(amount.numerator * 10 ** digits_of(currency), amount.denominator)


def _nearest(numerator: int, denominator: int) -> int:
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def fraction(number: Decimal) -> Fraction:
    """The number itself, exactly."""
    numerator, denominator = number.as_integer_ratio()
    return Fraction(numerator) if denominator == 1 else Fraction(numerator, denominator)


def plus_product(total: Decimal, quantity: Decimal, unit: Decimal) -> Decimal:
    """`total + quantity x unit`, exactly."""
    return _EXACTLY.fma(quantity, unit, total)


def parse_minor(text: str | int | Decimal, currency: str) -> int:
    """An amount as a person wrote it, in minor units; finer than the currency's digits is refused, not rounded."""
    scaled = Fraction(exact(text)) * 10 ** digits_of(currency)
    if scaled.denominator != 1:
        raise NotAnAmount(f"{text} is finer than {currency} can be paid: at most {digits_of(currency)} digits.")
    return int(scaled)


def text_of(amount_minor: int, currency: str) -> str:
    """The amount as a plain decimal text with the currency's digits: 192500 in USD is "1925.00"."""
    return f"{Decimal(f'{amount_minor}E-{digits_of(currency)}'):f}"


def plain(number: Decimal) -> str:
    """A quantity or rate without an exponent and without trailing zeros: 45, 2.5, 8.25."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def major_of(amount_minor: int, currency: str) -> Fraction:
    """Minor units back to exact major units."""
    return Fraction(amount_minor, 10 ** digits_of(currency))


def quotient(dividend: Fraction, divisor: int) -> Fraction:
    """An exact division, for turning a cycle's amount into a month's."""
    return dividend / divisor


def percent_of(base_minor: int, percent: Decimal) -> int:
    """A percentage of an amount in minor units, rounded once, half away from zero."""
    return rounded(Fraction(percent) * base_minor / 100)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Splits an integer by weights so that the parts add up to it: largest remainder, ties to the first.

    Zero weight gets nothing; negative totals mirror positive ones. Weights are non-negative and not all zero, unless
    the total is zero.
    """
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    whole = sum(weights)
    if total == 0:
        return [0] * len(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("An amount can be split only by non-negative weights that are not all zero.")
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-(total * weights[index] % whole), index))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts
