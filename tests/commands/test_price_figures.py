"""A price taken apart into its amounts, and put together with others."""

from decimal import Decimal

import pytest

from billing.prices import Graduated, Package, PriceMakesNoSense, PriceModel, Tier, Usage, Volume
from commands.price_figures import figures, with_figures
from tests.billing.build import GRADUATED, flat, per_unit

FEES = Volume((Tier(Decimal("4.50"), Decimal("2.5"), Decimal(10)), Tier(Decimal(4))))


def told(price: PriceModel) -> list[tuple[str, str, str, str]]:
    return [(one.kind, f"{one.amount}", f"{one.first}", f"{one.last}") for one in figures(price)]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (flat("250.00"), [("cycle", "250.00", "1", "None")]),
        (per_unit("0.0125"), [("unit", "0.0125", "1", "None")]),
        (Usage(Decimal("0.2")), [("unit", "0.2", "1", "None")]),
        (Package(Decimal(10), Decimal(90)), [("package", "90", "1", "None")]),
        (GRADUATED, [("tier", "45", "1", "25"), ("tier", "40", "26", "50"), ("tier", "35", "51", "None")]),
        (FEES, [("tier", "4.50", "1", "2.5"), ("fee", "10", "1", "2.5"), ("tier", "4", "2.5", "None")]),
    ],
)
def test_a_price_has_a_figure_for_each_of_its_amounts(
    price: PriceModel, expected: list[tuple[str, str, str, str]]
) -> None:
    assert told(price) == expected


@pytest.mark.parametrize(
    "price", [flat("250"), per_unit("3"), Usage(Decimal(2)), Package(Decimal(10), Decimal(90)), GRADUATED, FEES]
)
def test_each_amount_takes_the_place_of_its_figure(price: PriceModel) -> None:
    amounts = [Decimal(1000 + at) for at in range(len(figures(price)))]
    changed = with_figures(price, amounts)
    assert [figure.amount for figure in figures(changed)] == amounts
    assert with_figures(changed, [figure.amount for figure in figures(price)]) == price


def test_a_fee_may_become_nothing() -> None:
    assert with_figures(FEES, [Decimal(5), Decimal(0), Decimal(4)]) == Volume(
        (Tier(Decimal(5), Decimal("2.5")), Tier(Decimal(4)))
    )


def test_a_price_below_nothing_is_refused() -> None:
    with pytest.raises(PriceMakesNoSense, match="unit price can't be negative"):
        with_figures(GRADUATED, [Decimal(45), Decimal(-40), Decimal(35)])


@pytest.mark.parametrize("many", [2, 4])
def test_other_than_one_amount_a_figure_is_a_mistake_of_the_caller(many: int) -> None:
    with pytest.raises(ValueError, match=f"{many} amounts for 3 figures"):
        with_figures(Graduated(GRADUATED.tiers), [Decimal(1)] * many)
