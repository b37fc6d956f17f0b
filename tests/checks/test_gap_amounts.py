"""A gap is told with what the days that nobody charged cost at the least."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Discount, Line, Reduction
from billing.calendar import Dated, Entry, always
from billing.counting import Commitment, Counting
from billing.prices import Usage
from billing.quantities import Measure, Reading
from checks.gaps import search
from checks.records import Finding
from tests.billing.build import (
    VOLUME,
    agreement,
    day,
    days,
    flat,
    line,
    numbers,
    per_unit,
    prices,
    seat,
    snapshot,
    steps,
)
from tests.billing.issued import issued, without

STEPS = steps(("2027-01-01", "3"), ("2027-02-10", "5"), ("2027-02-20", "4"))
UNDER = {
    "a flat price": (line(flat("10")), 10_00),
    "a fixed number": (line(per_unit("28"), count=Measure("fixed", "3")), 84_00),
    "each day's number": (line(per_unit("28")), 9 * 3_00 + 10 * 5_00 + 9 * 4_00),
    "the number of the first day": (replace(line(per_unit("28")), counting=Counting(proration="next_period")), 84_00),
    "the number of the 15th": (replace(line(per_unit("28")), counting=Counting(15)), 5 * 28_00),
    "the highest number": (replace(line(per_unit("28")), counting=Counting("peak")), 113_00),
    "a minimum from the 15th on": (line(per_unit("28"), minimum=numbers((None, "0"), ("2027-02-15", "9"))), 178_00),
    "what is included": (line(per_unit("28"), included="2"), 9 * 1_00 + 10 * 3_00 + 9 * 2_00),
}


@pytest.mark.parametrize(("of", "amount_minor"), UNDER.values(), ids=UNDER)
def test_a_gap_is_told_with_what_it_costs_at_the_least(of: Line, amount_minor: int) -> None:
    facts, records = issued(snapshot(of, STEPS), "2027-01-01", "2027-02-01")
    (gap,) = search(facts, without(records, "managed-user", "2027-02-01"), day("2027-02-01"))
    assert (gap.kind, gap.period, gap.amount_minor) == ("gap", days("2027-02-01", "2027-03-01"), amount_minor)


def _from_the_15th(first: Reduction, later: Reduction) -> Dated[Reduction | None]:
    return Dated((Entry(first), Entry(later, day("2027-02-15"))))


@pytest.mark.parametrize(
    ("reductions", "off_minor"),
    [
        (always(Reduction(percent=Decimal(10))), 10_00),
        (always(Reduction(amount_minor=28_00)), 28_00),
        (_from_the_15th(Reduction(percent=Decimal(10)), Reduction(percent=Decimal(20))), 15_00),
        (_from_the_15th(Reduction(amount_minor=28_00), Reduction(amount_minor=56_00)), 42_00),
        # 1,000.3 and 1,000.7 cents are a thousand whole ones.
        (always(Reduction(percent=Decimal("10.003"))), 10_00),
        (always(Reduction(percent=Decimal("10.007"))), 10_00),
    ],
)
def test_a_discount_that_nobody_took_off_is_told_with_what_it_is_worth(
    reductions: Dated[Reduction | None], off_minor: int
) -> None:
    of = replace(agreement(line(flat("100"))), discounts=(Discount("Loyalty", reductions),))
    facts, records = issued(snapshot(of), "2027-01-01", "2027-02-01")
    (gap,) = search(facts, without(records, "Loyalty", "2027-02-01"), day("2027-02-01"))
    assert gap == Finding("gap", "discount", "Loyalty", days("2027-02-01", "2027-03-01"), -off_minor)


def test_a_minimum_amount_that_nobody_made_up_for_is_told_in_whole_cents_by_its_days() -> None:
    begun = replace(agreement(line(flat("0")), start="2027-01-17"), minimum_minor=always(100_00))
    gaps = search(snapshot(begun), (), day("2027-02-01"))
    # 15 of 31 days of 100.00 are 48.387.
    assert [gap.amount_minor for gap in gaps] == [48_38, 100_00]


def test_a_basis_is_the_number_of_that_very_day() -> None:
    of = replace(line(per_unit("28")), counting=Counting(15))
    around = steps(("2027-01-01", "1"), ("2027-01-15", "5"), ("2027-01-16", "7"))
    (gap,) = search(snapshot(of, around), (), day("2027-01-01"))
    assert gap.amount_minor == 5 * 28_00


# By volume, 26 places at 40 are 1,040 and 25 at 45 are 1,125.
FALLS = steps(("2027-02-01", "26"), ("2027-02-15", "25"))
BOUND = Commitment(day("2027-01-01"), day("2028-01-01"))
BY_VOLUME = {
    "each day's number": (line(VOLUME), (1_040_00 + 1_125_00) // 2),
    "a place that is kept": (replace(line(VOLUME), counting=Counting(removals="keep")), 1_040_00),
    "a licence term": (replace(line(VOLUME), commitment=BOUND), 1_040_00),
}


@pytest.mark.parametrize(("of", "amount_minor"), BY_VOLUME.values(), ids=BY_VOLUME)
def test_where_a_place_may_be_kept_and_more_cost_less_a_gap_is_told_with_the_lesser(
    of: Line, amount_minor: int
) -> None:
    (gap,) = search(snapshot(of, FALLS), (), day("2027-02-01"))
    assert gap.amount_minor == amount_minor


def test_a_meter_that_read_nothing_costs_its_minimum() -> None:
    storage = line(always(Usage(Decimal("0.50"))), count=Measure("usage", "GB"), name="storage", minimum="30")
    (gap,) = search(snapshot(storage), (), day("2027-02-01"))
    assert gap.amount_minor == 15_00


def test_what_a_meter_read_costs_what_it_cost_on_the_first_day() -> None:
    dearer = prices(Usage(Decimal(1)), ("2027-01-15", Usage(Decimal(2)), None))
    storage = line(dearer, count=Measure("usage", "GB"), name="storage")
    readings = {"GB": (Reading(day("2027-01-20"), Decimal(12), "1"),)}
    (gap,) = search(replace(snapshot(storage), readings=readings), (), day("2027-02-01"))
    assert gap.amount_minor == 12_00


def test_a_month_of_less_than_a_cent_is_a_gap_where_it_would_be_billed_as_one() -> None:
    assert [gap.amount_minor for gap in search(snapshot(line(flat("0.006"))), (), day("2027-01-01"))] == [1]


@pytest.mark.parametrize(("monthly", "amounts_minor"), [("0.012", []), ("0.02", [1])])
def test_days_that_a_charge_does_not_reach_are_a_gap_from_a_cent_on(monthly: str, amounts_minor: list[int]) -> None:
    facts, (record,) = issued(snapshot(agreement(line(flat(monthly)), start="2027-02-01")), "2027-02-01")
    half = replace(record, period=days("2027-02-01", "2027-02-15"))
    assert [gap.amount_minor for gap in search(facts, (half,), day("2027-02-01"))] == amounts_minor


def test_seats_are_looked_at_as_stated_numbers_are() -> None:
    facts = snapshot(line(per_unit("10")), seats=[seat(1, "2027-01-05")], counted="2027-01-05")
    (found,) = search(facts, (), day("2027-01-01"))
    assert found.amount_minor == 871


def test_a_price_that_begins_within_the_month_is_enough_for_a_gap() -> None:
    later = prices(flat("0"), ("2027-01-31", flat("31"), None))
    (found,) = search(snapshot(line(later)), (), day("2027-01-01"))
    assert found.amount_minor == 100
