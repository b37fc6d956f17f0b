"""What was silently not billed, or billed twice, is found; and nothing is found where a run billed what was due."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import settings

from billing.agreement import Discount, Reduction, bill_dates
from billing.calendar import Period, always
from billing.invoice import draft_invoice
from billing.prices import Usage
from billing.quantities import Measure, Reading
from billing.snapshot import BilledCharge
from checks.gaps import search
from checks.records import Finding, Record
from tests.billing.books_at_random import THROUGH, random_client
from tests.billing.build import agreement, day, days, flat, line, one_off, per_unit, snapshot, steps
from tests.billing.issued import MONTHLY, THREE_MONTHS, bill, issued, told, without
from tests.billing.translated import facts_of

# The clients are tried in groups, which may run beside each other; `make mutate` has patience for a few only.
GROUPS = 10
CLIENTS_A_GROUP, CLIENTS_UNDER = 30, {"mutants": 2}


def elsewhere(entry: BilledCharge) -> Record:
    day_of_it = Period(entry.start, entry.start + timedelta(days=1))
    return Record(entry.item.kind, entry.item.name, day_of_it, entry.amount_minor)


@pytest.mark.parametrize("group", range(GROUPS))
def test_after_every_run_of_random_clients_nothing_is_found(group: int) -> None:
    size = CLIENTS_UNDER.get(settings.get_current_profile_name(), CLIENTS_A_GROUP)
    for number in range(group * size, (group + 1) * size):
        facts = facts_of(random_client(Random(number)))
        records = [elsewhere(entry) for entry in facts.billed]
        for on in bill_dates(facts.terms):
            if on > THROUGH:
                break
            draft = draft_invoice(facts, on)
            if draft is not None:
                facts, more = bill(facts, draft)
                records += more
            assert search(facts, records, on) == (), (number, on)


def test_a_month_that_no_document_charges_is_a_gap() -> None:
    facts, records = issued(MONTHLY, *THREE_MONTHS)
    (found,) = search(facts, without(records, "managed-user", "2027-02-01"), day("2027-03-01"))
    assert (found.kind, found.name, found.period) == ("gap", "managed-user", days("2027-02-01", "2027-03-01"))
    assert found.amount_minor == 3_000


def test_what_is_due_later_is_no_gap_yet() -> None:
    arrears = snapshot(agreement(line(per_unit("10")), timing="arrears"), steps(("2027-01-01", "3")))
    assert search(arrears, (), day("2027-01-31")) == ()
    assert told(search(arrears, (), day("2027-02-01"))) == [("gap", "managed-user", "2027-01-01", "2027-02-01")]


def test_a_stub_at_the_start_is_due_with_the_period_that_follows_it() -> None:
    facts = snapshot(agreement(line(flat("100")), start="2027-01-21"))
    assert search(facts, (), day("2027-01-21")) == ()
    gaps = told(search(facts, (), day("2027-02-01")))
    assert gaps == [
        ("gap", "managed-user", first, end)
        for first, end in (("2027-01-21", "2027-02-01"), ("2027-02-01", "2027-03-01"))
    ]


def test_a_client_with_a_bill_day_is_looked_at_as_of_that_day() -> None:
    terms = replace(MONTHLY.terms, bill_day=15)
    facts = replace(MONTHLY, terms=terms)
    assert search(facts, (), day("2027-01-14")) == ()
    assert told(search(facts, (), day("2027-01-15"))) == [("gap", "managed-user", "2027-01-01", "2027-02-01")]


def test_days_that_a_charge_does_not_reach_are_a_gap() -> None:
    facts, (record,) = issued(snapshot(line(flat("310"))), "2027-01-01")
    short = replace(record, period=days("2027-01-01", "2027-01-16"))
    (found,) = search(facts, (short,), day("2027-01-01"))
    assert (found.period, found.amount_minor) == (days("2027-01-16", "2027-02-01"), 16_000)


def test_a_period_that_costs_nothing_is_no_gap() -> None:
    nobody = snapshot(line(per_unit("10")), steps(("2027-02-01", "3")))
    free = snapshot(line(flat("0")))
    included = snapshot(line(per_unit("10"), included="5"), steps(("2027-01-01", "3")))
    assert [search(facts, (), day("2027-01-01")) for facts in (nobody, free, included)] == [(), (), ()]


def test_a_period_before_bills_from_is_no_gap() -> None:
    ours = replace(agreement(line(flat("100"))), bills_from=day("2027-02-01"))
    assert told(search(snapshot(ours), (), day("2027-02-01"))) == [("gap", "managed-user", "2027-02-01", "2027-03-01")]


def test_a_period_that_was_billed_elsewhere_is_no_gap() -> None:
    record = Record("line", "managed-user", days("2027-01-01", "2027-02-01"), 1_000)
    assert search(MONTHLY, (record,), day("2027-01-01")) == ()


def test_a_month_that_was_billed_elsewhere_hides_no_gap_in_the_months_beside_it() -> None:
    record = Record("line", "managed-user", days("2027-02-01", "2027-03-01"), 1_000)
    gaps = told(search(MONTHLY, (record,), day("2027-03-01")))
    assert gaps == [
        ("gap", "managed-user", first, end)
        for first, end in (("2027-01-01", "2027-02-01"), ("2027-03-01", "2027-04-01"))
    ]


def test_a_line_that_has_ended_leaves_no_gap_afterwards() -> None:
    facts, records = issued(snapshot(line(flat("100"), end="2027-02-01")), "2027-01-01")
    assert search(facts, records, day("2027-03-01")) == ()


def test_a_reversal_is_no_gap_until_another_document_was_issued() -> None:
    facts, (record,) = issued(MONTHLY, "2027-01-01")
    taken_back = replace(record, kind="adjustment", amount_minor=-3_000, number="NWC-1", reversal=True)
    following = replace(record, period=days("2027-02-01", "2027-03-01"), number="NW-2")
    assert search(facts, (record, taken_back), day("2027-01-01")) == ()
    gaps = told(search(facts, (record, taken_back, following), day("2027-02-01")))
    assert gaps == [("gap", "managed-user", "2027-01-01", "2027-02-01")]


def test_what_a_reversal_took_back_may_be_charged_again() -> None:
    facts, (record,) = issued(MONTHLY, "2027-01-01")
    taken_back = replace(record, kind="adjustment", amount_minor=-3_000, number="NWC-1", reversal=True)
    again = replace(record, number="NW-2")
    assert search(facts, (record, taken_back, again), day("2027-01-01")) == ()


def test_a_meter_that_was_read_and_not_billed_is_a_gap() -> None:
    storage = line(always(Usage(Decimal("0.50"))), count=Measure("usage", "GB"), name="storage")
    facts = replace(snapshot(storage), readings={"GB": (Reading(day("2027-01-10"), Decimal(12), "1"),)})
    assert search(facts, (), day("2027-01-01")) == ()
    assert told(search(facts, (), day("2027-02-01"))) == [("gap", "storage", "2027-01-01", "2027-02-01")]


def test_a_discount_that_nobody_took_off_is_a_gap() -> None:
    off = Discount("Loyalty", always(Reduction(percent=Decimal(10))))
    terms = replace(agreement(line(flat("100"))), discounts=(off,))
    facts, records = issued(snapshot(terms), "2027-01-01")
    (found,) = search(facts, without(records, "Loyalty", "2027-01-01"), day("2027-01-01"))
    assert found == Finding("gap", "discount", "Loyalty", days("2027-01-01", "2027-02-01"), -1_000)


def test_a_discount_of_a_line_that_nobody_took_off_is_a_gap_of_the_line_s_days() -> None:
    tenth = replace(line(flat("310"), start="2027-01-11"), discount=always(Reduction(percent=Decimal(10))))
    facts, records = issued(snapshot(agreement(tenth)), "2027-01-01")
    left = [each for each in records if each.item != "discount"]
    (found,) = search(facts, left, day("2027-01-01"))
    assert found == Finding("gap", "discount", "managed-user", days("2027-01-11", "2027-02-01"), -21_00)


def test_of_two_lines_that_have_a_discount_each_both_are_missed() -> None:
    two = [
        replace(line(flat("100"), name=name), discount=always(Reduction(percent=Decimal(10))))
        for name in ("support", "backup")
    ]
    facts, records = issued(snapshot(agreement(*two)), "2027-01-01")
    found = search(facts, [each for each in records if each.item != "discount"], day("2027-01-01"))
    assert [(gap.item, gap.name) for gap in found] == [("discount", "support"), ("discount", "backup")]


def test_a_discount_of_the_smallest_amount_is_missed_too() -> None:
    of = replace(agreement(line(flat("100"))), discounts=(Discount("Loyalty", always(Reduction(amount_minor=1))),))
    facts, records = issued(snapshot(of), "2027-01-01")
    assert len(search(facts, without(records, "Loyalty", "2027-01-01"), day("2027-01-01"))) == 1


def test_a_minimum_amount_that_nobody_made_up_for_is_a_gap() -> None:
    terms = replace(agreement(line(flat("100"))), minimum_minor=always(15_000))
    facts, records = issued(snapshot(terms), "2027-01-01")
    (found,) = search(facts, without(records, "Managed services", "2027-01-01"), day("2027-01-01"))
    assert found == Finding("gap", "minimum", "Managed services", days("2027-01-01", "2027-02-01"), 5_000)


def test_a_discount_counts_against_the_minimum_amount_that_is_looked_for() -> None:
    tenth = Discount("Loyalty", always(Reduction(percent=Decimal(10))))
    of = replace(agreement(line(flat("100"))), discounts=(tenth,), minimum_minor=always(90_01))
    facts, records = issued(snapshot(of), "2027-01-01")
    (found,) = search(facts, without(records, "Managed services", "2027-01-01"), day("2027-01-01"))
    assert (found.item, found.amount_minor) == ("minimum", 1)


def test_what_a_month_without_any_charge_lacks_is_the_minimum_amount_and_no_more() -> None:
    terms = replace(agreement(line(flat("100"))), minimum_minor=always(15_000))
    found = search(snapshot(terms), [], day("2027-01-01"))
    assert [(gap.item, gap.amount_minor) for gap in found] == [("line", 10_000), ("minimum", 5_000)]


def test_of_two_equal_one_offs_one_that_is_missing_is_a_gap() -> None:
    twice = agreement(line(flat("100")), one_offs=(one_off("2027-01-01", 500), one_off("2027-01-01", 500)))
    facts, records = issued(snapshot(twice), "2027-01-01")
    (found,) = search(facts, [each for each in records if not each.name.endswith("(2)")], day("2027-01-01"))
    assert found == Finding("gap", "one_off", "2027-01-01 Goodwill", days("2027-01-01", "2027-01-02"), 500)


def test_a_one_off_on_the_first_day_that_is_billed_here_is_a_gap_and_one_before_it_is_none() -> None:
    both = (one_off("2027-01-31", 500), one_off("2027-02-01", 700))
    ours = replace(agreement(line(flat("0")), one_offs=both), bills_from=day("2027-02-01"))
    (found,) = search(snapshot(ours), (), day("2027-02-01"))
    assert (found.name, found.amount_minor) == ("2027-02-01 Goodwill", 700)
