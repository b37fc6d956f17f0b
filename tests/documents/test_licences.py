"""Licences by the names that people know them under."""

import csv
from pathlib import Path

import pytest

from documents.licences import product, products
from rosters.verdicts import FREE_LICENCES

TABLE = Path(__file__).parents[2] / "documents" / "skus.csv"


@pytest.mark.parametrize(
    ("licence", "name"),
    [
        ("O365_BUSINESS_PREMIUM", "Microsoft 365 Business Standard"),
        ("SPB", "Microsoft 365 Business Premium"),
        (" spe_f1 ", "Microsoft 365 F3"),
        ("Microsoft_365_E5_(no_Teams)", "Microsoft 365 E5 (no Teams)"),
        ("AAD_PREMIUM", "Microsoft Entra ID P1"),
        ("A_NEW_SKU", "A_NEW_SKU"),
        ("Microsoft 365 E3", "Microsoft 365 E3"),
        ("", ""),
    ],
)
def test_a_part_number_becomes_its_product_and_anything_else_stays(licence: str, name: str) -> None:
    assert product(licence) == name


def test_the_table_has_each_part_number_once_in_order_and_in_capitals() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        numbers = [row["part_number"] for row in csv.DictReader(file)]
    assert numbers == sorted(set(numbers))
    assert numbers == [number.strip().upper() for number in numbers]


def test_the_table_knows_the_licences_that_msps_meet() -> None:
    assert len(products()) > 200
    assert all(name == name.strip() and name for name in products().values())


def test_every_free_licence_that_is_named_by_its_part_number_has_a_name() -> None:
    numbers = [licence for licence in FREE_LICENCES if licence == licence.upper() and "*" not in licence]
    assert [number for number in numbers if number not in products()] == []
