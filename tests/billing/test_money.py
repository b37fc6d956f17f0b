"""Money: exact in, one rounding out."""

from decimal import Decimal
from fractions import Fraction

import pytest

from billing import money
from billing.money import NotAnAmount


@pytest.mark.parametrize(
    ("amount", "whole"),
    [("2.5", 3), ("-2.5", -3), ("2.4999", 2), ("-2.4999", -2), ("0.5", 1), ("-0.5", -1), ("0", 0), ("3.5", 4)],
)
def test_a_half_is_rounded_away_from_zero(amount: str, whole: int) -> None:
    assert money.rounded(Fraction(amount)) == whole


@pytest.mark.parametrize(
    ("currency", "amount_minor"), [("USD", 1235), ("JPY", 12), ("KWD", 12346), ("CLF", 123457), ("EUR", 1235)]
)
def test_an_amount_is_rounded_to_the_digits_of_its_currency(currency: str, amount_minor: int) -> None:
    assert money.minor_of(Fraction("12.34567"), currency) == amount_minor


@pytest.mark.parametrize("currency", ["usd", "US", "USDT", "ÜSD", ""])
def test_a_currency_that_is_no_code_is_refused(currency: str) -> None:
    with pytest.raises(NotAnAmount, match="three capital letters"):
        money.digits_of(currency)


@pytest.mark.parametrize("value", ["45,00", "", "forty"])
def test_a_text_that_is_no_number_is_refused_with_how_one_is_written(value: str) -> None:
    with pytest.raises(NotAnAmount, match="is not a number: expected digits with a point"):
        money.exact(value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_not_finite_is_refused(value: str) -> None:
    with pytest.raises(NotAnAmount, match="is not a finite number"):
        money.exact(value)


@pytest.mark.parametrize("value", [45.0, True, "45", None])
def test_only_an_integer_is_an_amount_in_minor_units(value: object) -> None:
    with pytest.raises(NotAnAmount, match="is not a whole number of minor units"):
        money.whole(value)  # type: ignore[arg-type]  # What a caller without types could pass is the point.


@pytest.mark.parametrize("value", [45.0, True, None])
def test_a_float_is_refused_since_it_has_lost_digits_already(value: object) -> None:
    with pytest.raises(NotAnAmount, match="in quotes"):
        money.exact(value)  # type: ignore[arg-type]  # What a caller without types could pass is the point.


@pytest.mark.parametrize(
    ("text", "currency", "amount_minor"),
    [("45.00", "USD", 4500), ("-25", "USD", -2500), ("45", "JPY", 45), ("1.005", "KWD", 1005), ("45.000", "USD", 4500)],
)
def test_a_written_amount_is_read_to_the_minor_unit(text: str, currency: str, amount_minor: int) -> None:
    assert money.parse_minor(text, currency) == amount_minor


@pytest.mark.parametrize(("text", "currency"), [("45.001", "USD"), ("0.5", "JPY"), ("1.0005", "KWD")])
def test_an_amount_finer_than_the_smallest_coin_is_refused_not_rounded(text: str, currency: str) -> None:
    with pytest.raises(NotAnAmount, match="finer than"):
        money.parse_minor(text, currency)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [(192500, "USD", "1925.00"), (-5, "USD", "-0.05"), (0, "USD", "0.00"), (45, "JPY", "45"), (1005, "KWD", "1.005")],
)
def test_an_amount_is_written_with_the_digits_of_its_currency(amount_minor: int, currency: str, text: str) -> None:
    assert money.text_of(amount_minor, currency) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [("45", "45"), ("45.0", "45"), ("45.50", "45.5"), ("8.2500", "8.25"), ("100", "100"), ("1E+2", "100"), ("0", "0")],
)
def test_a_quantity_is_written_without_exponent_and_needless_zeros(number: str, text: str) -> None:
    assert money.plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("base_minor", "percent", "tax_minor"),
    [(200500, "8.25", 16541), (-200500, "8.25", -16541), (10, "5", 1), (-10, "5", -1), (9, "5", 0), (100, "0", 0)],
)
def test_a_percentage_is_rounded_once_half_away_from_zero(base_minor: int, percent: str, tax_minor: int) -> None:
    assert money.percent_of(base_minor, Decimal(percent)) == tax_minor


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [1, 2], [0, 1]),
        (10, [0, 5, 0], [0, 10, 0]),
        (5, [50, 30, 20], [3, 1, 1]),
        (0, [0, 0], [0, 0]),
    ],
)
def test_an_amount_is_split_by_largest_remainder_ties_to_the_first(
    total: int, weights: list[int], parts: list[int]
) -> None:
    assert money.allocate(total, weights) == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_an_amount_can_not_be_split_by_nothing_or_by_less(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"^An amount can be split only by non-negative weights"):
        money.allocate(1, weights)


def test_an_amount_of_any_length_keeps_every_digit() -> None:
    text = "123456789012345678901234567890123456.78"
    assert money.text_of(money.parse_minor(text, "USD"), "USD") == text


def test_minor_units_and_major_units_are_the_same_amount() -> None:
    assert money.minor_of(money.major_of(123456, "KWD"), "KWD") == 123456
