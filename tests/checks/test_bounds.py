"""Safety bounds at their limits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Agreement, Discount, Reduction
from billing.calendar import Cycle, always
from billing.invoice import draft_invoice
from billing.snapshot import Snapshot
from checks.bounds import Ahead, Breach, CatchUp, Unbilled, breaches, earliest_without_a_biller
from tests.billing.build import agreement, day, flat, line, one_off, per_unit, snapshot, steps
from tests.billing.issued import NO_REASONS, after, codes, hits, metered

# Catching up.


@pytest.mark.parametrize(("on", "hit"), [("2027-07-01", []), ("2027-08-01", ["R19"])])
def test_six_earlier_periods_of_a_line_are_caught_up_and_no_more(on: str, hit: list[str]) -> None:
    assert codes(snapshot(line(flat("10"))), on) == hit


@pytest.mark.parametrize(("on", "hit"), [("2028-12-01", []), ("2029-01-01", []), ("2029-02-01", ["R19"])])
def test_what_ended_more_than_a_year_ago_is_not_caught_up(on: str, hit: list[str]) -> None:
    assert codes(snapshot(agreement(line(flat("10")), months=12)), on) == hit


def test_a_catch_up_says_how_many_periods_since_when_and_how_much() -> None:
    (breach,) = hits(snapshot(line(flat("10"))), "2027-08-01")
    assert breach == Breach("R19", CatchUp("managed-user", 7, day("2027-01-01")), 7_000)


def test_each_line_is_counted_by_itself() -> None:
    lines = (line(flat("10"), name=name) for name in ("support", "backup"))
    assert codes(snapshot(agreement(*lines)), "2027-07-01") == []


# Ahead.


@pytest.mark.parametrize(("today", "hit"), [("2026-02-01", []), ("2026-01-31", ["R20"])])
def test_a_bill_date_lies_eleven_months_ahead_at_most(today: str, hit: list[str]) -> None:
    assert codes(snapshot(line(flat("10"))), "2027-01-01", today=today) == hit


@pytest.mark.parametrize(("months", "hit"), [(36, []), (37, ["R20"])])
def test_three_years_are_paid_in_advance_at_most(months: int, hit: list[str]) -> None:
    assert codes(snapshot(agreement(line(flat("10")), months=months)), "2027-01-01") == hit


def test_what_lies_ahead_is_told_by_its_last_day() -> None:
    (breach,) = hits(snapshot(agreement(line(flat("10")), months=48)), "2027-01-01")
    assert breach == Breach("R20", Ahead(day("2030-12-31"), "managed-user"), 10_00)
    (far,) = hits(snapshot(line(flat("10"))), "2027-01-01", today="2026-01-31")
    assert far == Breach("R20", Ahead(day("2027-01-01")))


def test_nothing_to_bill_lies_nowhere() -> None:
    assert codes(snapshot(line(flat("0"))), "2027-01-01", today="2020-01-01") == []


# Earlier periods.


def late(facts: Snapshot, on: str) -> list[Unbilled]:
    hit = breaches(facts, draft_invoice(facts, day(on)), day(on), day(on), NO_REASONS)
    return [each.cause for each in hit if isinstance(each.cause, Unbilled)]


def test_an_earlier_month_is_listed_with_its_days_and_money() -> None:
    (unbilled,) = late(snapshot(line(flat("10"))), "2027-02-01")
    ((name, period, amount_minor),) = unbilled.entries
    assert (name, period.start, period.end, amount_minor) == (
        "managed-user",
        day("2027-01-01"),
        day("2027-02-01"),
        1_000,
    )


def test_what_is_listed_comes_with_all_of_its_money() -> None:
    facts = snapshot(line(flat("10")))
    hit = breaches(facts, draft_invoice(facts, day("2027-03-01")), day("2027-03-01"), day("2027-03-01"), NO_REASONS)
    assert [(each.code, each.amount_minor, each.holds) for each in hit] == [("R16", 20_00, False)]


def test_a_one_off_on_a_bill_date_in_arrears_is_late_on_the_next() -> None:
    of = agreement(line(flat("0")), one_offs=(one_off("2027-02-01", 500, known="2027-02-15"),), timing="arrears")
    assert len(late(snapshot(of), "2027-03-01")) == 1


def test_an_adjustment_is_listed_and_a_first_bill_in_time_is_not() -> None:
    learnt = steps(("2027-01-01", "3"), ("2027-01-10", "4", "2027-01-20"))
    facts = snapshot(line(per_unit("10")), learnt)
    assert late(facts, "2027-01-01") == []
    (unbilled,) = late(after(facts, "2027-01-01"), "2027-02-01")
    assert [amount for *_, amount in unbilled.entries] == [710]


def test_what_is_given_back_of_an_agreement_that_is_gone_is_listed() -> None:
    old = agreement(line(flat("0")), one_offs=(one_off("2027-01-01", 5_00),), name="Old")
    new = snapshot(agreement(line(flat("0")), name="New"))
    billed = after(snapshot(old), "2027-01-01")
    (unbilled,) = late(replace(billed, terms=new.terms), "2027-02-01")
    assert [(name, amount) for name, _, amount in unbilled.entries] == [("2027-01-01 Goodwill", -5_00)]


def test_an_adjustment_is_listed_also_where_its_own_bill_date_is_none_any_more() -> None:
    billed = after(snapshot(line(flat("31"))), "2027-01-01")
    (owner,) = billed.terms.agreements
    moved = replace(owner, cycle=Cycle(1, day("2027-01-15")))
    (unbilled,) = late(replace(billed, terms=replace(billed.terms, agreements=(moved,))), "2027-01-15")
    assert [amount for *_, amount in unbilled.entries] == [-17_00]


@pytest.mark.parametrize(
    "of", [agreement(line(flat("10")), timing="arrears"), agreement(line(flat("10")), start="2027-01-20")]
)
def test_what_falls_due_on_the_bill_date_is_not_late(of: Agreement) -> None:
    assert late(snapshot(of), "2027-02-01") == []


def test_a_reading_is_billed_in_time_after_its_month() -> None:
    assert late(metered("2027-01-10"), "2027-02-01") == []


def test_a_discount_and_a_minimum_that_follow_a_meter_are_billed_in_time_after_its_month() -> None:
    (storage,) = metered().terms.lines()
    tenth = Discount("D", always(Reduction(percent=Decimal(10))))
    of = agreement(line(flat("100")), storage)
    of = replace(of, discounts=(tenth,), minimum_minor=always(500_00))
    facts = after(replace(snapshot(of), readings=metered("2027-01-10").readings), "2027-01-01")
    assert late(facts, "2027-02-01") == []
    (unbilled,) = late(facts, "2027-03-01")
    assert {name for name, *_ in unbilled.entries} == {"managed-user", "storage", "D", "Managed services"}


def test_a_one_off_of_the_month_before_is_not_late_and_one_learnt_later_is() -> None:
    assert late(snapshot(agreement(line(flat("0")), one_offs=(one_off("2027-01-15", 500),))), "2027-02-01") == []
    learnt = one_off("2026-12-15", 500, known="2027-01-15")
    of = agreement(line(flat("0")), one_offs=(learnt,), start="2026-12-01")
    assert len(late(snapshot(of), "2027-02-01")) == 1


def test_an_approver_reaches_back_a_quarter() -> None:
    assert earliest_without_a_biller(day("2027-05-31")) == day("2027-02-28")
