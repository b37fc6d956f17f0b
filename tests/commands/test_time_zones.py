"""A day is the client's own, whatever the machine's clock shows, and however many hours it has."""

from datetime import UTC, datetime

import pytest

from tests.billing.build import agreement, line, per_unit
from tests.support.books import client
from tests.support.msp import Msp, amounts, played_once


@pytest.fixture
@played_once
def auckland(msp: Msp) -> Msp:
    """A client in Auckland that pays 30 dollars a user a month, with Ann since January."""
    msp.imports(client(agreement(line(per_unit("30")), timing="arrears"), timezone="Pacific/Auckland", currency="NZD"))
    msp.count("ann", since="2027-01-01")
    return msp


def joined_at(msp: Msp, moment: datetime) -> str:
    """The day from which Bo counts who is first seen at a moment."""
    msp.moment = moment
    msp.hire("bo")
    msp.sync()
    (item,) = msp.pending().items
    return str(item.effective)


def test_half_past_eleven_at_night_in_auckland_is_still_aucklands_day(auckland: Msp) -> None:
    assert joined_at(auckland, datetime(2027, 4, 10, 11, 30, tzinfo=UTC)) == "2027-04-10"


def test_an_hour_later_it_is_aucklands_next_day_although_it_is_yesterday_in_london(auckland: Msp) -> None:
    assert joined_at(auckland, datetime(2027, 4, 10, 12, 30, tzinfo=UTC)) == "2027-04-11"


@pytest.mark.parametrize(
    ("moment", "month", "bill_date", "charged"),
    [
        # Clocks go back on Sunday, 4 April, and forward on 26 September: 27 and 5 of 30 days, the changed one included.
        (datetime(2027, 4, 3, 11, 30, tzinfo=UTC), "2027-04-01", "2027-05-01", "57.00"),
        (datetime(2027, 9, 25, 12, 30, tzinfo=UTC), "2027-09-01", "2027-10-01", "35.00"),
    ],
    ids=["25 hours", "23 hours"],
)
def test_a_day_of_23_or_25_hours_counts_as_one_day(
    auckland: Msp, moment: datetime, month: str, bill_date: str, charged: str
) -> None:
    joined_at(auckland, moment)
    auckland.approve()
    assert ("recurring", month, charged) in amounts(auckland.preview(bill_date))


def test_the_bill_date_comes_with_the_clients_own_midnight(auckland: Msp) -> None:
    auckland.moment = datetime(2027, 4, 30, 11, 59, tzinfo=UTC)
    assert auckland.preview()["bill_date"] == "2027-05-01"
    auckland.moment = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)
    assert auckland.preview()["bill_date"] == "2027-06-01"
