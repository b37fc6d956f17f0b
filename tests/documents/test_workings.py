# ruff: noqa: RUF001 - documents are set with en dashes and multiplication signs

from dataclasses import replace
from decimal import Decimal

from documents.format import Format
from documents.workings import workings
from tests.documents.samples import APRIL, MAY, adjustment, flat_stub, goodwill, part, recurring, segment

DOLLARS = Format("en_US", "USD")


def test_a_whole_period_shows_its_tiers_and_their_sum() -> None:
    assert workings(recurring(), DOLLARS) == ("1–31 May: 25 × $45.00 + 20 × $40.00 = $1,925.00",)


def test_an_adjustment_shows_each_stretch_and_what_was_billed_before() -> None:
    assert workings(adjustment(), DOLLARS) == (
        "1–10 Apr: 25 × $45.00 + 17 × $40.00 = $1,805.00, for 10 of 30 days",
        "11–30 Apr: 25 × $45.00 + 20 × $40.00 = $1,925.00, for 20 of 30 days",
        "Owed $1,885.00, billed before $1,805.00: $80.00 to pay",
    )


def test_money_back_is_said_to_be_given_back() -> None:
    lower = replace(adjustment(), amount_minor=-2000, owed_minor=188500, billed_minor=190500)
    assert workings(lower, DOLLARS)[-1] == "Owed $1,885.00, billed before $1,905.00: $20.00 to give back"


def test_a_flat_amount_for_some_days_shows_what_they_come_to() -> None:
    assert workings(flat_stub(), DOLLARS) == (
        "21–30 Jun: $11,000.00, for 10 of 30 days",
        "Together $3,666.67, rounded once",
    )


def test_a_minimum_shows_what_was_counted_and_what_was_priced() -> None:
    stretch = replace(segment(MAY, 31, "17", part("20", "75")), priced=Decimal(20))
    charge = replace(recurring(), segments=(stretch,), amount_minor=150000, owed_minor=150000)
    assert workings(charge, DOLLARS) == ("1–31 May: 20 × $75.00 = $1,500.00 (counted 17, priced 20)",)


def test_nothing_counted_costs_nothing() -> None:
    charge = replace(recurring(), segments=(segment(MAY, 31, "0"),), amount_minor=0, owed_minor=0)
    assert workings(charge, DOLLARS) == ("1–31 May: $0.00",)


def test_a_tiers_fee_stands_beside_its_units() -> None:
    charge = replace(recurring(), segments=(segment(APRIL, 30, "2", part("2", "0.125", "10")),))
    assert workings(charge, DOLLARS)[0] == "1–30 Apr: 2 × $0.125 + $10.00 = $10.25"


def test_a_one_off_needs_no_working() -> None:
    assert workings(goodwill(), DOLLARS) == ()
