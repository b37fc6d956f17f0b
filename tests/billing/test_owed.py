"""What one item owes for one service period, to the cent."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from billing.agreement import Agreement, Line
from billing.calendar import Period
from billing.counting import Commitment, Counting
from billing.draft import Charge, Counted, Stretch
from billing.owed import cycle_amount, line_owed, one_off_owed
from billing.prices import PriceModel
from billing.quantities import Measure, Step
from tests.billing.build import (
    FULL,
    GRADUATED,
    VOLUME,
    agreement,
    day,
    days,
    flat,
    line,
    numbers,
    one_off,
    per_unit,
    prices,
    snapshot,
    steps,
    terms,
)

APRIL = days("2027-04-01", "2027-05-01")


def _owed(
    of: Agreement, quantities: tuple[Step, ...] = (), cycle: Period = APRIL, currency: str = "USD"
) -> Charge | None:
    client = terms(of, currency=currency)
    counts = snapshot(client, quantities).counts(day("2030-01-01"))
    return line_owed(client, of, of.lines[0], cycle, counts)


def _amount(of: Agreement, *quantities: tuple[str, str], cycle: Period = APRIL, currency: str = "USD") -> int:
    owed = _owed(of, steps(*quantities), cycle, currency)
    assert owed is not None
    return owed.amount_minor


@pytest.mark.parametrize(
    ("quantity", "amount_minor"), [("0", 0), ("17", 20 * 75_00), ("20", 20 * 75_00), ("22", 22 * 75_00)]
)
def test_a_day_counts_at_least_the_minimum(quantity: str, amount_minor: int) -> None:
    of = agreement(line(per_unit("75"), minimum="20" if quantity != "0" else "0"))
    assert _amount(of, ("2027-01-01", quantity)) == amount_minor


def test_a_minimum_is_owed_although_nobody_is_there() -> None:
    assert _amount(agreement(line(per_unit("75"), minimum="20"))) == 1500_00


@pytest.mark.parametrize(("quantity", "amount_minor"), [("3", 0), ("5", 0), ("6", 10_00), ("12", 70_00)])
def test_included_units_are_free_and_never_a_credit(quantity: str, amount_minor: int) -> None:
    assert _amount(agreement(line(per_unit("10"), included="5")), ("2027-01-01", quantity)) == amount_minor


def test_the_minimum_comes_before_what_is_included() -> None:
    of = agreement(line(per_unit("10"), minimum="20", included="5"))
    assert _amount(of, ("2027-01-01", "3")) == 150_00


def test_the_tiers_price_what_is_left_after_minimum_and_included() -> None:
    of = agreement(line(GRADUATED, minimum="30", included="2"))
    assert _amount(of, ("2027-01-01", "10")) == 25 * 45_00 + 3 * 40_00


def test_minimum_and_included_are_taken_day_by_day() -> None:
    of = agreement(line(per_unit("30"), minimum=numbers((None, "1"), ("2027-04-11", "4")), included="1"))
    # Ten days of 2 - 1, twenty days of 4 - 1, at a dollar a day.
    assert _amount(of, ("2027-01-01", "2")) == 10_00 + 60_00


@pytest.mark.parametrize(
    ("price", "amount_minor"), [(GRADUATED, 1885_00), (VOLUME, 1760_00), (per_unit("30"), 1320_00), (flat("99"), 99_00)]
)
def test_each_day_counts_its_own_quantity_under_every_model(price: PriceModel, amount_minor: int) -> None:
    assert _amount(agreement(line(price)), ("2027-01-01", "42"), ("2027-04-11", "45")) == amount_minor


@pytest.mark.parametrize(
    ("start", "end", "amount_minor"),
    [
        ("2027-04-01", None, 100_00),
        ("2027-04-30", None, 3_33),
        ("2027-04-02", None, 96_67),
        ("2027-01-01", "2027-04-02", 3_33),
        ("2027-01-01", "2027-04-30", 96_67),
        ("2027-04-11", "2027-04-21", 33_33),
    ],
)
def test_a_period_that_is_cut_is_weighted_by_the_days_of_its_whole_cycle(
    start: str, end: str | None, amount_minor: int
) -> None:
    assert _amount(agreement(line(flat("100")), start=start, end=end)) == amount_minor


def test_nothing_is_owed_outside_the_agreement() -> None:
    assert _owed(agreement(line(flat("100")), start="2027-05-01")) is None


@pytest.mark.parametrize(
    ("months", "anchor", "cycle", "amount_minor"),
    [
        (3, "2027-01-01", ("2027-04-01", "2027-07-01"), 300_00 * 10 // 91),
        (12, "2027-01-01", ("2027-01-01", "2028-01-01"), 300_00 * 10 // 365),
        (12, "2028-02-29", ("2027-02-28", "2028-02-29"), 300_00 * 10 // 366),
    ],
)
def test_the_denominator_is_the_whole_cycle_whatever_its_length(
    months: int, anchor: str, cycle: tuple[str, str], amount_minor: int
) -> None:
    of = agreement(
        line(flat("300"), start="2027-04-11", end="2027-04-21"), months=months, anchor=anchor, start="2026-01-01"
    )
    owed = _owed(of, (), days(*cycle))
    assert owed is not None
    assert abs(owed.amount_minor - amount_minor) <= 1
    assert owed.segments[0].cycle_days == days(*cycle).days


def test_a_price_that_changes_weights_each_day_with_its_own() -> None:
    of = agreement(line(prices(flat("10000"), ("2027-04-11", flat("11000"), None))))
    assert _amount(of) == 10_666_67


def test_an_amount_is_rounded_once_and_not_a_segment_at_a_time() -> None:
    # 1/30 + 1/30 + 28/30 of 10.00: the parts by themselves would round to 0.33 + 0.33 + 9.33 = 9.99.
    of = agreement(line(per_unit("10")))
    owed = _owed(of, steps(("2027-01-01", "1"), ("2027-04-02", "2"), ("2027-04-03", "1"), ("2027-04-04", "1")))
    assert owed is not None
    assert len(owed.segments) == 3
    assert owed.amount_minor == 10_33


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 33), ("KWD", 33_333), ("USD", 33_33)])
def test_the_rounding_is_to_the_digits_of_the_currency(currency: str, amount: int) -> None:
    assert _amount(agreement(line(flat("100"), end="2027-04-11")), currency=currency) == amount


def test_the_quantity_is_the_one_of_the_last_day_before_minimum_and_included() -> None:
    owed = _owed(
        agreement(line(per_unit("75"), minimum="20", included="2")), steps(("2027-01-01", "3"), ("2027-04-30", "4"))
    )
    assert owed is not None
    assert owed.quantity == 4


def test_a_fixed_number_needs_no_counting() -> None:
    of = agreement(line(per_unit("12.50"), count=Measure("fixed", "3")))
    assert _amount(of) == 37_50


def test_what_nobody_counted_is_none() -> None:
    assert _amount(agreement(line(per_unit("80"), count=Measure("licence", "O365"))), ("2027-01-01", "5")) == 0


def test_a_cycle_s_amount_takes_the_terms_of_the_day() -> None:
    support = line(prices(per_unit("80"), ("2027-04-11", per_unit("90"), None)), minimum="2")
    assert cycle_amount(support, day("2027-04-10"), steps(("2027-01-01", "1"))[0].quantity) == Fraction(160)
    assert cycle_amount(support, day("2027-04-11"), steps(("2027-01-01", "1"))[0].quantity) == Fraction(180)


def test_equal_one_offs_are_items_of_their_own() -> None:
    same = one_off("2027-04-10", -2500)
    alike = agreement(one_offs=(same, same, one_off("2027-04-11", -2500))), agreement(name="Other", one_offs=(same,))
    assert len({owed.item.name for owed in one_off_owed(terms(*alike))}) == 4


def test_a_text_that_looks_like_a_second_one_off_is_still_another_item() -> None:
    same = one_off("2027-04-10", 100)
    imitation = one_off("2027-04-10", 100, text="Goodwill (2)")
    names = [owed.item.name for owed in one_off_owed(terms(agreement(one_offs=(same, same, imitation))))]
    assert len(set(names)) == 3


def test_the_segments_name_their_days_quantity_and_price() -> None:
    owed = _owed(agreement(line(per_unit("75"), minimum="20")), steps(("2027-01-01", "17"), ("2027-04-15", "22")))
    assert owed is not None
    assert [(s.period, int(s.quantity), int(s.priced), int(s.cycle_amount)) for s in owed.segments] == [
        (days("2027-04-01", "2027-04-15"), 17, 20, 1500),
        (days("2027-04-15", "2027-05-01"), 22, 22, 1650),
    ]
    assert owed.measure == FULL


def _rests_on(of: Line, *quantities: tuple[str, str]) -> object:
    owed = _owed(agreement(of), steps(*quantities))
    assert owed is not None
    return owed.basis


def test_a_number_that_is_each_days_own_rests_on_nothing_else() -> None:
    assert _rests_on(line(per_unit("30")), ("2027-01-01", "10"), ("2027-04-11", "12")) is None


@pytest.mark.parametrize("fixed", [line(flat("99")), line(per_unit("30"), count=Measure("fixed", "3"))])
def test_nor_does_one_that_is_fixed_or_none_however_it_is_counted(fixed: Line) -> None:
    assert _rests_on(replace(fixed, counting=Counting(removals="keep")), ("2027-01-01", "10")) is None


def test_a_number_that_is_counted_otherwise_rests_on_each_days_own() -> None:
    peak = replace(line(per_unit("30")), counting=Counting("peak"))
    assert _rests_on(peak, ("2027-01-01", "10"), ("2027-04-11", "12"), ("2027-04-21", "9")) == Counted(
        Counting("peak"),
        (
            Stretch(days("2027-04-01", "2027-04-11"), Decimal(10), Decimal(10)),
            Stretch(days("2027-04-11", "2027-04-21"), Decimal(12), Decimal(12)),
            Stretch(days("2027-04-21", "2027-05-01"), Decimal(9), Decimal(9)),
        ),
    )


def test_a_committed_number_rests_on_what_was_wanted_and_on_what_the_term_let_through() -> None:
    bound = replace(line(per_unit("30")), commitment=Commitment(day("2027-01-01"), day("2028-01-01")))
    # Ten are bound since January; the fall to 8 is put off, and the rise to 12 isn't.
    assert _rests_on(bound, ("2027-01-01", "10"), ("2027-04-06", "8"), ("2027-04-21", "12")) == Counted(
        Counting(),
        (
            Stretch(days("2027-04-01", "2027-04-06"), Decimal(10), Decimal(10)),
            Stretch(days("2027-04-06", "2027-04-21"), Decimal(8), Decimal(10)),
            Stretch(days("2027-04-21", "2027-05-01"), Decimal(12), Decimal(12)),
        ),
    )


def test_where_nothing_was_ever_counted_it_rests_on_nobody() -> None:
    keep = replace(line(per_unit("30"), minimum="1"), counting=Counting(removals="keep"))
    assert _rests_on(keep) == Counted(Counting(removals="keep"), (Stretch(APRIL, Decimal(0), Decimal(0)),))
