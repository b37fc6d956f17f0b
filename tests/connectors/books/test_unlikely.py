"""Figures so high that hardly anybody means them."""

from decimal import Decimal

import pytest

from billing.prices import Package, PriceModel, Tier, Usage, Volume
from connectors.books.unlikely import highest_figure, highest_quantity
from tests.billing.build import GRADUATED, flat, per_unit

FEES = (Tier(Decimal(5), Decimal(10), flat=Decimal(100)), Tier(Decimal(3), flat=Decimal(10)))


@pytest.mark.parametrize(
    ("price", "figure"),
    [
        (flat("99"), "99"),
        (per_unit("45"), "45"),
        (Usage(Decimal("0.5")), "0.5"),
        (Package(Decimal(1000), Decimal(7)), "7"),
        (GRADUATED, "45"),
        (Volume(FEES), "100"),
    ],
)
def test_the_highest_figure_of_a_price_is_the_most_money_that_it_names(price: PriceModel, figure: str) -> None:
    assert highest_figure(price) == Decimal(figure)


@pytest.mark.parametrize(
    ("price", "quantity"),
    [(flat("99"), "0"), (per_unit("45"), "0"), (Package(Decimal(1000), Decimal(7)), "1000"), (Volume(FEES), "10")],
)
def test_the_highest_quantity_of_a_price_is_the_most_units_that_it_names(price: PriceModel, quantity: str) -> None:
    assert highest_quantity(price) == Decimal(quantity)
