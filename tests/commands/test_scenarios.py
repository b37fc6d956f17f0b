"""The worked examples to the cent, through the use cases and a database."""

import pytest

from tests.support.books import client, stating
from tests.support.msp import Msp, amounts, crowd, of


@pytest.fixture
def growing(msp: Msp) -> Msp:
    """Scenario 1 until April: 42 users by graduated tiers since January, April billed."""
    msp.imports(client(quantities=stating(("2027-01-01", "42"))))
    msp.count(*crowd(42), since="2027-01-01")
    for month in ("01", "02", "03", "04"):
        assert of(msp.bill(f"2027-{month}-01")).total_minor == 180_500
    return msp


def test_growth_in_mid_month_is_billed_by_days_beside_the_next_month(growing: Msp) -> None:
    growing.on("2027-04-11").hire("new1", "new2")
    growing.sync()
    growing.hire("new3")
    growing.sync()
    growing.approve()
    growing.bill("2027-05-01")
    document = growing.document("NW-000005")
    assert amounts(document) == [("recurring", "2027-05-01", "1925.00"), ("adjustment", "2027-04-01", "80.00")]
    assert document["total"] == "2005.00"
