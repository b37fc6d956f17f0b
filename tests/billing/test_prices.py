"""Price models: what a quantity costs for one whole cycle."""

from decimal import Decimal
from fractions import Fraction

import pytest

from billing.prices import (
    Flat,
    Graduated,
    Package,
    Part,
    PerUnit,
    PriceMakesNoSense,
    PriceModel,
    Tier,
    Usage,
    Volume,
    added,
)
from tests.billing.build import GRADUATED, TABLE, VOLUME, flat, per_unit, tiers

FEES = (
    Tier(Decimal(5), Decimal(10), flat=Decimal(100)),
    Tier(Decimal(4), Decimal(20), flat=Decimal(50)),
    Tier(Decimal(3), flat=Decimal(10)),
)


@pytest.mark.parametrize(
    ("price", "quantity", "amount"),
    [
        (flat("10000"), "0", "10000"),
        (flat("10000"), "45", "10000"),
        (per_unit("75"), "0", "0"),
        (per_unit("75"), "22", "1650"),
        (per_unit("0.00123"), "1000", "1.23"),
        (per_unit("26.40"), "2.5", "66"),
        (GRADUATED, "0", "0"),
        (GRADUATED, "1", "45"),
        (GRADUATED, "25", "1125"),
        (GRADUATED, "26", "1165"),
        (GRADUATED, "42", "1805"),
        (GRADUATED, "45", "1925"),
        (GRADUATED, "50", "2125"),
        (GRADUATED, "51", "2160"),
        (GRADUATED, "25.5", "1145"),
        (VOLUME, "0", "0"),
        (VOLUME, "24", "1080"),
        (VOLUME, "25", "1125"),
        (VOLUME, "26", "1040"),
        (VOLUME, "50", "2000"),
        (VOLUME, "51", "1785"),
        (VOLUME, "25.5", "1020"),
        (Graduated(FEES), "0", "0"),
        (Graduated(FEES), "1", "105"),
        (Graduated(FEES), "10", "150"),
        (Graduated(FEES), "11", "204"),
        (Graduated(FEES), "21", "253"),
        (Volume(FEES), "0", "0"),
        (Volume(FEES), "10", "150"),
        (Volume(FEES), "11", "94"),
        (Volume(FEES), "21", "73"),
        (Package(Decimal(10), Decimal(5)), "0", "0"),
        (Package(Decimal(10), Decimal(5)), "0.1", "5"),
        (Package(Decimal(10), Decimal(5)), "10", "5"),
        (Package(Decimal(10), Decimal(5)), "10.01", "10"),
        (Package(Decimal(10), Decimal(5)), "30", "15"),
        (Package(Decimal("2.5"), Decimal(1)), "7.5", "3"),
        (Usage(Decimal("0.015")), "233", "3.495"),
        (Usage(Decimal("0.015")), "0", "0"),
    ],
)
def test_the_amount_of_a_quantity(price: PriceModel, quantity: str, amount: str) -> None:
    assert price.amount(Decimal(quantity)) == Fraction(amount)


def test_the_parts_of_a_graduated_price_say_tier_by_tier_how_it_came_about() -> None:
    assert list(GRADUATED.parts(Decimal(42))) == [Part(Decimal(25), Decimal(45)), Part(Decimal(17), Decimal(40))]


def test_the_part_of_a_volume_price_is_the_whole_quantity_at_the_tier_reached() -> None:
    assert list(VOLUME.parts(Decimal(26))) == [Part(Decimal(26), Decimal(40))]


def test_a_flat_price_has_one_part_without_units() -> None:
    assert list(flat("99").parts(Decimal(7))) == [Part(Decimal(0), Decimal(0), Decimal(99))]


def test_a_fee_is_part_of_the_tier_that_was_entered() -> None:
    assert [part.fixed for part in Graduated(FEES).parts(Decimal(11))] == [100, 50]


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ((), r"^Tiers are missing: write at least one\.$"),
        (tiers(("25", "45")), r"^The last tier ends at 25: leave out its up_to"),
        (tiers(("25", "45"), ("25", "40"), (None, "35")), r"^Tiers overlap at 25:"),
        (tiers(("25", "45"), ("20", "40"), (None, "35")), r"^Tiers overlap at 20:"),
        (tiers(("25", "45"), ("30", "40"), ("30", "38"), (None, "35")), r"^Tiers overlap at 30:"),
        (tiers((None, "45"), (None, "35")), r"^Only the last tier may be without up_to\.$"),
    ],
)
@pytest.mark.parametrize("model", [Graduated, Volume])
def test_tiers_that_overlap_fall_or_leave_a_gap_are_refused(
    model: type[Graduated | Volume], steps: tuple[Tier, ...], sentence: str
) -> None:
    with pytest.raises(PriceMakesNoSense, match=sentence):
        model(steps)


def test_a_tier_that_ends_at_nothing_is_refused() -> None:
    with pytest.raises(PriceMakesNoSense, match="ends above 0, not at 0"):
        Tier(Decimal(45), Decimal(0))


def test_a_tier_may_end_at_the_first_unit() -> None:
    assert Graduated(tiers(("1", "45"), (None, "35"))).amount(Decimal(3)) == 45 + 2 * 35


@pytest.mark.parametrize(
    ("size", "price", "sentence"),
    [
        ("0", "5", r"^A package holds more than 0 units\.$"),
        ("-1", "5", r"^The size of a package can't be negative \(-1\)"),
        ("NaN", "5", r"^The size of a package must be a finite number, not NaN\.$"),
        ("10", "-5", r"^The price of a package can't be negative \(-5\)"),
    ],
)
def test_a_package_of_nothing_and_a_negative_one_are_refused(size: str, price: str, sentence: str) -> None:
    with pytest.raises(PriceMakesNoSense, match=sentence):
        Package(Decimal(size), Decimal(price))


def test_the_part_of_a_package_price_is_counted_in_packages() -> None:
    (part,) = Package(Decimal(10), Decimal(5)).parts(Decimal(21))
    assert (part, added((part,))) == (Part(Decimal(3), Decimal(5), size=Decimal(10)), Fraction(15))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("-0.01", r"can't be negative \(-0\.01\); a reduction is a one-off or a discount\.$"),
        ("NaN", r"must be a finite number, not NaN\.$"),
        ("Infinity", r"must be a finite number, not Infinity\.$"),
    ],
)
def test_a_price_that_is_negative_or_not_finite_is_refused(value: str, told: str) -> None:
    price = Decimal(value)
    with pytest.raises(PriceMakesNoSense, match=f"^A flat amount {told}"):
        Flat(price)
    with pytest.raises(PriceMakesNoSense, match=f"^A unit price {told}"):
        PerUnit(price)
    with pytest.raises(PriceMakesNoSense, match=f"^A tier's unit price {told}"):
        Tier(price)
    with pytest.raises(PriceMakesNoSense, match=f"^A tier's flat fee {told}"):
        Tier(Decimal(1), flat=price)


def test_a_float_as_a_price_is_refused() -> None:
    with pytest.raises(PriceMakesNoSense, match=r"^A unit price must be an exact decimal, not 45\.0\.$"):
        PerUnit(45.0)  # type: ignore[arg-type]  # What a caller without types could pass is the point.


def test_the_last_tier_has_no_end() -> None:
    assert TABLE[-1].up_to is None
    assert GRADUATED.amount(Decimal(10**9)) == 25 * 45 + 25 * 40 + (10**9 - 50) * 35
