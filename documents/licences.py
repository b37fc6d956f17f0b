"""Microsoft's licences by the names that people know them under.

Directories name a licence by its part number. `skus.csv` has the ones that MSPs meet most: a selection made in
November 2026 from public copies of Microsoft's "Product names and service plan identifiers for licensing", of which the
newest is that of 29 October 2025. One that isn't there keeps its part number.
"""

import csv
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("skus.csv")


@cache
def products() -> dict[str, str]:
    """Every product by its part number, in capitals."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["part_number"]: row["product"] for row in csv.DictReader(file)}


def product(licence: str) -> str:
    """The product's name for a part number; what the table doesn't have stays as it is."""
    return products().get(licence.strip().upper(), licence)
