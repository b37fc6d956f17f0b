"""The days on which a client is billed."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import pytest

from billing.agreement import Agreement, Terms, bill_dates, next_bill_date
from rosters.quote import month_by_month
from tests.billing.build import agreement, day, flat, line, snapshot, terms


def _dates(of: Terms, count: int, start: str | None = None) -> list[str]:
    return [str(each) for each in islice(bill_dates(of, day(start) if start else None), count)]


@pytest.mark.parametrize(
    ("of", "dates"),
    [
        (agreement(start="2027-01-01"), ["2027-01-01", "2027-02-01", "2027-03-01"]),
        (agreement(start="2027-01-02"), ["2027-02-01", "2027-03-01", "2027-04-01"]),
        (agreement(anchor="2026-01-31"), ["2027-01-31", "2027-02-28", "2027-03-31"]),
        (agreement(start="2028-01-01", anchor="2024-02-29"), ["2028-01-29", "2028-02-29", "2028-03-29"]),
        (agreement(months=3, anchor="2026-12-15"), ["2027-01-15", "2027-02-15", "2027-03-15"]),
    ],
)
def test_a_client_is_billed_each_month_from_the_anchor_on_after_the_start(of: Agreement, dates: Sequence[str]) -> None:
    assert _dates(terms(of), 3) == dates


def test_two_agreements_are_billed_on_the_days_of_both_each_day_once() -> None:
    both = terms(agreement(), agreement(name="B", start="2027-01-20", anchor="2027-01-15"), agreement(name="C"))
    assert _dates(both, 4) == ["2027-01-01", "2027-02-01", "2027-02-15", "2027-03-01"]


@pytest.mark.parametrize(
    ("bill_day", "dates"),
    [
        (1, ["2027-02-01", "2027-03-01", "2027-04-01"]),
        (15, ["2027-01-15", "2027-02-15", "2027-03-15"]),
        (31, ["2027-01-31", "2027-02-28", "2027-03-31"]),
    ],
)
def test_a_clients_own_day_takes_the_place_of_every_anchor(bill_day: int, dates: Sequence[str]) -> None:
    both = terms(agreement(start="2027-01-05"), agreement(name="B", start="2027-01-20", months=12, anchor="2027-01-20"))
    assert _dates(replace(both, bill_day=bill_day), 3) == dates


def test_dates_may_be_asked_for_from_a_day_on() -> None:
    assert _dates(terms(agreement()), 2, "2027-05-02") == ["2027-06-01", "2027-07-01"]
    assert _dates(terms(agreement()), 1, "2026-05-02") == ["2027-01-01"]
    assert next_bill_date(terms(agreement()), day("2027-05-01")) == day("2027-05-01")


def test_a_client_without_an_agreement_is_never_billed() -> None:
    assert next_bill_date(terms(), day("2027-05-01")) is None


def test_on_a_clients_own_day_each_line_keeps_its_cycle_and_all_come_on_one_invoice() -> None:
    monthly = agreement(line(flat("310"), name="a"), start="2027-01-01")
    mid_month = agreement(line(flat("100"), name="b"), name="B", start="2027-01-10", anchor="2027-01-10")
    facts = snapshot(replace(terms(monthly, mid_month), bill_day=15))
    january, february = month_by_month(facts, day("2027-02-15"))
    charged = [(c.item.name, str(c.cycle.start), c.amount_minor) for c in january.charges]
    assert (january.bill_date, charged) == (
        day("2027-01-15"),
        [("a", "2027-01-01", 310_00), ("b", "2027-01-10", 100_00)],
    )
    assert [str(c.cycle.start) for c in february.charges] == ["2027-02-01", "2027-02-10"]


def test_in_arrears_a_clients_own_day_bills_what_is_over_by_then() -> None:
    of = agreement(line(flat("310")), timing="arrears")
    dates = [
        str(each.bill_date) for each in month_by_month(snapshot(replace(terms(of), bill_day=15)), day("2027-03-15"))
    ]
    assert dates == ["2027-02-15", "2027-03-15"]
